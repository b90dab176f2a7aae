// What is wrong with a notice, where, and what would be right, said as a good compiler says it.
// Owns the texts; never throws and never decides whether to go on.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace notice {

/// A place in the source, counted from 1; columns count bytes.
struct Position {
  int line = 1;
  int column = 1;
  friend auto operator<=>(const Position&, const Position&) = default;
};

enum class Severity {
  error,  // the notice is refused
  note,   // the reader should know, nothing is wrong
};

struct Diagnostic {
  Severity severity = Severity::error;
  std::string file;
  Position at;
  std::string message;
  std::string hint;  // what would be right; may be empty
};

/// `file:line:column: error: message`, and the hint on a line of its own.
std::string to_string(const Diagnostic& diagnostic);

/// Collects diagnostics of one file, in any order, at most `diagnostics_max` of them.
class Findings {
 public:
  static constexpr std::size_t diagnostics_max = 100;

  explicit Findings(std::string file) : file_(std::move(file)) {}
  void error(Position at, std::string message, std::string hint = {});
  void note(Position at, std::string message, std::string hint = {});
  bool refused() const { return errors_ > 0; }
  /// In the order of the source, each said once.
  std::vector<Diagnostic> take();

 private:
  void add(Severity severity, Position at, std::string message, std::string hint);

  std::string file_;
  std::vector<Diagnostic> found_;
  std::size_t errors_ = 0;
};

/// The candidate nearest to `word`, or empty where none is near enough to be a slip of the hand.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// "did you mean `x`?" for the nearest candidate, else "known are: a, b, c".
std::string hint_among(std::string_view word, std::span<const std::string> candidates);

}  // namespace notice
