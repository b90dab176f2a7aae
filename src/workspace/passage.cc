// What holds at every step: where an entry stands in the trash, all that is below it does. So a
// folder sinks from below, its entry after all that is in it, and rises from above; whatever a
// crash leaves in between is found from the marked folder down among the files alone, and no piece
// of it can expire over one that does not.
#include "workspace/passage.h"

#include <algorithm>

#include "workspace/descent.h"

namespace workspace {
namespace {

constexpr std::size_t kMarksMax = 64;      // that are looked into for somebody who follows a link
constexpr std::size_t kEntriesMax = 2000;  // in all of them

}  // namespace

vault::Collection Passage::collection() {
  return {kLeaving,
          "workspace_content",
          "leaving",
          {{"removed", vault::FieldKind::time, "When the folder of this id was removed"}}};
}

base::Result<Passage::Hold> Passage::hold(base::AccountId account) {
  auto held = busy_.take_over(account, tree_.clock(), trash_waits, trash_waiters_max);
  if (held) return std::move(*held);
  return base::Error{base::Code::unavailable,
                     "something else is being moved into the trash or out of it: ask again in a "
                     "moment"};
}

base::Result<void> Passage::mark(store::Tx& tx, const Permits& permits, base::RecordId folder,
                                 base::Time removed) {
  vault::Fields fields;
  fields.set("removed", removed);
  return tree_.vault().put(tx, permits.files, {kLeaving, {}, folder}, fields);
}

base::Result<void> Passage::unmark(store::Tx& tx, const Permits& permits, base::RecordId folder) {
  return tree_.vault().remove(tx, permits.files, {kLeaving, {}, folder});
}

base::Result<std::vector<Passage::Mark>> Passage::marks(store::Reader& reader,
                                                        const gate::Permit& files,
                                                        base::RecordId after,
                                                        std::size_t marks_max) {
  const auto records = TRY(tree_.vault().list(reader, files, {kLeaving, {}, after}, marks_max));
  std::vector<Mark> found;
  for (const vault::Record& record : records) {
    const auto removed = TRY(record.fields.time("removed"));
    found.push_back({record.id, removed});
  }
  return found;
}

base::Result<void> Passage::settle(const Hold& /*hold*/, base::AccountId account) {
  const auto files = TRY(tree_.ask(account, Kept::files));
  base::Result<void> outcome;
  // Somebody who did not get the hold may have left one meanwhile.
  for (bool again = true; again;) {
    again = false;
    for (base::RecordId after;;) {
      std::vector<Mark> some;
      TRY(tree_.vault().store().read([&](store::Reader& reader) -> base::Result<void> {
        some = TRY(marks(reader, files, after, piece_entries));
        return {};
      }));
      for (const Mark& mark : some) {
        auto settled = settle_marked(account, mark);
        again = again || settled.ok();
        if (!settled.ok() && outcome.ok()) outcome = std::move(settled);
      }
      if (some.size() < piece_entries) break;
      after = some.back().folder;
    }
  }
  return outcome;
}

base::Result<void> Passage::settle(const Hold& /*hold*/, base::AccountId account,
                                   base::RecordId folder) {
  const auto files = TRY(tree_.ask(account, Kept::files));
  std::optional<Mark> mark;
  TRY(tree_.vault().store().read([&](store::Reader& reader) -> base::Result<void> {
    const auto record = tree_.vault().get(reader, files, {kLeaving, {}, folder});
    if (!record.ok() && record.code() == base::Code::missing) return {};
    if (!record.ok()) return record.error();
    const auto removed = TRY(record->fields.time("removed"));
    mark = Mark{folder, removed};
    return {};
  }));
  if (!mark) return {};
  return settle_marked(account, *mark);
}

base::Result<void> Passage::settle_if_free(base::AccountId account) {
  const auto files = TRY(tree_.ask(account, Kept::files));
  bool any = false;
  TRY(tree_.vault().store().read([&](store::Reader& reader) -> base::Result<void> {
    const auto one = TRY(marks(reader, files, {}, 1));
    any = !one.empty();
    return {};
  }));
  if (!any) return {};
  const auto hold = busy_.try_hold(account);
  if (!hold) return {};  // whoever is at it already, is
  return settle(*hold, account);
}

base::Result<void> Passage::settle_marked(base::AccountId account, const Mark& mark) {
  TRY(sink(account, mark.folder, mark.removed + trash_lives));
  const auto permits = TRY(tree_.ask_to_change(account));
  return tree_.vault().store().write(
      [&](store::Tx& tx) { return unmark(tx, permits, mark.folder); });
}

base::Result<void> Passage::sink(base::AccountId account, base::RecordId folder,
                                 base::Time expires) {
  const auto permits = TRY(tree_.ask_to_change(account));
  vault::Vault& vault = tree_.vault();
  const auto enter = [&](Piece& piece) -> base::Result<void> {
    const auto entries = TRY(tree_.piece(permits.files, {kEntries, piece.folder, {}}));
    piece.take(entries);
    piece.more = !entries.empty();
    return {};
  };
  const auto put_down = [&](store::Tx& tx, const Piece& piece) -> base::Result<void> {
    for (const Entry& entry : TRY(tree_.list(tx, permits.files, piece.folder, {}, piece_entries))) {
      // One that came meanwhile has its turn with the next piece.
      if (entry.kind == Kind::folder && !piece.has(entry.folder)) continue;
      TRY(vault.remove(tx, permits.files, {kEntries, piece.folder, entry.id}));
      TRY(vault.put(tx, permits.trash, {kTrash, piece.folder, entry.id}, to_fields(entry),
                    expires));
      if (entry.kind == Kind::file)
        TRY(vault.move_content(tx, {permits.files, kContent}, {permits.trash, kTrashContent},
                               entry.content, expires));
    }
    return {};
  };
  return descend(folder, enter, [&](const Piece& piece) -> base::Result<bool> {
    if (piece.more) TRY(vault.store().write([&](store::Tx& tx) { return put_down(tx, piece); }));
    return piece.more;
  });
}

base::Result<void> Passage::take_up(const Permits& permits, base::RecordId folder) {
  vault::Vault& vault = tree_.vault();
  while (true) {
    const auto entries = TRY(tree_.piece(permits.trash, {kTrash, folder, {}}));
    if (entries.empty()) return {};
    TRY(vault.store().write([&](store::Tx& tx) -> base::Result<void> {
      for (const Entry& entry : entries) {
        TRY(vault.remove(tx, permits.trash, {kTrash, folder, entry.id}));
        TRY(tree_.put(tx, permits.files, folder, entry));
        if (entry.kind == Kind::file)
          TRY(vault.move_content(tx, {permits.trash, kTrashContent}, {permits.files, kContent},
                                 entry.content));
      }
      return {};
    }));
  }
}

base::Result<void> Passage::rise(const Hold& /*hold*/, base::AccountId account,
                                 base::RecordId folder) {
  const auto permits = TRY(tree_.ask_to_change(account));
  const auto enter = [&](Piece& piece) -> base::Result<void> {
    if (!piece.begun) TRY(take_up(permits, piece.folder));
    const auto entries = TRY(tree_.piece(permits.files, {kEntries, piece.folder, piece.after}));
    piece.take(entries);
    piece.more = entries.size() == piece_entries;
    if (piece.more) piece.after = entries.back().id;
    return {};
  };
  return descend(folder, enter, [](const Piece& piece) { return base::Result(piece.more); });
}

std::optional<bool> Passage::Away::has(base::RecordId folder) const {
  if (std::ranges::binary_search(folders, folder)) return true;
  if (whole || folder == base::RecordId()) return false;
  return std::nullopt;
}

base::Result<Passage::Away> Passage::away(store::Reader& reader, const gate::Permit& files) {
  const auto marked = TRY(marks(reader, files, {}, kMarksMax));
  Away away;
  for (const Mark& mark : marked) away.folders.push_back(mark.folder);
  away.whole = marked.size() < kMarksMax;
  std::size_t looked_at = 0;
  for (std::size_t i = 0; i < away.folders.size() && looked_at < kEntriesMax; ++i) {
    for (base::RecordId after; looked_at < kEntriesMax;) {
      const auto entries = tree_.list(reader, files, away.folders.at(i), after, piece_entries);
      // Of what does not open nobody knows what is below it; others are none the worse for it.
      if (!entries.ok() && entries.code() == base::Code::corrupt) {
        away.whole = false;
        break;
      }
      if (!entries.ok()) return entries.error();
      looked_at += entries->size();
      for (const Entry& entry : *entries)
        if (entry.kind == Kind::folder) away.folders.push_back(entry.folder);
      if (entries->size() < piece_entries) break;
      after = entries->back().id;
    }
  }
  away.whole = away.whole && looked_at < kEntriesMax;
  std::ranges::sort(away.folders);
  return away;
}

}  // namespace workspace
