#include "workspace/tree.h"

#include <algorithm>

#include "workspace/descent.h"

namespace workspace {
namespace {

base::Error in_the_way() {
  return {base::Code::conflict, "a file stands where a folder would be needed"};
}

base::Result<std::vector<Entry>> entries_at(vault::Vault& vault, store::Reader& reader,
                                            const gate::Permit& permit, const vault::Key& after,
                                            std::size_t entries_max) {
  const auto records = TRY(vault.list(reader, permit, after, entries_max));
  std::vector<Entry> entries;
  for (const vault::Record& record : records) {
    auto entry = TRY(to_entry(record));
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

base::Result<Tree> Tree::open(vault::Vault& vault, base::Clock& clock, base::Entropy& entropy,
                              Room& room) {
  const notice::Policy& policy = vault.gate().policy().current();
  const auto purpose = policy.purpose("provide_service");
  const std::array categories = {
      policy.category("workspace_content"), policy.category("workspace_trash"),
      policy.category("workspace_versions"), policy.category("unfinished_uploads"),
      policy.category("share_links")};
  if (!purpose || std::ranges::any_of(categories, [](const auto& one) { return !one; }))
    return base::Error{base::Code::invalid,
                       "the workspace needs the purpose provide_service and the categories "
                       "workspace_content, workspace_trash, workspace_versions, unfinished_uploads "
                       "and share_links"};
  Leave leave{*purpose, {}};
  for (std::size_t i = 0; i < categories.size(); ++i) leave.categories.at(i) = *categories.at(i);
  return Tree(vault, clock, entropy, room, leave);
}

base::Result<gate::Permit> Tree::ask(base::AccountId account, Kept kept) {
  return vault_.gate().ask(gate::Actor::member, base::owner_of(account),
                           leave_.categories.at(static_cast<std::size_t>(kept)), leave_.purpose);
}

base::Result<Permits> Tree::ask_to_change(base::AccountId account) {
  const auto files = TRY(ask(account, Kept::files));
  const auto trash = TRY(ask(account, Kept::trash));
  const auto versions = TRY(ask(account, Kept::versions));
  const auto links = TRY(ask(account, Kept::links));
  return Permits{files, trash, versions, links};
}

base::Result<std::optional<Entry>> Tree::child(store::Reader& reader, const gate::Permit& permit,
                                               base::RecordId folder, const Name& name) {
  const auto id = TRY(vault_.pseudonym(permit, folder, name));
  auto record = vault_.get(reader, permit, {kEntries, folder, id});
  if (!record.ok() && record.code() == base::Code::missing) return std::optional<Entry>();
  const auto found = TRY(std::move(record));
  auto entry = TRY(to_entry(found));
  return std::optional(std::move(entry));
}

base::Result<Entry> Tree::walk(store::Reader& reader, const gate::Permit& permit,
                               const Path& path) {
  Entry root;
  root.kind = Kind::folder;  // its group is zero
  return walk_from(reader, permit, root, path);
}

base::Result<Entry> Tree::walk_from(store::Reader& reader, const gate::Permit& permit,
                                    const Entry& from, const Path& path) {
  Entry at = from;
  for (const Name& name : path.names()) {
    if (at.kind != Kind::folder)
      return base::Error{base::Code::missing, "there is nothing at this path"};
    auto next = TRY(child(reader, permit, at.folder, name));
    if (!next) return base::Error{base::Code::missing, "there is nothing at this path"};
    at = std::move(*next);
  }
  return at;
}

base::Result<void> Tree::untaken(store::Reader& reader, const gate::Permit& permit,
                                 const Path& path) {
  base::RecordId at;
  for (const Name& name : path.parent().names()) {
    const auto there = TRY(child(reader, permit, at, name));
    if (!there) return {};
    if (there->kind != Kind::folder) return in_the_way();
    at = there->folder;
  }
  const auto there = TRY(child(reader, permit, at, path.names().back()));
  if (!there) return {};
  return base::Error{base::Code::conflict,
                     "there is something of this name already: say another path"};
}

base::Result<base::RecordId> Tree::ensure_folders(store::Tx& tx, const gate::Permit& permit,
                                                  const Path& path,
                                                  std::optional<base::RecordId> never) {
  base::RecordId at;
  for (const Name& name : path.names()) {
    const auto there = TRY(child(tx, permit, at, name));
    if (there && there->kind != Kind::folder) return in_the_way();
    if (there) {
      at = there->folder;
      if (at == never)
        return base::Error{base::Code::invalid, "a folder cannot come to stand in itself"};
      continue;
    }
    Entry made;
    made.kind = Kind::folder;
    made.name = name;
    made.changed = clock_.now();
    made.folder = base::RecordId::random(entropy_);
    TRY(put(tx, permit, at, made));
    at = made.folder;
  }
  return at;
}

base::Result<Room::Taken> Tree::take_room(const gate::Permit& permit, base::AccountId account,
                                          const Path& folder, Load load) {
  const auto count_missing = [&](store::Reader& reader) -> base::Result<void> {
    base::RecordId at;
    std::uint64_t missing = folder.names().size();
    for (const Name& name : folder.names()) {
      const auto there = TRY(child(reader, permit, at, name));
      if (!there) break;
      if (there->kind != Kind::folder) missing = 0;  // it will be refused
      if (missing == 0) break;
      at = there->folder;
      --missing;
    }
    load.entries += missing;
    return {};
  };
  if (!folder.root()) TRY(vault_.store().read(count_missing));
  return room_.take(permit, account, load);
}

base::Result<std::vector<Entry>> Tree::piece(const gate::Permit& permit, const vault::Key& after) {
  std::vector<Entry> entries;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    entries = TRY(entries_at(vault_, reader, permit, after, piece_entries));
    return {};
  }));
  return entries;
}

base::Result<void> Tree::put(store::Tx& tx, const gate::Permit& permit, base::RecordId folder,
                             const Entry& entry) {
  const auto id = TRY(vault_.pseudonym(permit, folder, entry.name));
  return vault_.put(tx, permit, {kEntries, folder, id}, to_fields(entry));
}

base::Result<void> Tree::take_out(store::Tx& tx, const gate::Permit& permit, base::RecordId folder,
                                  const Entry& entry) {
  const auto id = TRY(vault_.pseudonym(permit, folder, entry.name));
  return vault_.remove(tx, permit, {kEntries, folder, id});
}

base::Result<std::vector<Entry>> Tree::list(store::Reader& reader, const gate::Permit& permit,
                                            base::RecordId folder, base::RecordId after,
                                            std::size_t entries_max) {
  return entries_at(vault_, reader, permit, {kEntries, folder, after}, entries_max);
}

base::Result<bool> Tree::empty(store::Reader& reader, const gate::Permit& permit,
                               base::RecordId folder) {
  const auto any = TRY(vault_.list(reader, permit, {kEntries, folder, {}}, 1));
  return any.empty();
}

}  // namespace workspace
