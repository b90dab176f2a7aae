// The layout of a content file: segments one behind the other, each a message of its own. Owns no
// bytes; says where things are, and what a segment is bound to. The sizes come from the manifest,
// which is sealed beside the content's row (docs/formats/content.md).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "store/store.h"
#include "vault/segment.h"

namespace vault {

/// Plaintext of a segment; an upload that is longer starts another.
inline constexpr std::uint64_t kSegmentBytesMax = std::uint64_t{1} << 30;
inline constexpr std::size_t kSegmentsMax = 1 << 15;
/// Chunks that are sealed or opened between two calls to the disk.
inline constexpr std::size_t kChunksAtOnce = 8;

struct SegmentPlace {
  std::uint64_t plain_start = 0;  // in the content
  std::uint64_t plain_size = 0;
  std::uint64_t file_start = 0;
};

/// version u8 | count u32 | plaintext size of each segment u64.
base::Bytes encode_manifest(const std::vector<std::uint64_t>& sizes);
/// Where every segment stands. Code::corrupt for anything that encode_manifest does not make.
base::Result<std::vector<SegmentPlace>> decode_manifest(base::View bytes);

/// What segment `number` of a content is bound to.
base::Bytes segment_context(base::OwnerId owner, base::ContentId id, std::uint64_t number);

/// Every content file that a snapshot knows as published, by id: what a backup copies, unopened.
using OnContent = std::function<base::Result<void>(base::ContentId)>;
base::Result<void> each_published(store::Reader& reader, const OnContent& each);

/// DIR/aa and DIR/aa/<id>: two letters keep directories small.
std::string content_folder(const std::string& directory, base::ContentId id);
std::string content_path(const std::string& directory, base::ContentId id);
/// Behind a content file's name while a restore writes it. A server has none: those that stand at
/// its start are nobody's.
inline constexpr std::string_view kUnfinishedContent = ".part";

}  // namespace vault
