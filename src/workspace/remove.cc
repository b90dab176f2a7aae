// What leaves the tree, and earlier versions of what is in it.
#include "workspace/workspace.h"

namespace workspace {

base::Result<void> Workspace::remove(base::AccountId account, const Path& path,
                                     const Condition& condition) {
  if (path.root()) return base::Error{base::Code::invalid, "the workspace itself is not removed"};
  const auto permits = TRY(tree_.ask_to_change(account));
  bool folder_removed = false;
  TRY(vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    auto [folder, there] = TRY(placed(tx, permits.files, path));
    if (condition.folder && there.kind == Kind::file)
      return base::Error{base::Code::missing, "there is no folder at this path"};
    if (condition.is && there.kind == Kind::folder)
      return base::Error{base::Code::stale, "a folder has no version"};
    if (condition.is && there.content != *condition.is)
      return base::Error{base::Code::stale, "the file has changed since you read it"};
    TRY(tree_.take_out(tx, permits.files, folder, there));
    TRY(trash_.take_in(tx, permits, there, path.text()));
    folder_removed = there.kind == Kind::folder;
    return {};
  }));
  if (folder_removed) trash_.settle(account);
  return {};
}

base::Result<std::vector<Version>> Workspace::versions(base::AccountId account, const Path& path) {
  const auto permits = TRY(tree_.ask_to_change(account));
  std::vector<Version> versions;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    const auto file = TRY(placed_file(reader, permits.files, path));
    versions = TRY(versions_.list(reader, permits, file.entry.file));
    return {};
  }));
  return versions;
}

base::Result<Version> Workspace::version(base::AccountId account, const Path& path,
                                         base::ContentId id) {
  const auto permits = TRY(tree_.ask_to_change(account));
  Version version;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    const auto file = TRY(placed_file(reader, permits.files, path));
    version = TRY(versions_.get(reader, permits, file.entry.file, id));
    return {};
  }));
  return version;
}

base::Result<std::unique_ptr<vault::ContentReader>> Workspace::read(base::AccountId account,
                                                                    const Version& version) {
  const auto permit = TRY(tree_.ask(account, Kept::versions));
  return vault_.open_content(permit, kVersionContent, version.content);
}

base::Result<Receipt> Workspace::bring_back(base::AccountId account, const Path& path,
                                            base::ContentId id, const Condition& condition) {
  const auto permits = TRY(tree_.ask_to_change(account));
  Receipt receipt;
  TRY(vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    const auto file = TRY(placed_file(tx, permits.files, path));
    const auto version = TRY(versions_.get(tx, permits, file.entry.file, id));
    TRY(versions_.bring_back(tx, permits, file.entry.file, id));
    receipt.entry = file.entry;
    receipt.entry.content = id;
    receipt.entry.size_bytes = version.size_bytes;
    receipt.entry.media_type = version.media_type;
    receipt.entry.changed = tree_.clock().now();
    receipt.stored = TRY(put_file(tx, permits, file.folder, receipt.entry, condition));
    return {};
  }));
  return receipt;
}

base::Result<void> Workspace::remove_version(base::AccountId account, const Path& path,
                                             base::ContentId id) {
  const auto permits = TRY(tree_.ask_to_change(account));
  return vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    const auto file = TRY(placed_file(tx, permits.files, path));
    TRY(versions_.get(tx, permits, file.entry.file, id));
    return versions_.remove(tx, permits, file.entry.file, id);
  });
}

}  // namespace workspace
