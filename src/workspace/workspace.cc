#include "workspace/workspace.h"

#include "workspace/entry.h"

namespace workspace {
namespace {

base::Result<void> check(const Condition& condition, const std::optional<Entry>& there) {
  if (condition.absent && there)
    return base::Error{base::Code::stale, "there is a file at this path already"};
  if (condition.is && (!there || there->content != *condition.is))
    return base::Error{base::Code::stale, "the file has changed since you read it"};
  return {};
}

}  // namespace

std::vector<vault::Collection> Workspace::collections() {
  using vault::FieldKind;
  using vault::Presence;
  return {
      {kEntries,
       "workspace_content",
       "files",
       {{"kind", FieldKind::integer, "0: a file; 1: a folder"},
        {"name", FieldKind::text, "Name"},
        {"changed", FieldKind::time, "When it was changed last"},
        {"folder", FieldKind::id, "Group in which the folder's entries stand", Presence::optional},
        {"size", FieldKind::integer, "Size in bytes", Presence::optional},
        {"content", FieldKind::content, "The file's bytes", Presence::optional},
        {"media_type", FieldKind::text, "Kind of file, as it was said when it came in",
         Presence::optional}}},
      {kContent, "workspace_content", "content", {}}};
}

base::Result<std::unique_ptr<Workspace>> Workspace::open(vault::Vault& vault, base::Clock& clock,
                                                         base::Entropy& entropy) {
  const notice::Policy& policy = vault.gate().policy().current();
  const auto category = policy.category("workspace_content");
  const auto purpose = policy.purpose("provide_service");
  if (!category || !purpose)
    return base::Error{base::Code::invalid,
                       "the workspace needs the category workspace_content and the purpose "
                       "provide_service"};
  return std::unique_ptr<Workspace>(new Workspace(vault, clock, entropy, *category, *purpose));
}

base::Result<gate::Permit> Workspace::ask(base::AccountId account) {
  return vault_.gate().ask(gate::Actor::member, base::owner_of(account), category_, purpose_);
}

base::Result<std::optional<Entry>> Workspace::child(store::Reader& reader,
                                                    const gate::Permit& permit,
                                                    base::RecordId folder, const Name& name) {
  const auto id = TRY(vault_.pseudonym(permit, folder, name));
  auto record = vault_.get(reader, permit, {kEntries, folder, id});
  if (!record.ok() && record.code() == base::Code::missing) return std::optional<Entry>();
  const auto found = TRY(std::move(record));
  auto entry = TRY(to_entry(found));
  return std::optional(std::move(entry));
}

base::Result<Entry> Workspace::walk(store::Reader& reader, const gate::Permit& permit,
                                    const Path& path) {
  Entry at;
  at.kind = Kind::folder;  // the root: its group is zero
  for (const Name& name : path.names()) {
    if (at.kind != Kind::folder)
      return base::Error{base::Code::missing, "there is nothing at this path"};
    auto next = TRY(child(reader, permit, at.folder, name));
    if (!next) return base::Error{base::Code::missing, "there is nothing at this path"};
    at = std::move(*next);
  }
  return at;
}

base::Result<Entry> Workspace::find(base::AccountId account, const Path& path) {
  const auto permit = TRY(ask(account));
  std::optional<Entry> found;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    found = TRY(walk(reader, permit, path));
    return {};
  }));
  return std::move(*found);
}

base::Result<std::vector<Entry>> Workspace::list(base::AccountId account, const Path& folder,
                                                 base::RecordId after, std::size_t entries_max) {
  const auto permit = TRY(ask(account));
  std::vector<Entry> entries;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    const auto at = TRY(walk(reader, permit, folder));
    if (at.kind != Kind::folder)
      return base::Error{base::Code::invalid, "this is a file, not a folder"};
    const auto records =
        TRY(vault_.list(reader, permit, {kEntries, at.folder, after}, entries_max));
    for (const vault::Record& record : records) entries.push_back(TRY(to_entry(record)));
    return {};
  }));
  return entries;
}

base::Result<std::unique_ptr<vault::ContentReader>> Workspace::read(base::AccountId account,
                                                                    const Entry& file) {
  const auto permit = TRY(ask(account));
  return vault_.open_content(permit, kContent, file.content);
}

base::Result<vault::Usage> Workspace::usage(base::AccountId account) {
  const auto permit = TRY(ask(account));
  return vault_.usage(permit, kContent);
}

base::Result<Upload> Workspace::begin(base::AccountId account, Path path, Name media_type) {
  if (path.root()) return base::Error{base::Code::invalid, "path: a file needs a name"};
  const auto permit = TRY(ask(account));
  auto content = TRY(vault_.create_content(permit, kContent));
  return Upload(account, std::move(path), std::move(media_type), std::move(content));
}

base::Result<base::RecordId> Workspace::ensure_folders(store::Tx& tx, const gate::Permit& permit,
                                                       const Path& path) {
  base::RecordId at;
  for (const Name& name : path.names()) {
    const auto there = TRY(child(tx, permit, at, name));
    if (there && there->kind != Kind::folder)
      return base::Error{base::Code::conflict, "a file stands where a folder would be needed"};
    if (there) {
      at = there->folder;
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

base::Result<void> Workspace::put(store::Tx& tx, const gate::Permit& permit, base::RecordId folder,
                                  const Entry& entry) {
  const auto id = TRY(vault_.pseudonym(permit, folder, entry.name));
  return vault_.put(tx, permit, {kEntries, folder, id}, to_fields(entry));
}

base::Result<Receipt> Workspace::keep(Upload upload, const Condition& condition) {
  TRY(upload.content_->finish());
  const auto permit = TRY(ask(upload.account_));
  Receipt receipt;
  receipt.entry.name = upload.path_.names().back();
  receipt.entry.size_bytes = upload.content_->size();
  receipt.entry.changed = clock_.now();
  receipt.entry.content = upload.content_->id();
  receipt.entry.media_type = upload.media_type_;
  TRY(vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    const auto folder = TRY(ensure_folders(tx, permit, upload.path_.parent()));
    const auto there = TRY(child(tx, permit, folder, receipt.entry.name));
    if (there && there->kind == Kind::folder)
      return base::Error{base::Code::conflict, "a folder stands at this path"};
    TRY(check(condition, there));
    if (there) TRY(vault_.remove_content(tx, permit, kContent, there->content));
    receipt.stored = there ? Stored::replaced : Stored::created;
    TRY(vault_.publish(tx, *upload.content_));
    return put(tx, permit, folder, receipt.entry);
  }));
  return receipt;
}

base::Result<void> Workspace::make_folder(base::AccountId account, const Path& path) {
  const auto permit = TRY(ask(account));
  return vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(ensure_folders(tx, permit, path));
    return {};
  });
}

}  // namespace workspace
