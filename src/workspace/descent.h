// The way through a folder and all below it, step by step. Owns the folders that it is in: how deep
// a tree is, is up to whoever makes it, and no reason to run out of stack. Never reads or writes
// anything.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "workspace/entry.h"

namespace workspace {

/// In a piece.
inline constexpr std::size_t piece_entries = 200;

/// A piece of a folder: of as many entries as one transaction takes.
struct Piece {
  base::RecordId folder;
  base::RecordId after = {};                 // where it begins
  std::vector<base::RecordId> folders = {};  // that are in it, and are gone through one by one
  bool more = false;                         // whether leaving it is for something
  bool begun = false;                        // that folder was entered before
  std::size_t next = 0;

  void take(const std::vector<Entry>& entries) {
    for (const Entry& entry : entries)
      if (entry.kind == Kind::folder) folders.push_back(entry.folder);
  }
  bool has(base::RecordId of) const { return std::ranges::find(folders, of) != folders.end(); }
};

/// `enter(piece)` says which folders are in the next piece; `leave(piece)`, where all that is below
/// these was gone through, whether there is another. The first that fails ends it.
template <class Enter, class Leave>
base::Result<void> descend(base::RecordId top, const Enter& enter, const Leave& leave) {
  std::vector<Piece> way;
  way.push_back({top});
  TRY(enter(way.back()));
  while (!way.empty()) {
    Piece& piece = way.back();
    piece.begun = true;
    if (piece.next < piece.folders.size()) {
      Piece below{piece.folders.at(piece.next++)};
      TRY(enter(below));
      way.push_back(std::move(below));
      continue;
    }
    const bool again = TRY(leave(piece));
    if (!again) {
      way.pop_back();
      continue;
    }
    piece.folders.clear();
    piece.next = 0;
    TRY(enter(piece));
  }
  return {};
}

}  // namespace workspace
