// Moving and copying. A folder moves by its one entry: what is in it stands under the folder's
// group, wherever that is named.
#include "workspace/descent.h"
#include "workspace/links.h"
#include "workspace/workspace.h"

namespace workspace {
namespace {

constexpr std::size_t kBuffer = 256 * 1024;

base::Result<void> check(const Condition& condition, const Entry& source) {
  if (condition.is && source.kind == Kind::folder)
    return base::Error{base::Code::stale, "a folder has no version"};
  if (condition.is && source.content != *condition.is)
    return base::Error{base::Code::stale, "the file has changed since you read it"};
  return {};
}

base::Error name_is_taken() {
  return {base::Code::conflict,
          "there is a file of this name already: choose another name, or ask for it to be "
          "replaced"};
}

base::Result<void> named(const Path& from, const Path& to) {
  if (from.root()) return base::Error{base::Code::invalid, "the workspace itself stays as it is"};
  if (to.root())
    return base::Error{base::Code::invalid, "say the name that it is to have, not only a folder"};
  return {};
}

}  // namespace

base::Result<Stored> Workspace::make_room(store::Tx& tx, const Permits& permits,
                                          base::RecordId folder, const Entry& coming,
                                          const Path& to, Taken taken) {
  const auto there = TRY(tree_.child(tx, permits.files, folder, coming.name));
  if (!there) return Stored::created;
  if (there->kind == Kind::folder || coming.kind == Kind::folder)
    return base::Error{base::Code::conflict,
                       "there is something of this name already, and folders are neither replaced "
                       "nor merged: choose another name, or remove it first"};
  if (taken == Taken::refuse) return name_is_taken();
  TRY(tree_.take_out(tx, permits.files, folder, *there));
  TRY(trash_.take_in(tx, permits, *there, to.text()));
  return Stored::replaced;
}

base::Result<Receipt> Workspace::move(base::AccountId account, const Path& from, const Path& to,
                                      const Condition& condition, Taken taken, const Still& still) {
  TRY(named(from, to));
  const auto permits = TRY(tree_.ask_to_change(account));
  auto room = TRY(tree_.take_room(permits.files, account, to.parent(), {}));
  Receipt receipt;
  TRY(vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    if (still) TRY(still(tx));
    const auto source = TRY(placed(tx, permits.files, from));
    TRY(check(condition, source.entry));
    std::optional<base::RecordId> never;
    if (source.entry.kind == Kind::folder) never = source.entry.folder;
    const auto folder = TRY(tree_.ensure_folders(tx, permits.files, to.parent(), never));
    receipt.entry = source.entry;
    receipt.entry.name = to.names().back();
    receipt.entry.id = TRY(vault_.pseudonym(permits.files, folder, receipt.entry.name));
    // Where it is already: nothing is to be done.
    if (folder == source.folder && receipt.entry.id == source.entry.id) {
      receipt.stored = Stored::replaced;
      return {};
    }
    receipt.stored = TRY(make_room(tx, permits, folder, receipt.entry, to, taken));
    TRY(tree_.take_out(tx, permits.files, source.folder, source.entry));
    TRY(links_->moved(tx, permits.links, receipt.entry, {folder, receipt.entry.id}));
    return tree_.put(tx, permits.files, folder, receipt.entry);
  }));
  room.fill();
  return receipt;
}

base::Result<Receipt> Workspace::copy_file(base::AccountId account, const Entry& file,
                                           const Path& to, Taken taken, const Still& still) {
  const auto content = TRY(read(account, file));
  auto upload = TRY(begin(account, to, file.media_type, content->size()));
  base::Bytes buffer(static_cast<std::size_t>(
      std::min<std::uint64_t>(kBuffer, std::max<std::uint64_t>(content->size(), 1))));
  for (std::uint64_t at = 0; at < content->size();) {
    const std::size_t size = TRY(content->read_at(at, buffer));
    if (size == 0) return base::Error{base::Code::corrupt, "content ends before its size"};
    TRY(upload.write(base::View(buffer).first(size)));
    at += size;
  }
  auto kept = keep(std::move(upload), {.absent = taken == Taken::refuse}, still);
  if (!kept.ok() && kept.code() == base::Code::stale) return name_is_taken();
  return kept;
}

base::Result<Load> Workspace::load_of(const gate::Permit& permit, const Entry& folder) {
  Load load{.entries = 1};
  const auto enter = [&](Piece& piece) -> base::Result<void> {
    const auto entries = TRY(tree_.piece(permit, {kEntries, piece.folder, piece.after}));
    for (const Entry& entry : entries) {
      ++load.entries;
      if (entry.kind == Kind::folder) continue;
      load.bytes += entry.size_bytes;
      ++load.pieces;
    }
    piece.take(entries);
    piece.more = entries.size() == piece_entries;
    if (piece.more) piece.after = entries.back().id;
    return {};
  };
  TRY(descend(folder.folder, enter, [](const Piece& piece) { return base::Result(piece.more); }));
  return load;
}

base::Result<Receipt> Workspace::copy_folder(base::AccountId account, const Entry& folder,
                                             const Path& to, const Still& still) {
  const auto permits = TRY(tree_.ask_to_change(account));
  auto room = TRY(tree_.take_room(permits.files, account, to.parent(), {.entries = 1}));
  Receipt receipt;
  TRY(vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    if (still) TRY(still(tx));
    const auto above = TRY(tree_.ensure_folders(tx, permits.files, to.parent(), folder.folder));
    receipt.entry = folder;
    receipt.entry.name = to.names().back();
    TRY(make_room(tx, permits, above, receipt.entry, to, Taken::refuse));
    receipt.entry.id = TRY(vault_.pseudonym(permits.files, above, receipt.entry.name));
    receipt.entry.changed = tree_.clock().now();
    receipt.entry.folder = base::RecordId::random(tree_.entropy());
    return tree_.put(tx, permits.files, above, receipt.entry);
  }));
  room.fill();
  for (base::RecordId after;;) {
    const auto entries = TRY(tree_.piece(permits.files, {kEntries, folder.folder, after}));
    for (const Entry& entry : entries) {
      const auto below = TRY(to.child(entry.name));
      auto copied = entry.kind == Kind::folder
                        ? copy_folder(account, entry, below, still)
                        : copy_file(account, entry, below, Taken::refuse, still);
      // It was removed meanwhile: so it is not there to be copied.
      if (!copied.ok() && copied.code() != base::Code::missing) return copied.error();
    }
    if (entries.size() < piece_entries) return receipt;
    after = entries.back().id;
  }
}

base::Result<Receipt> Workspace::copy(base::AccountId account, const Path& from, const Path& to,
                                      const Condition& condition, Taken taken, const Still& still) {
  TRY(named(from, to));
  const auto source = TRY(find(account, from));
  TRY(check(condition, source));
  if (source.kind == Kind::file) return copy_file(account, source, to, taken, still);
  const auto copying = copies_.try_hold(account);
  if (!copying)
    return base::Error{base::Code::unavailable,
                       "another folder is being copied: ask again when that is done"};
  const auto permit = TRY(tree_.ask(account, Kept::files));
  // Whether there is room for all of it; each piece takes its own as it comes.
  const Load load = TRY(load_of(permit, source));
  TRY(tree_.take_room(permit, account, to.parent(), load));
  return copy_folder(account, source, to, still);
}

}  // namespace workspace
