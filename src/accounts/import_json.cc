#include "accounts/import_json.h"

#include <iterator>
#include <nlohmann/json.hpp>

namespace accounts {
namespace {

using base::Result;
using nlohmann::json;

constexpr std::size_t kPieceBytes = 16UL << 10;
// Between two values: a longest cell, each letter of it escaped, and white space.
constexpr std::size_t kSilenceBytes = 64UL << 10;

/// The file's bytes, with the place at which the last string began.
class Letters {
 public:
  explicit Letters(const ImportSource& source) : source_(source), piece_(kPieceBytes) { fill(); }

  bool done() const { return size_ == 0; }
  char now() const { return static_cast<char>(piece_[at_]); }
  void next() {
    note(now());
    ++at_;
    if (++silent_ > kSilenceBytes) {
      too_long_ = true;
      size_ = 0;
    }
    if (at_ == size_) fill();
  }

  /// A value has been read.
  void heard() { silent_ = 0; }
  Place string_began() const { return string_; }
  Place place() const { return place_; }
  bool too_long() const { return too_long_; }
  const base::Result<void>& outcome() const { return outcome_; }

 private:
  void fill() {
    at_ = 0;
    size_ = 0;
    if (!outcome_.ok() || too_long_) return;
    const auto read = source_(piece_);
    if (read.ok())
      size_ = *read;
    else
      outcome_ = read.error();
  }
  void note(char letter) {
    if (in_string_) {
      if (escaped_)
        escaped_ = false;
      else if (letter == '\\')
        escaped_ = true;
      else if (letter == '"')
        in_string_ = false;
    } else if (letter == '"') {
      in_string_ = true;
      string_ = place_;
    }
    if (letter == '\n')
      place_ = {place_.line + 1, 1};
    else if ((static_cast<std::uint8_t>(letter) & 0xC0U) != 0x80U)
      ++place_.column;
  }

  const ImportSource& source_;
  base::Bytes piece_;
  std::size_t at_ = 0, size_ = 0, silent_ = 0;
  bool in_string_ = false, escaped_ = false, too_long_ = false;
  Place place_, string_;
  Result<void> outcome_;
};

/// What the parser reads from; it looks one letter ahead at most.
struct Cursor {
  // NOLINTBEGIN(readability-identifier-naming): the standard names them.
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;
  // NOLINTEND(readability-identifier-naming)

  Letters* letters = nullptr;  // nothing: the end

  char operator*() const { return letters->now(); }
  Cursor& operator++() {
    letters->next();
    return *this;
  }
  bool operator==(const Cursor& other) const { return over() == other.over(); }
  bool over() const { return letters == nullptr || letters->done(); }
};

/// Takes the parser's events; false ends it.
class Events {
 public:
  Events(Letters& letters, const ImportSink& sink) : letters_(letters), sink_(sink) {}

  // The names are the parser's.
  bool null() { return value({}); }
  bool boolean(bool) { return not_text(); }
  bool number_integer(json::number_integer_t) { return not_text(); }
  bool number_unsigned(json::number_unsigned_t) { return not_text(); }
  bool number_float(json::number_float_t, const std::string&) { return not_text(); }
  bool binary(json::binary_t&) { return not_text(); }
  bool string(std::string& text) { return value(std::move(text)); }
  bool start_array(std::size_t) {
    if (within_ != Within::file) return not_text();
    return enter(Within::list);
  }
  bool end_array() { return enter(Within::behind); }
  bool start_object(std::size_t) {
    if (within_ != Within::list) return within_ == Within::file ? no_list() : not_text();
    row_ = {};
    row_.at = {letters_.place().line, letters_.place().column - 1};
    return enter(Within::person);
  }
  bool key(std::string& name) {
    letters_.heard();
    column_ = import_column(name);
    if (!column_)
      return broken(letters_.string_began(),
                    "no such member; there are email, legal_name, language, password_hash, "
                    "hash_algorithm and created_at");
    if (row_[*column_]) return broken(letters_.string_began(), "this member stands there twice");
    return true;
  }
  bool end_object() {
    enter(Within::list);
    auto on = sink_.row(row_);
    if (on.ok()) return *on;
    outcome_ = on.error();
    return false;
  }
  bool parse_error(std::size_t, const std::string&, const json::exception&) {
    if (!letters_.outcome().ok()) return false;
    if (letters_.too_long())
      return broken(letters_.place(), "a text is longer than 4096 bytes; is a quote missing?");
    broken(letters_.place(), "this is no JSON, or it ends too early");
    return false;
  }

  const Result<void>& outcome() const { return outcome_; }

 private:
  enum class Within : std::uint8_t { file, list, person, behind };

  bool enter(Within where) {
    letters_.heard();
    within_ = where;
    return true;
  }
  bool value(std::string text) {
    letters_.heard();
    if (within_ == Within::file) return no_list();
    if (within_ != Within::person) return not_text();
    if (text.size() > import_cell_bytes_max)
      return broken(letters_.string_began(), "the text is longer than 4096 bytes");
    row_[*column_] = ImportCell{letters_.string_began(), std::move(text)};
    return true;
  }
  bool no_list() { return broken({1, 1}, "the file is a list of objects: [{\"email\": …}, …]"); }
  bool not_text() {
    return broken(letters_.place(), "only texts and null belong here, in objects within one list");
  }
  bool broken(Place at, base::Literal what) {
    sink_.broken({at, what});
    return false;
  }

  Letters& letters_;
  const ImportSink& sink_;
  Within within_ = Within::file;
  ImportRow row_;
  std::optional<ImportColumn> column_;
  Result<void> outcome_;
};

}  // namespace

Result<void> read_import_json(const ImportSource& source, const ImportSink& sink) {
  Letters letters(source);
  Events events(letters, sink);
  (void)json::sax_parse(Cursor{&letters}, Cursor{}, &events);
  TRY(letters.outcome());
  return events.outcome();
}

}  // namespace accounts
