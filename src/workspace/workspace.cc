#include "workspace/workspace.h"

#include <algorithm>

#include "workspace/links.h"
#include "workspace/uploads.h"

namespace workspace {
namespace {

constexpr std::uint64_t kRoomAtOnce = 32UL << 20;

base::Result<void> check(const Condition& condition, const std::optional<Entry>& there) {
  if (condition.absent && there)
    return base::Error{base::Code::stale, "there is a file at this path already"};
  if (condition.is && (!there || there->content != *condition.is))
    return base::Error{base::Code::stale, "the file has changed since you read it"};
  return {};
}

}  // namespace

std::vector<vault::Collection> Workspace::collections() {
  std::vector<vault::Collection> all = {{kEntries, "workspace_content", "files", entry_schema()},
                                        {kContent, "workspace_content", "content", {}}};
  all.push_back(Passage::collection());
  for (auto& one : Trash::collections()) all.push_back(std::move(one));
  for (auto& one : Versions::collections()) all.push_back(std::move(one));
  for (auto& one : Uploads::collections()) all.push_back(std::move(one));
  all.push_back(Links::collection());
  return all;
}

Workspace::Workspace(Tree tree, base::Wait& wait)
    : tree_(std::move(tree)),
      vault_(tree_.vault()),
      room_(tree_.room()),
      versions_(tree_),
      passage_(tree_, wait),
      links_(std::make_unique<Links>(tree_, passage_)),
      trash_(tree_, passage_, versions_, *links_),
      uploads_(std::make_unique<Uploads>(*this, tree_, wait)),
      copies_(wait, folder_copies_max) {}
Workspace::~Workspace() = default;

base::Result<std::unique_ptr<Workspace>> Workspace::open(const Parts& parts) {
  auto tree = TRY(Tree::open(parts.vault, parts.clock, parts.entropy, parts.room));
  return std::unique_ptr<Workspace>(new Workspace(std::move(tree), parts.wait));
}

base::Result<void> Workspace::open_to(base::AccountId account) {
  TRY(tree_.ask(account, Kept::files));
  return {};
}

base::Result<Entry> Workspace::find(base::AccountId account, const Path& path) {
  const auto permit = TRY(tree_.ask(account, Kept::files));
  std::optional<Entry> found;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    found = TRY(tree_.walk(reader, permit, path));
    return {};
  }));
  return std::move(*found);
}

base::Result<std::vector<Entry>> Workspace::list(base::AccountId account, const Path& folder,
                                                 base::RecordId after, std::size_t entries_max) {
  const auto permit = TRY(tree_.ask(account, Kept::files));
  std::vector<Entry> entries;
  TRY(vault_.store().read([&](store::Reader& reader) -> base::Result<void> {
    const auto at = TRY(tree_.walk(reader, permit, folder));
    if (at.kind != Kind::folder)
      return base::Error{base::Code::invalid, "this is a file, not a folder"};
    entries = TRY(tree_.list(reader, permit, at.folder, after, entries_max));
    return {};
  }));
  return entries;
}

base::Result<std::unique_ptr<vault::ContentReader>> Workspace::read(base::AccountId account,
                                                                    const Entry& file) {
  const auto permit = TRY(tree_.ask(account, Kept::files));
  return vault_.open_content(permit, kContent, file.content);
}

base::Result<Room::Used> Workspace::usage(base::AccountId account) {
  const auto permit = TRY(tree_.ask(account, Kept::files));
  return room_.used(permit, account);
}

base::Result<void> Upload::write(base::View bytes) {
  if (bytes.size() > room_left_) TRY(reserve(bytes.size() - room_left_));
  room_left_ -= bytes.size();
  return content_->write(bytes);
}

/// Of one whose length nobody knows, more than it needs now, where there is as much.
base::Result<void> Upload::reserve(std::uint64_t bytes) {
  for (std::uint64_t step = std::max(bytes, kRoomAtOnce);; step = std::max(bytes, step / 2)) {
    auto room = more_room_(step);
    if (room.ok()) {
      room_.push_back(*std::move(room));
      room_left_ += step;
      return {};
    }
    if (step == bytes || !is_over_quota(room.error())) return room.error();
  }
}

