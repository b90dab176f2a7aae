#include "workspace/uploads.h"

#include <algorithm>
#include <array>

namespace workspace {
namespace {

constexpr base::Literal kUploadContent = "unfinished_content";
/// How long it is still said that one is finished, to whoever did not hear it.
constexpr base::Duration kFinishedLives = std::chrono::days(1);

/// The group of those that are under way, and that of those that are finished.
base::RecordId group_of(bool finished) {
  std::array<std::uint8_t, base::RecordId::size> bytes{};
  bytes.back() = finished ? 1 : 0;
  return base::RecordId::from(bytes).value();
}

base::Error nothing() {
  return {base::Code::missing,
          "there is no such upload: it is finished, has expired, or never was; begin another one"};
}

/// What the row of one counts for: it holds a path, in which four names may have a KiB.
std::uint64_t entries_of(const Path& path) {
  static_assert(entry_bytes == 4 * 256);
  return 1 + path.names().size() / 4;
}

base::Result<Unfinished> to_unfinished(const vault::Record& record) {
  const vault::Fields& fields = record.fields;
  Unfinished upload;
  upload.id = record.id;
  upload.path = TRY(fields.text("path"));
  upload.media_type = TRY(fields.text("media_type"));
  upload.length = static_cast<std::uint64_t>(TRY(fields.integer("length")));
  upload.offset = static_cast<std::uint64_t>(TRY(fields.integer("offset")));
  upload.expires = TRY(fields.time("expires"));
  if (fields.has("content")) upload.content = TRY(fields.id<base::ContentId>("content"));
  if (fields.has("modified")) upload.modified = TRY(fields.time("modified"));
  return upload;
}

}  // namespace

std::vector<vault::Collection> Uploads::collections() {
  using vault::FieldKind;
  using vault::Presence;
  return {{kUploads,
           "unfinished_uploads",
           "unfinished_uploads",
           {{"path", FieldKind::text, "Where the file will be"},
            {"media_type", FieldKind::text, "Kind of file, as it was said"},
            {"length", FieldKind::integer, "Size that the file will have, in bytes"},
            {"offset", FieldKind::integer, "Bytes that have come so far"},
            {"expires", FieldKind::time, "When it is given up"},
            {"content", FieldKind::id, "What has come so far", Presence::optional},
            {"modified", FieldKind::time, "When the file was changed, as it was said",
             Presence::optional}},
           vault::Expiry::at_given_time()},
          {kUploadContent,
           "unfinished_uploads",
           "unfinished_content",
           {},
           vault::Expiry::at_given_time()}};
}

base::Result<Unfinished> Uploads::get(store::Reader& reader, const gate::Permit& permit,
                                      base::RecordId id) {
  auto record = tree_.vault().get(reader, permit, {kUploads, group_of(false), id});
  if (!record.ok() && record.code() == base::Code::missing)
    record = tree_.vault().get(reader, permit, {kUploads, group_of(true), id});
  if (!record.ok() && record.code() == base::Code::missing) return nothing();
  if (!record.ok()) return record.error();
  return to_unfinished(*record);
}

base::Result<void> Uploads::put(store::Tx& tx, const gate::Permit& permit,
                                const Unfinished& upload) {
  vault::Fields fields;
  fields.set("path", upload.path)
      .set("media_type", upload.media_type)
      .set("length", static_cast<std::int64_t>(upload.length))
      .set("offset", static_cast<std::int64_t>(upload.offset))
      .set("expires", upload.expires);
  if (upload.content) fields.set("content", *upload.content);
  if (upload.modified) fields.set("modified", *upload.modified);
  return tree_.vault().put(tx, permit, {kUploads, group_of(upload.finished()), upload.id}, fields,
                           upload.expires);
}

base::Result<void> Uploads::one_more(store::Reader& reader, const gate::Permit& permit) {
  const auto others =
      TRY(tree_.vault().list(reader, permit, {kUploads, group_of(false), {}}, uploads_max));
  if (others.size() < uploads_max) return {};
  return base::Error{base::Code::conflict,
                     "a thousand uploads are under way: finish or end some of them first"};
}

base::Result<Unfinished> Uploads::create(base::AccountId account, const Begin& begin,
                                         const Still& still) {
  const std::uint64_t length = begin.length;
  if (length > 0 && begin.path.root())
    return base::Error{base::Code::invalid, "path: a file needs a name"};
  const auto permit = TRY(tree_.ask(account, Kept::uploads));
  const auto files = TRY(tree_.ask(account, Kept::files));
  TRY(workspace_.usage(account));  // as the plan is now
  // What it brings is there to have now, and takes its room as it comes; one of no bytes, at once.
  const std::uint64_t itself = entries_of(begin.path);
  const Load load = length > 0 ? Load{length, 1, itself + 1} : Load{.entries = itself};
  auto room = TRY(tree_.room().take(files, account, load));
  if (length == 0) {
    TRY(tree_.vault().store().read(
        [&](store::Reader& reader) { return one_more(reader, permit); }));
    auto upload = TRY(workspace_.begin(account, begin.path, begin.media_type, 0));
    TRY(workspace_.keep(std::move(upload), begin.condition, still));
  }
  Unfinished upload;
  upload.id = base::RecordId::random(tree_.entropy());
  upload.path = begin.path.text();
  upload.media_type = begin.media_type;
  upload.length = length;
  upload.modified = begin.modified;
  upload.expires = tree_.clock().now() + (length == 0 ? kFinishedLives : upload_lives);
  TRY(tree_.vault().store().write([&](store::Tx& tx) -> base::Result<void> {
    if (length > 0) TRY(one_more(tx, permit));
    return put(tx, permit, upload);
  }));
  room.fill({.entries = itself});
  return upload;
}

base::Result<Unfinished> Uploads::find(base::AccountId account, base::RecordId id) {
  const auto permit = TRY(tree_.ask(account, Kept::uploads));
  std::optional<Unfinished> found;
  TRY(tree_.vault().store().read([&](store::Reader& reader) -> base::Result<void> {
    found = TRY(get(reader, permit, id));
    return {};
  }));
  return std::move(*found);
}

base::Result<Unfinished> Uploads::settled(base::AccountId account, base::RecordId id) {
  TRY(find(account, id));
  (void)busy_.take_over(id, tree_.clock(), upload_leaves_within);
  return find(account, id);
}

base::Result<std::vector<Unfinished>> Uploads::list(base::AccountId account) {
  const auto permit = TRY(tree_.ask(account, Kept::uploads));
  std::vector<Unfinished> uploads;
  TRY(tree_.vault().store().read([&](store::Reader& reader) -> base::Result<void> {
    const auto records =
        TRY(tree_.vault().list(reader, permit, {kUploads, group_of(false), {}}, uploads_max));
    for (const vault::Record& record : records) {
      auto upload = TRY(to_unfinished(record));
      upload.under_way = busy_.held(upload.id);
      uploads.push_back(std::move(upload));
    }
    return {};
  }));
  return uploads;
}

base::Result<void> Uploads::end(base::AccountId account, base::RecordId id) {
  const auto permit = TRY(tree_.ask(account, Kept::uploads));
  const auto hold = busy_.hold(id);
  return tree_.vault().store().write([&](store::Tx& tx) -> base::Result<void> {
    const auto upload = TRY(get(tx, permit, id));
    if (upload.content)
      TRY(tree_.vault().remove_content(tx, permit, kUploadContent, *upload.content));
    return tree_.vault().remove(tx, permit, {kUploads, group_of(upload.finished()), id});
  });
}

base::Result<std::optional<Uploads::Part>> Uploads::append(base::AccountId account,
                                                           const Unfinished& upload, Path path,
                                                           std::uint64_t offset,
                                                           const Condition& condition, Still still,
                                                           std::function<void()> asked) {
  auto hold = busy_.take_over(upload.id, tree_.clock(), upload_leaves_within);
  if (!hold) return std::optional<Part>();
  hold->when_wanted(std::move(asked));
  // Once more: another request may have been at it until now.
  auto now = TRY(find(account, upload.id));
  if (now.offset != offset)
    return base::Error{base::Code::conflict,
                       "this is not how far the upload has come: ask with HEAD, and go on there"};
  return std::optional<Part>(Part(*this, account, std::move(path), std::move(now), condition,
                                  std::move(still), std::move(*hold)));
}

base::Result<void> Uploads::Part::write(base::View bytes) {
  while (!bytes.empty()) {
    if (bytes.size() > now_.length - now_.offset - fresh_)
      return base::Error{base::Code::too_large, "this is more than the upload was said to have"};
    if (content_ == nullptr) {
      const auto permit = TRY(uploads_.tree_.ask(account_, Kept::uploads));
      vault::Vault& vault = uploads_.tree_.vault();
      auto opened = now_.content ? vault.append_content({permit, kUploadContent}, *now_.content)
                                 : vault.create_content(permit, kUploadContent);
      content_ = TRY(std::move(opened));
    }
    const auto some = bytes.first(static_cast<std::size_t>(
        std::min<std::uint64_t>(bytes.size(), upload_part_bytes - fresh_)));
    TRY(content_->write(some));
    fresh_ += some.size();
    bytes = bytes.subspan(some.size());
    // The last part is kept by finish(), which makes the file.
    if (fresh_ == upload_part_bytes && now_.offset + fresh_ < now_.length) TRY(keep());
  }
  return {};
}

base::Result<void> Uploads::Part::finish() {
  if (fresh_ == 0) return {};
  return keep();
}

base::Result<void> Uploads::Part::keep() {
  TRY(content_->finish());
  Tree& tree = uploads_.tree_;
  Workspace& workspace = uploads_.workspace_;
  const auto permit = TRY(tree.ask(account_, Kept::uploads));
  const auto permits = TRY(tree.ask_to_change(account_));
  Unfinished next = now_;
  next.offset += fresh_;
  const Load load{fresh_, now_.content ? 0UL : 1UL, next.finished() ? 1UL : 0UL};
  auto room = TRY(next.finished() ? tree.take_room(permits.files, account_, path_.parent(), load)
                                  : tree.room().take(permits.files, account_, load));
  next.expires = tree.clock().now() + upload_lives;
  next.content = content_->id();
  TRY(tree.vault().store().write([&](store::Tx& tx) -> base::Result<void> {
    if (still_) TRY(still_(tx));
    TRY(uploads_.get(tx, permit, now_.id));
    TRY(tree.vault().publish(tx, *content_, next.expires, vault::Whole::no));
    if (next.finished()) {
      Entry file;
      file.name = path_.names().back();
      file.size_bytes = next.length;
      file.changed = tree.clock().now();
      file.content = content_->id();
      file.media_type = next.media_type;
      const auto folder = TRY(tree.ensure_folders(tx, permits.files, path_.parent()));
      TRY(workspace.put_file(tx, permits, folder, file, condition_));
      TRY(tree.vault().move_content(tx, {permit, kUploadContent}, {permits.files, kContent},
                                    file.content));
      TRY(tree.vault().remove(tx, permit, {kUploads, group_of(false), next.id}));
      next.content.reset();
      next.expires = file.changed + kFinishedLives;
    }
    return uploads_.put(tx, permit, next);
  }));
  room.fill();
  now_ = std::move(next);
  content_.reset();
  fresh_ = 0;
  return {};
}

}  // namespace workspace
