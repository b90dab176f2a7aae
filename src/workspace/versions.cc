#include "workspace/versions.h"

#include <algorithm>

namespace workspace {
namespace {

base::RecordId record_of(base::ContentId id) { return id.as<base::RecordTag>(); }

base::Result<Version> to_version(const vault::Record& record) {
  Version version;
  version.content = TRY(record.fields.id<base::ContentId>("content"));
  version.size_bytes = static_cast<std::uint64_t>(TRY(record.fields.integer("size")));
  version.changed = TRY(record.fields.time("changed"));
  version.replaced = TRY(record.fields.time("replaced"));
  version.expires = version.replaced + version_lives;
  version.media_type = TRY(record.fields.text("media_type"));
  return version;
}

}  // namespace

std::vector<vault::Collection> Versions::collections() {
  using vault::FieldKind;
  return {{kVersions,
           "workspace_versions",
           "versions",
           {{"content", FieldKind::content, "The bytes that the file had"},
            {"size", FieldKind::integer, "Size in bytes"},
            {"changed", FieldKind::time, "When it came in"},
            {"replaced", FieldKind::time, "When it was replaced"},
            {"media_type", FieldKind::text, "Kind of file, as it was said when it came in"}},
           vault::Expiry::at_given_time()},
          {kVersionContent,
           "workspace_versions",
           "version_content",
           {},
           vault::Expiry::at_given_time()}};
}

base::Result<void> Versions::retire(store::Tx& tx, const Permits& permits, const Entry& file) {
  CHECK(file.file != base::RecordId());
  vault::Vault& vault = tree_.vault();
  const auto earlier = TRY(list(tx, permits, file.file));
  for (std::size_t i = versions_max - 1; i < earlier.size(); ++i)
    TRY(remove(tx, permits, file.file, earlier.at(i).content));
  const base::Time now = tree_.clock().now();
  vault::Fields fields;
  fields.set("content", file.content)
      .set("size", static_cast<std::int64_t>(file.size_bytes))
      .set("changed", file.changed)
      .set("replaced", now)
      .set("media_type", file.media_type);
  const base::Time expires = now + version_lives;
  TRY(vault.put(tx, permits.versions, {kVersions, file.file, record_of(file.content)}, fields,
                expires));
  return vault.move_content(tx, {permits.files, kContent}, {permits.versions, kVersionContent},
                            file.content, expires);
}

base::Result<std::vector<Version>> Versions::list(store::Reader& reader, const Permits& permits,
                                                  base::RecordId file) {
  std::vector<Version> versions;
  if (file == base::RecordId()) return versions;
  const auto records =
      TRY(tree_.vault().list(reader, permits.versions, {kVersions, file, {}}, versions_max + 1));
  for (const vault::Record& record : records) {
    auto version = TRY(to_version(record));
    versions.push_back(std::move(version));
  }
  std::ranges::sort(versions, [](const Version& a, const Version& b) {
    return std::tie(a.replaced, a.changed) > std::tie(b.replaced, b.changed);
  });
  return versions;
}

base::Result<Version> Versions::get(store::Reader& reader, const Permits& permits,
                                    base::RecordId file, base::ContentId id) {
  const auto record = tree_.vault().get(reader, permits.versions, {kVersions, file, record_of(id)});
  if (!record.ok() && record.code() == base::Code::missing)
    return base::Error{base::Code::missing, "the file has no such earlier version"};
  if (!record.ok()) return record.error();
  return to_version(*record);
}

base::Result<void> Versions::bring_back(store::Tx& tx, const Permits& permits, base::RecordId file,
                                        base::ContentId id) {
  TRY(tree_.vault().remove(tx, permits.versions, {kVersions, file, record_of(id)}));
  return tree_.vault().move_content(tx, {permits.versions, kVersionContent},
                                    {permits.files, kContent}, id);
}

base::Result<void> Versions::remove(store::Tx& tx, const Permits& permits, base::RecordId file,
                                    base::ContentId id) {
  TRY(tree_.vault().remove(tx, permits.versions, {kVersions, file, record_of(id)}));
  return tree_.vault().remove_content(tx, permits.versions, kVersionContent, id);
}

base::Result<void> Versions::remove_all(store::Tx& tx, const Permits& permits,
                                        base::RecordId file) {
  for (const Version& version : TRY(list(tx, permits, file)))
    TRY(remove(tx, permits, file, version.content));
  return {};
}

}  // namespace workspace
