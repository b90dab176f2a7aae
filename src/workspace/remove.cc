// Removing files and folders. A folder goes in pieces of bounded transactions: first what is in it,
// deepest first, then itself; cut off in the middle, what is left is still a whole tree.
#include "workspace/entry.h"

namespace workspace {
namespace {

constexpr std::size_t kPiece = 200;

}  // namespace

base::Result<void> Workspace::remove_entry(store::Tx& tx, const gate::Permit& permit,
                                           base::RecordId folder, const Entry& entry) {
  if (entry.kind == Kind::file) TRY(vault_.remove_content(tx, permit, kContent, entry.content));
  const auto id = TRY(vault_.pseudonym(permit, folder, entry.name));
  return vault_.remove(tx, permit, {kEntries, folder, id});
}

base::Result<bool> Workspace::empty(store::Reader& reader, const gate::Permit& permit,
                                    base::RecordId folder) {
  const auto any = TRY(vault_.list(reader, permit, {kEntries, folder, {}}, 1));
  return any.empty();
}

base::Result<bool> Workspace::remove_some(base::AccountId account, base::RecordId folder) {
  const auto permit = TRY(ask(account));
  // Down to a folder without folders in it; its files are removed, or itself is seen to be empty.
  std::vector<Entry> entries;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    const auto records = TRY(vault_.list(reader, permit, {kEntries, folder, {}}, kPiece));
    for (const vault::Record& record : records) entries.push_back(TRY(to_entry(record)));
    return {};
  }));
  for (const Entry& entry : entries) {
    if (entry.kind != Kind::folder) continue;
    for (bool more = true; more;) more = TRY(remove_some(account, entry.folder));
  }
  TRY(vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    for (const Entry& entry : entries) {
      if (entry.kind == Kind::folder) {
        const bool bare = TRY(empty(tx, permit, entry.folder));
        // Somebody put a file into it meanwhile: it stays, so that the file can be reached.
        if (!bare) continue;
      }
      const auto gone = remove_entry(tx, permit, folder, entry);
      // Somebody else removed it meanwhile: that is what we wanted.
      if (!gone.ok() && gone.code() != base::Code::missing) return gone.error();
    }
    return {};
  }));
  return entries.size() == kPiece;
}

base::Result<void> Workspace::remove(base::AccountId account, const Path& path,
                                     const Condition& condition) {
  if (path.root()) return base::Error{base::Code::invalid, "the workspace itself is not removed"};
  const auto permit = TRY(ask(account));
  const auto found = TRY(find(account, path));
  if (found.kind == Kind::folder) {
    if (condition.is) return base::Error{base::Code::stale, "a folder has no version"};
    for (bool more = true; more;) more = TRY(remove_some(account, found.folder));
  }
  return vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    const auto folder = TRY(walk(tx, permit, path.parent()));
    const auto there = TRY(child(tx, permit, folder.folder, path.names().back()));
    if (!there) return base::Error{base::Code::missing, "there is nothing at this path"};
    if (condition.is && there->content != *condition.is)
      return base::Error{base::Code::stale, "the file has changed since you read it"};
    if (there->kind == Kind::folder) {
      const bool bare = TRY(empty(tx, permit, there->folder));
      if (!bare)
        return base::Error{base::Code::conflict, "somebody is adding to this folder: try again"};
    }
    return remove_entry(tx, permit, folder.folder, *there);
  });
}

}  // namespace workspace
