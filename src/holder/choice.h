// Where the root of a tree is kept, as an operator says it and as the root directory remembers it.
// Owns that directory's file `primary`; opens no root.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "base/disk.h"

namespace holder {

/// A file of the root directory, or a paired holder.
struct Place {
  enum class Kind : std::uint8_t { file, remote };
  Kind kind = Kind::file;
  std::string name{};  // of the remote holder
  bool operator==(const Place&) const = default;
};

/// One place for the whole root, or two for its shares: every commit writes a new first one, and
/// the second one rests.
struct Choice {
  std::vector<Place> places = {Place{}};
  bool split() const { return places.size() == 2; }
  bool operator==(const Choice&) const = default;
};

/// `file`, `remote:NAME`, or `split:A,B` of two different ones of these. Code::invalid otherwise.
base::Result<Choice> parse_choice(const std::string& text);
std::string text_of(const Choice& choice);

/// What an operator has to know about a choice; nothing where there is nothing to say.
std::optional<base::Literal> warning_of(const Choice& choice);
/// The same of a holder, which cannot know whether what it keeps is a share.
inline constexpr base::Literal kLosingAShare =
    "where a root is split, losing either share is losing every key, and with them all data";

/// What the root directory remembers. `clear` is where a copy of the root may stand that is not in
/// force: it is destroyed before anything else.
struct Remembered {
  Choice choice;
  std::optional<Choice> clear{};
  bool operator==(const Remembered&) const = default;
};
/// A file where nothing is remembered. Code::corrupt where what is there is damaged.
base::Result<Remembered> remembered(base::Disk& disk, const std::string& root);
base::Result<void> remember(base::Disk& disk, const std::string& root, const Remembered& what);
base::Result<Remembered> parse_remembered(const std::string& text);
inline base::Result<Choice> remembered_choice(base::Disk& disk, const std::string& root) {
  Remembered now = TRY(remembered(disk, root));
  return std::move(now.choice);
}

}  // namespace holder
