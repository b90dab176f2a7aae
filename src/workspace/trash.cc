#include "workspace/trash.h"

#include <algorithm>

#include "workspace/descent.h"
#include "workspace/links.h"

namespace workspace {
namespace {

base::Error nothing() { return {base::Code::missing, "there is no such thing in the trash"}; }

/// At the top of the trash, a thing is known by what it has for good.
base::RecordId id_of(const Entry& entry) {
  return entry.kind == Kind::folder ? entry.folder : entry.content.as<base::RecordTag>();
}

base::Result<Trashed> to_trashed(const vault::Record& record) {
  Trashed item;
  item.id = record.id;
  item.entry = TRY(to_entry(record));
  item.path = TRY(record.fields.text("path"));
  item.removed = TRY(record.fields.time("removed"));
  item.expires = item.removed + trash_lives;
  item.unmarked = record.fields.has("unsettled");
  return item;
}

}  // namespace

std::vector<vault::Collection> Trash::collections() {
  using vault::FieldKind;
  using vault::Presence;
  auto schema = entry_schema();
  schema.push_back({"path", FieldKind::text, "Where it was", Presence::optional});
  schema.push_back({"removed", FieldKind::time, "When it was removed", Presence::optional});
  schema.push_back({"unsettled", FieldKind::integer,
                    "1, once: what is in the folder is still among the files", Presence::optional});
  return {{kTrash, "workspace_trash", "trash", std::move(schema), vault::Expiry::at_given_time()},
          {kTrashContent, "workspace_trash", "trash_content", {}, vault::Expiry::at_given_time()}};
}

base::Result<Trashed> Trash::get(store::Reader& reader, const gate::Permit& permit,
                                 base::RecordId id) {
  const auto record = tree_.vault().get(reader, permit, {kTrash, {}, id});
  if (!record.ok() && record.code() == base::Code::missing) return nothing();
  if (!record.ok()) return record.error();
  return to_trashed(*record);
}

base::Result<void> Trash::put(store::Tx& tx, const Permits& permits, const Trashed& item) {
  vault::Fields fields = to_fields(item.entry);
  fields.set("path", item.path).set("removed", item.removed);
  return tree_.vault().put(tx, permits.trash, {kTrash, {}, item.id}, fields,
                           item.removed + trash_lives);
}

base::Result<std::vector<Trashed>> Trash::top(base::AccountId account, base::RecordId after,
                                              std::size_t items_max) {
  const auto permit = TRY(tree_.ask(account, Kept::trash));
  std::vector<Trashed> items;
  TRY(tree_.vault().store().read([&](store::Reader& reader) -> base::Result<void> {
    const auto records = TRY(tree_.vault().list(reader, permit, {kTrash, {}, after}, items_max));
    for (const vault::Record& record : records) {
      auto item = TRY(to_trashed(record));
      items.push_back(std::move(item));
    }
    return {};
  }));
  return items;
}

base::Result<std::vector<Trashed>> Trash::list(base::AccountId account, base::RecordId after,
                                               std::size_t items_max) {
  auto items = TRY(top(account, after, items_max));
  if (std::ranges::any_of(items, &Trashed::unmarked)) {
    const auto hold = passage_.hold(account);
    for (const Trashed& item : items)
      if (hold.ok() && item.unmarked) (void)whole(*hold, account, item.id).ok();
  }
  // It is in the trash, whatever becomes of its pieces now.
  (void)passage_.settle_if_free(account).ok();
  return items;
}

base::Result<Trashed> Trash::find(base::AccountId account, base::RecordId id) {
  const auto permit = TRY(tree_.ask(account, Kept::trash));
  std::optional<Trashed> item;
  TRY(tree_.vault().store().read([&](store::Reader& reader) -> base::Result<void> {
    item = TRY(get(reader, permit, id));
    return {};
  }));
  return std::move(*item);
}

base::Result<void> Trash::take_in(store::Tx& tx, const Permits& permits, const Entry& entry,
                                  const Name& path) {
  const base::Time now = tree_.clock().now();
  TRY(put(tx, permits, {id_of(entry), entry, path, now, now + trash_lives}));
  if (entry.kind == Kind::folder) return passage_.mark(tx, permits, entry.folder, now);
  return tree_.vault().move_content(tx, {permits.files, kContent}, {permits.trash, kTrashContent},
                                    entry.content, now + trash_lives);
}

void Trash::settle(base::AccountId account) {
  const auto hold = passage_.hold(account);
  if (hold.ok()) (void)passage_.settle(*hold, account).ok();
}

base::Result<Trashed> Trash::whole(const Passage::Hold& hold, base::AccountId account,
                                   base::RecordId id) {
  auto item = TRY(find(account, id));
  if (item.entry.kind != Kind::folder) return item;
  const base::RecordId folder = item.entry.folder;
  if (item.unmarked) {
    const auto permits = TRY(tree_.ask_to_change(account));
    TRY(tree_.vault().store().write(
        [&](store::Tx& tx) { return passage_.mark(tx, permits, folder, item.removed); }));
    TRY(passage_.rise(hold, account, folder));
    TRY(passage_.settle(hold, account, folder));
    TRY(tree_.vault().store().write([&](store::Tx& tx) { return put(tx, permits, item); }));
  }
  TRY(passage_.settle(hold, account, folder));
  return find(account, id);
}

base::Result<Entry> Trash::put_back(const Permits& permits, const Trashed& item, const Path& to) {
  vault::Vault& vault = tree_.vault();
  Entry entry = item.entry;
  entry.name = to.names().back();
  TRY(vault.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(tree_.untaken(tx, permits.files, to));
    // Had its time run out by now, some of what was in it might be gone.
    TRY(get(tx, permits.trash, item.id));
    const auto above = TRY(tree_.ensure_folders(tx, permits.files, to.parent()));
    entry.id = TRY(vault.pseudonym(permits.files, above, entry.name));
    TRY(vault.remove(tx, permits.trash, {kTrash, {}, item.id}));
    TRY(tree_.put(tx, permits.files, above, entry));
    TRY(links_.moved(tx, permits.links, entry, {above, entry.id}));
    if (entry.kind == Kind::folder) return passage_.unmark(tx, permits, entry.folder);
    return vault.move_content(tx, {permits.trash, kTrashContent}, {permits.files, kContent},
                              entry.content);
  }));
  return entry;
}

