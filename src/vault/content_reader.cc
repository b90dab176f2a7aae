#include "vault/content_reader.h"

#include <algorithm>
#include <cstring>

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

std::uint64_t end_of(const std::vector<SegmentPlace>& segments) {
  return segments.back().plain_start + segments.back().plain_size;
}

}  // namespace

Result<std::unique_ptr<FileReader>> FileReader::open(base::OwnerId owner, base::ContentId id,
                                                     std::vector<SegmentPlace> segments,
                                                     std::shared_ptr<KeyLease> lease,
                                                     std::unique_ptr<base::File> file) {
  const SegmentPlace& last = segments.back();
  const std::uint64_t size = TRY(file->size());
  if (size != last.file_start + Segment::sealed_size(last.plain_size))
    return Error{Code::corrupt, "a content file is not as long as it was written"};
  return std::unique_ptr<FileReader>(
      new FileReader(owner, id, std::move(segments), std::move(lease), std::move(file)));
}

FileReader::FileReader(base::OwnerId owner, base::ContentId id, std::vector<SegmentPlace> segments,
                       std::shared_ptr<KeyLease> lease, std::unique_ptr<base::File> file)
    : owner_(owner),
      id_(id),
      segments_(std::move(segments)),
      lease_(std::move(lease)),
      file_(std::move(file)) {
  lease_->plain.reserve(Segment::chunk_size);
}

std::uint64_t FileReader::size() const { return end_of(segments_); }

Result<std::size_t> FileReader::read_at(std::uint64_t offset, base::Mutable out) {
  const base::Lock lock(lease_->mutex);
  if (lease_->ended) return Error{Code::gone, "the data has been erased"};
  std::size_t done = 0;
  while (done < out.size() && offset + done < size()) {
    const std::size_t some = TRY(read_some(offset + done, out.subspan(done)));
    done += some;
  }
  return done;
}

/// Reads whole chunks straight into `out` where it can, otherwise part of one chunk.
Result<std::size_t> FileReader::read_some(std::uint64_t offset, base::Mutable out) {
  TRY(select_segment(offset));
  const std::uint64_t within = offset - segments_[segment_].plain_start;
  std::uint64_t chunk = within / Segment::chunk_size;
  const std::size_t skip = within % Segment::chunk_size;
  if (skip != 0 || out.size() < plain_size(chunk)) {
    TRY(unseal_cached(chunk));
    const std::size_t some = std::min(out.size(), lease_->plain.size() - skip);
    std::memcpy(out.data(), lease_->plain.data() + skip, some);
    return some;
  }
  std::size_t chunks = 0;
  std::size_t plain = 0;
  while (chunks < kChunksAtOnce && plain_size(chunk + chunks) > 0 &&
         plain + plain_size(chunk + chunks) <= out.size())
    plain += plain_size(chunk + chunks++);
  TRY(load(chunk, chunks));
  base::View sealed = sealed_;
  for (base::Mutable rest = out.first(plain); chunks > 0; --chunks, ++chunk) {
    const std::size_t size = plain_size(chunk);
    TRY(lease_->segment->unseal(chunk, sealed.first(size + base::Aead::tag_size),
                                rest.first(size)));
    sealed = sealed.subspan(size + base::Aead::tag_size);
    rest = rest.subspan(size);
  }
  return plain;
}

Result<void> FileReader::select_segment(std::uint64_t offset) {
  const auto after = std::ranges::upper_bound(segments_, offset, {}, &SegmentPlace::plain_start);
  const auto number = static_cast<std::size_t>(after - segments_.begin()) - 1;
  if (lease_->segment.has_value() && segment_ == number) return {};
  lease_->plain.clear();
  std::array<std::uint8_t, Segment::header_size> header{};
  const std::size_t read = TRY(file_->read_at(segments_[number].file_start, header));
  const base::Bytes context = segment_context(owner_, id_, number);
  lease_->segment =
      TRY(Segment::open(lease_->input_key.view(), context, base::View(header).first(read)));
  segment_ = number;
  return {};
}

/// Plaintext bytes of a chunk of the selected segment; 0 behind the last.
std::size_t FileReader::plain_size(std::uint64_t chunk) const {
  const std::uint64_t size = segments_[segment_].plain_size;
  const std::uint64_t start = chunk * Segment::chunk_size;
  if (start >= size) return 0;
  return static_cast<std::size_t>(std::min<std::uint64_t>(Segment::chunk_size, size - start));
}

/// Reads sealed chunks of the selected segment from the file.
Result<void> FileReader::load(std::uint64_t chunk, std::size_t chunks) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < chunks; ++i) size += plain_size(chunk + i) + base::Aead::tag_size;
  sealed_.resize(size);
  const std::uint64_t start =
      segments_[segment_].file_start + Segment::header_size + chunk * Segment::sealed_chunk_size;
  const std::size_t read = TRY(file_->read_at(start, sealed_));
  if (read != size) return Error{Code::corrupt, "a content file ends too early"};
  return {};
}

Result<void> FileReader::unseal_cached(std::uint64_t chunk) {
  if (cached_ == chunk && !lease_->plain.empty()) return {};
  lease_->plain.clear();
  TRY(load(chunk, 1));
  lease_->plain.resize(plain_size(chunk));
  const auto opened = lease_->segment->unseal(chunk, sealed_, lease_->plain);
  if (!opened.ok()) lease_->plain.clear();
  cached_ = chunk;
  return opened;
}

}  // namespace vault
