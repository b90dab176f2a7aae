#include "vault/content_file.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::uint8_t kVersion = 1;
// No sum of segments comes near the end of what a file offset can say.
constexpr std::uint64_t kPlainMax = std::uint64_t{1} << 60;

}  // namespace

base::Bytes encode_manifest(const std::vector<std::uint64_t>& sizes) {
  base::Bytes out;
  out.push_back(kVersion);
  base::put_u32(out, static_cast<std::uint32_t>(sizes.size()));
  for (const std::uint64_t size : sizes) base::put_u64(out, size);
  return out;
}

Result<std::vector<SegmentPlace>> decode_manifest(base::View bytes) {
  base::Reader reader(bytes);
  const std::uint8_t version = TRY(reader.u8());
  const std::uint32_t count = TRY(reader.u32());
  if (version != kVersion || count == 0 || count > kSegmentsMax)
    return Error{Code::corrupt, "a manifest of no known form"};
  std::vector<SegmentPlace> places;
  SegmentPlace next;
  for (std::uint32_t i = 0; i < count; ++i) {
    next.plain_size = TRY(reader.u64());
    if (next.plain_size > kPlainMax - next.plain_start)
      return Error{Code::corrupt, "a manifest with an impossible size"};
    places.push_back(next);
    next.plain_start += next.plain_size;
    next.file_start += Segment::sealed_size(next.plain_size);
  }
  if (!reader.done()) return Error{Code::corrupt, "a manifest is longer than its list"};
  return places;
}

base::Bytes segment_context(base::OwnerId owner, base::ContentId id, std::uint64_t number) {
  base::Bytes context = base::copy(base::view("content v1"));
  base::put_block(context, owner.bytes());
  base::put_block(context, id.bytes());
  base::put_u64(context, number);
  return context;
}

Result<void> each_published(store::Reader& reader, const OnContent& each) {
  return reader.query("SELECT id FROM vault_content WHERE state = 1 ORDER BY id", {},
                      [&](const store::Row& row) -> Result<void> {
                        const auto id = TRY(row.id<base::ContentId>(0));
                        return each(id);
                      });
}

std::string content_folder(const std::string& directory, base::ContentId id) {
  return directory + "/" + id.str().substr(0, 2);
}

std::string content_path(const std::string& directory, base::ContentId id) {
  return content_folder(directory, id) + "/" + id.str();
}

}  // namespace vault
