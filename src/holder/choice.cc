#include "holder/choice.h"

#include "holder/known.h"

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kChoiceMax = 512;
constexpr std::string_view kRemote = "remote:";
constexpr std::string_view kSplit = "split:";
constexpr std::string_view kClear = "clear ";

std::string path_of(const std::string& root) { return root + "/primary"; }

std::optional<Place> parse_place(std::string_view text) {
  if (text == "file") return Place{};
  if (!text.starts_with(kRemote)) return std::nullopt;
  std::string name(text.substr(kRemote.size()));
  if (!valid_name(name)) return std::nullopt;
  return Place{Place::Kind::remote, std::move(name)};
}

std::string text_of(const Place& place) {
  return place.kind == Place::Kind::file ? "file" : std::string(kRemote) + place.name;
}

}  // namespace

Result<Choice> parse_choice(const std::string& text) {
  const Error wrong{Code::invalid,
                    "give `file`, `remote:NAME` of a paired holder, or `split:A,B` of two "
                    "different ones of these"};
  std::string_view rest = text;
  Choice choice{.places = {}};
  if (rest.starts_with(kSplit)) {
    rest.remove_prefix(kSplit.size());
    const auto comma = rest.find(',');
    const auto first = parse_place(rest.substr(0, comma));
    if (comma == std::string_view::npos || !first) return wrong;
    choice.places.push_back(*first);
    rest.remove_prefix(comma + 1);
  }
  const auto last = parse_place(rest);
  if (!last) return wrong;
  choice.places.push_back(*last);
  if (choice.split() && choice.places[0] == choice.places[1])
    return Error{Code::invalid, "both shares of a split root in one place are no split root"};
  return choice;
}

std::string text_of(const Choice& choice) {
  if (!choice.split()) return text_of(choice.places[0]);
  return std::string(kSplit) + text_of(choice.places[0]) + "," + text_of(choice.places[1]);
}

std::optional<base::Literal> warning_of(const Choice& choice) {
  if (!choice.split()) return std::nullopt;
  return kLosingAShare;
}

Result<Remembered> parse_remembered(const std::string& text) {
  const Error damaged{Code::corrupt, "the root directory's file `primary` is damaged"};
  const auto end = text.find('\n');
  const auto choice = parse_choice(text.substr(0, end));
  if (end == std::string::npos || !choice.ok()) return damaged;
  Remembered what{.choice = *choice};
  std::string_view rest = std::string_view(text).substr(end + 1);
  if (rest.empty()) return what;
  if (!rest.starts_with(kClear) || !rest.ends_with('\n')) return damaged;
  const auto clear =
      parse_choice(std::string(rest.substr(kClear.size(), rest.size() - kClear.size() - 1)));
  if (!clear.ok()) return damaged;
  what.clear = *clear;
  return what;
}

Result<Remembered> remembered(base::Disk& disk, const std::string& root) {
  const auto raw = base::read_file(disk, path_of(root), kChoiceMax);
  if (!raw.ok() && raw.code() == Code::missing) return Remembered{};
  if (!raw.ok()) return raw.error();
  return parse_remembered(std::string(base::text(*raw)));
}

Result<void> remember(base::Disk& disk, const std::string& root, const Remembered& what) {
  std::string text = text_of(what.choice) + "\n";
  if (what.clear) text += std::string(kClear) + text_of(*what.clear) + "\n";
  return base::write_file_atomically(disk, path_of(root), base::view(text));
}

}  // namespace holder