base::Result<Upload> Workspace::begin(base::AccountId account, Path path, Name media_type,
                                      std::optional<std::uint64_t> bytes) {
  if (path.root()) return base::Error{base::Code::invalid, "path: a file needs a name"};
  const auto permit = TRY(tree_.ask(account, Kept::files));
  TRY(room_.used(permit, account));  // as the plan is now
  auto room = TRY(tree_.take_room(permit, account, path.parent(), {bytes.value_or(0), 1, 1}));
  auto content = TRY(vault_.create_content(permit, kContent));
  Upload upload(account, std::move(path), std::move(media_type), std::move(content),
                [this, account](std::uint64_t more) -> base::Result<Room::Taken> {
                  const auto still = TRY(tree_.ask(account, Kept::files));
                  return room_.take(still, account, {.bytes = more});
                });
  upload.room_.push_back(std::move(room));
  upload.room_left_ = bytes.value_or(0);
  return upload;
}

base::Result<Stored> Workspace::put_file(store::Tx& tx, const Permits& permits,
                                         base::RecordId folder, Entry& file,
                                         const Condition& condition) {
  auto there = TRY(tree_.child(tx, permits.files, folder, file.name));
  if (there && there->kind == Kind::folder)
    return base::Error{base::Code::conflict, "a folder stands at this path"};
  TRY(check(condition, there));
  file.id = TRY(vault_.pseudonym(permits.files, folder, file.name));
  const bool lasting = there && there->file != base::RecordId();
  file.file = lasting ? there->file : base::RecordId::random(tree_.entropy());
  if (there) {
    there->file = file.file;
    TRY(versions_.retire(tx, permits, *there));
  }
  TRY(tree_.put(tx, permits.files, folder, file));
  return there ? Stored::replaced : Stored::created;
}

base::Result<Receipt> Workspace::keep(Upload upload, const Condition& condition,
                                      const Still& still) {
  TRY(upload.content_->finish());
  const auto permits = TRY(tree_.ask_to_change(upload.account_));
  Receipt receipt;
  receipt.entry.name = upload.path_.names().back();
  receipt.entry.size_bytes = upload.content_->size();
  receipt.entry.changed = tree_.clock().now();
  receipt.entry.content = upload.content_->id();
  receipt.entry.media_type = upload.media_type_;
  TRY(vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    if (still) TRY(still(tx));
    const auto folder = TRY(tree_.ensure_folders(tx, permits.files, upload.path_.parent()));
    receipt.stored = TRY(put_file(tx, permits, folder, receipt.entry, condition));
    return vault_.publish(tx, *upload.content_);
  }));
  Load load = upload.room_.front().load();
  load.bytes = receipt.entry.size_bytes;
  upload.room_.front().fill(load);
  return receipt;
}

base::Result<void> Workspace::make_folder(base::AccountId account, const Path& path) {
  const auto permit = TRY(tree_.ask(account, Kept::files));
  auto room = TRY(tree_.take_room(permit, account, path, {}));
  TRY(vault_.store().write([&](store::Tx& tx) -> base::Result<void> {
    TRY(tree_.ensure_folders(tx, permit, path));
    return {};
  }));
  room.fill();
  return {};
}

base::Result<Workspace::Placed> Workspace::placed(store::Reader& reader, const gate::Permit& permit,
                                                  const Path& path) {
  const auto above = TRY(tree_.walk(reader, permit, path.parent()));
  if (above.kind != Kind::folder)
    return base::Error{base::Code::missing, "there is nothing at this path"};
  auto there = TRY(tree_.child(reader, permit, above.folder, path.names().back()));
  if (!there) return base::Error{base::Code::missing, "there is nothing at this path"};
  return Placed{above.folder, std::move(*there)};
}

base::Result<Workspace::Placed> Workspace::placed_file(store::Reader& reader,
                                                       const gate::Permit& permit,
                                                       const Path& path) {
  if (path.root()) return base::Error{base::Code::missing, "there is no file at this path"};
  auto found = TRY(placed(reader, permit, path));
  if (found.entry.kind == Kind::folder)
    return base::Error{base::Code::missing, "there is no file at this path"};
  return found;
}

}  // namespace workspace
