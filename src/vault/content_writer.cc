#include "vault/content_writer.h"

#include <algorithm>

#include "base/mutant.h"

// A chunk is sealed as soon as it is full, because the last chunk of a segment must be shorter than
// the others. What is sealed once is never sealed again under the same nonce: after an error
// nothing more is written, and another upload has another salt.

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

}  // namespace

FileWriter::FileWriter(Place place, base::Disk& disk, base::Entropy& entropy,
                       std::shared_ptr<KeyLease> lease, std::unique_ptr<base::File> file,
                       Dropped dropped)
    : place_(std::move(place)),
      disk_(disk),
      entropy_(entropy),
      lease_(std::move(lease)),
      file_(std::move(file)),
      dropped_(std::move(dropped)) {
  CHECK(place_.segment_bytes_max > 0 && place_.segment_bytes_max % Segment::chunk_size == 0);
  lease_->plain.reserve(Segment::chunk_size);
  if (place_.begun) {
    segments_ = place_.begun->segments;
    file_size_ = place_.begun->file_size;
    for (const std::uint64_t size : segments_) size_ += size;
  }
  // Made once at its full size: growing it chunk by chunk would write zeros over each before the
  // ciphertext, which costs as much as a tenth of the sealing.
  sealed_.resize(Segment::header_size + (kChunksAtOnce + 1) * Segment::sealed_chunk_size);
}

FileWriter::~FileWriter() {
  file_.reset();
  dropped_(place_.id, fate_);
}

Result<void> FileWriter::write(base::View bytes) {
  const base::Lock lock(lease_->mutex);
  if (state_ == State::finished) return Error{Code::invalid, "the content has been ended"};
  if (lease_->ended) return Error{Code::gone, "the data has been erased"};
  if (state_ == State::failed) return Error{Code::io, "the content could not be written"};
  return failed(take(bytes));
}

Result<void> FileWriter::finish() {
  const base::Lock lock(lease_->mutex);
  if (state_ == State::finished) return {};
  if (lease_->ended) return Error{Code::gone, "the data has been erased"};
  if (state_ == State::failed) return Error{Code::io, "the content could not be written"};
  const auto finished = [&]() -> Result<void> {
    if (segments_.empty()) TRY(begin_segment());
    if (lease_->segment.has_value()) TRY(end_segment());
    TRY(flush());
    const bool unsynced =
        base::mutated(base::Mutant::content_not_synced) ||
        (place_.begun.has_value() && base::mutated(base::Mutant::part_not_synced));
    if (!unsynced) TRY(file_->sync());
    if (base::mutated(base::Mutant::content_name_not_synced)) return {};
    return disk_.sync_directory(content_folder(place_.directory, place_.id));
  };
  TRY(failed(finished()));
  state_ = State::finished;
  lease_->end();  // nothing is left to seal
  return {};
}

Result<std::vector<std::uint64_t>> FileWriter::segment_sizes() const {
  if (state_ != State::finished) return Error{Code::invalid, "the content has not been ended"};
  return segments_;
}

Result<void> FileWriter::failed(Result<void> result) {
  if (!result.ok()) state_ = State::failed;
  return result;
}

Result<void> FileWriter::take(base::View bytes) {
  base::Bytes& plain = lease_->plain;
  while (!bytes.empty()) {
    if (!lease_->segment.has_value()) TRY(begin_segment());
    if (plain.empty() && bytes.size() >= Segment::chunk_size) {
      TRY(seal_chunk(bytes.first(Segment::chunk_size)));
      bytes = bytes.subspan(Segment::chunk_size);
    } else {
      const auto some = bytes.first(std::min(bytes.size(), Segment::chunk_size - plain.size()));
      plain.insert(plain.end(), some.begin(), some.end());
      bytes = bytes.subspan(some.size());
      if (plain.size() == Segment::chunk_size) {
        TRY(seal_chunk(plain));
        plain.clear();
      }
    }
    if (segments_.back() == place_.segment_bytes_max) TRY(end_segment());
  }
  return {};
}

Result<void> FileWriter::begin_segment() {
  if (segments_.size() == kSegmentsMax) return Error{Code::too_large, "the content is too large"};
  std::array<std::uint8_t, Segment::salt_size> salt{};
  if (!base::mutated(base::Mutant::content_nonce_reused)) entropy_.fill(salt);
  const base::Bytes context = segment_context(place_.owner, place_.id, segments_.size());
  lease_->segment = Segment::create(lease_->input_key.view(), context, salt);
  const Segment::Header& header = lease_->segment->header();
  CHECK(waiting_ + header.size() <= sealed_.size());
  std::ranges::copy(header, sealed_.begin() + static_cast<std::ptrdiff_t>(waiting_));
  waiting_ += header.size();
  segments_.push_back(0);
  chunk_ = 0;
  return {};
}

/// Seals the last chunk: what is left, or nothing.
Result<void> FileWriter::end_segment() {
  TRY(seal_chunk(lease_->plain));
  base::wipe(lease_->plain);
  lease_->plain.clear();
  lease_->segment.reset();
  return {};
}

Result<void> FileWriter::seal_chunk(base::View plain) {
  const std::size_t size = plain.size() + base::Aead::tag_size;
  lease_->segment->seal(chunk_++, plain, base::Mutable(sealed_).subspan(waiting_, size));
  waiting_ += size;
  segments_.back() += plain.size();
  size_ += plain.size();
  if (waiting_ >= kChunksAtOnce * Segment::sealed_chunk_size) TRY(flush());
  return {};
}

Result<void> FileWriter::flush() {
  TRY(file_->write_at(file_size_, base::View(sealed_).first(waiting_)));
  file_size_ += waiting_;
  waiting_ = 0;
  return {};
}

}  // namespace vault