base::Result<Entry> Trash::restore_folder(const Passage::Hold& hold, base::AccountId account,
                                          const Trashed& item, const Path& to) {
  const auto permits = TRY(tree_.ask_to_change(account));
  TRY(tree_.vault().store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(tree_.untaken(tx, permits.files, to));
    TRY(get(tx, permits.trash, item.id));
    return passage_.mark(tx, permits, item.entry.folder, item.removed);
  }));
  const auto risen = passage_.rise(hold, account, item.entry.folder);
  if (!risen.ok() && risen.code() == base::Code::missing) return nothing();  // its time is over
  TRY(risen);
  return put_back(permits, item, to);
}

base::Result<Entry> Trash::restore(const Passage::Hold& hold, base::AccountId account,
                                   base::RecordId id, const Path& to) {
  const auto permits = TRY(tree_.ask_to_change(account));
  const auto item = TRY(whole(hold, account, id));
  if (item.entry.kind == Kind::folder) return restore_folder(hold, account, item, to);
  return put_back(permits, item, to);
}

base::Result<Entry> Trash::restore(base::AccountId account, base::RecordId id, const Path& to) {
  if (to.root())
    return base::Error{base::Code::invalid, "say the name that it is to have, not only a folder"};
  const auto permit = TRY(tree_.ask(account, Kept::files));
  auto room = TRY(tree_.take_room(permit, account, to.parent(), {}));
  const auto hold = TRY(passage_.hold(account));
  auto restored = restore(hold, account, id, to);
  if (restored.ok()) room.fill();
  // Where it was not, it goes down again; and what others have left meanwhile.
  (void)passage_.settle(hold, account).ok();
  return restored;
}

base::Result<void> Trash::purge_file(store::Tx& tx, const Permits& permits, const vault::Key& at,
                                     const Entry& file) {
  TRY(versions_.remove_all(tx, permits, file.file));
  TRY(tree_.vault().remove_content(tx, permits.trash, kTrashContent, file.content));
  return tree_.vault().remove(tx, permits.trash, at);
}

base::Result<void> Trash::purge_in(base::AccountId account, base::RecordId folder) {
  const auto permits = TRY(tree_.ask_to_change(account));
  const auto enter = [&](Piece& piece) -> base::Result<void> {
    const auto entries = TRY(tree_.piece(permits.trash, {kTrash, piece.folder, {}}));
    piece.take(entries);
    piece.more = !entries.empty();
    return {};
  };
  return descend(folder, enter, [&](const Piece& piece) -> base::Result<bool> {
    if (!piece.more) return false;
    // Nothing is put there while it is held, and what the sweep takes is over.
    const auto entries = TRY(tree_.piece(permits.trash, {kTrash, piece.folder, {}}));
    TRY(tree_.vault().store().write([&](store::Tx& tx) -> base::Result<void> {
      for (const Entry& entry : entries) {
        const vault::Key at{kTrash, piece.folder, entry.id};
        if (entry.kind == Kind::folder && !piece.has(entry.folder)) continue;
        auto gone = entry.kind == Kind::folder ? tree_.vault().remove(tx, permits.trash, at)
                                               : purge_file(tx, permits, at, entry);
        // The sweep was first: it is over just now.
        if (!gone.ok() && gone.code() != base::Code::missing) return gone;
      }
      return {};
    }));
    return true;
  });
}

base::Result<void> Trash::purge(const Passage::Hold& hold, base::AccountId account,
                                base::RecordId id) {
  const auto item = TRY(whole(hold, account, id));
  const auto permits = TRY(tree_.ask_to_change(account));
  const vault::Key at{kTrash, {}, id};
  const bool folder = item.entry.kind == Kind::folder;
  if (folder) TRY(purge_in(account, item.entry.folder));
  auto gone = tree_.vault().store().write([&](store::Tx& tx) {
    return folder ? tree_.vault().remove(tx, permits.trash, at)
                  : purge_file(tx, permits, at, item.entry);
  });
  if (!gone.ok() && gone.code() == base::Code::missing) return nothing();
  return gone;
}

base::Result<void> Trash::purge(base::AccountId account, base::RecordId id) {
  const auto hold = TRY(passage_.hold(account));
  auto purged = purge(hold, account, id);
  (void)passage_.settle(hold, account).ok();
  return purged;
}

base::Result<void> Trash::empty(const Passage::Hold& hold, base::AccountId account) {
  while (true) {
    const auto items = TRY(top(account, {}, piece_entries));
    if (items.empty()) return {};
    for (const Trashed& item : items) {
      auto gone = purge(hold, account, item.id);
      if (!gone.ok() && gone.code() != base::Code::missing) return gone;
    }
  }
}

base::Result<void> Trash::empty(base::AccountId account) {
  const auto hold = TRY(passage_.hold(account));
  auto emptied = empty(hold, account);
  (void)passage_.settle(hold, account).ok();
  return emptied;
}

}  // namespace workspace
