// Child processes: this same program, started anew with one line to us. A child has none of our
// memory and of our files that line alone, as descriptor 3; it is told what to do by its arguments
// and the line, and ends when the line does. Owns no child: whoever starts one ends it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/descriptor.h"
#include "base/wait.h"

namespace base {

/// The arguments of a child, without the program's name: a hidden subcommand and what it takes.
using Words = std::vector<std::string>;

/// The two ends of a line; `theirs` goes to a child.
struct Line {
  Descriptor ours;
  Descriptor theirs;
};
enum class LineKind : std::uint8_t { messages, stream };
/// Code::unavailable where none can be had.
Result<Line> make_line(LineKind kind);
/// Whether `line` can be read within `at_most`; an end counts, too.
bool readable(int line, Duration at_most);

/// The line's number in a child.
inline constexpr int kChildLine = 3;

/// Who starts children. Safe from any thread.
class Children {
 public:
  virtual ~Children() = default;
  /// The child's process id. Code::unavailable where it cannot be started.
  virtual Result<int> start(const Words& words, const Descriptor& line) = 0;
  /// Kills it, where it still runs. To be called once for each that was started.
  virtual void end(int child) = 0;
};

/// Starts them itself: for commands, and for whoever may still open sockets.
class OwnChildren final : public Children {
 public:
  Result<int> start(const Words& words, const Descriptor& line) override;
  void end(int child) override;
};

/// Has them started by another process, which was started before this one gave up the right to
/// open sockets (base/sandbox.h), and which starts nothing but what it was told at its own start.
/// Owns that process; when it is gone nothing more can be started until we are started anew.
class Outside final : public Children {
 public:
  /// `own` makes this program run outside_for_parent(); `allowed` are the only words that it will
  /// ever start a child with.
  static Result<std::unique_ptr<Outside>> open(Wait& wait, const Words& own,
                                               const std::vector<Words>& allowed);
  ~Outside() override;
  Outside(const Outside&) = delete;
  Outside& operator=(const Outside&) = delete;

  Result<int> start(const Words& words, const Descriptor& line) override;
  void end(int child) override;

 private:
  Outside(Wait& wait, int process, Descriptor line)
      : mutex_(wait), process_(process), line_(std::move(line)) {}
  Result<int> ask(View request, const Descriptor* passed);

  Mutex mutex_;
  int process_;
  Descriptor line_;
};

/// The outer process: answers on its line until its parent is gone; the exit code.
int outside_for_parent();

}  // namespace base
