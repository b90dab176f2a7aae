// Seals a stream into a content file, chunk by chunk. Owns the file until the content is published;
// holds its plaintext and key in a lease that an erasure can end.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/disk.h"
#include "base/entropy.h"
#include "vault/content.h"
#include "vault/content_file.h"
#include "vault/key_lease.h"

namespace vault {

class FileWriter final : public ContentWriter {
 public:
  /// What is in the file already: the plaintext sizes of its segments, and where they end.
  struct Begun {
    std::vector<std::uint64_t> segments;
    std::uint64_t file_size = 0;
  };
  struct Place {
    base::OwnerId owner;
    base::Literal collection;
    base::ContentId id;
    std::string directory;
    std::uint64_t segment_bytes_max;
    std::optional<Begun> begun = std::nullopt;
  };
  enum class Fate : std::uint8_t { unpublished, published };
  /// `dropped` is called at the end of its life with what has become of the content.
  using Dropped = std::function<void(base::ContentId, Fate)>;

  FileWriter(Place place, base::Disk& disk, base::Entropy& entropy, std::shared_ptr<KeyLease> lease,
             std::unique_ptr<base::File> file, Dropped dropped);
  ~FileWriter() override;

  base::Result<void> write(base::View bytes) override;
  base::Result<void> finish() override;
  base::ContentId id() const override { return place_.id; }
  std::uint64_t size() const override { return size_; }

  const Place& place() const noexcept { return place_; }
  /// The plaintext sizes of the segments; Code::invalid before finish().
  base::Result<std::vector<std::uint64_t>> segment_sizes() const;
  void published() const noexcept { fate_ = Fate::published; }

 private:
  enum class State : std::uint8_t { open, finished, failed };
  base::Result<void> take(base::View bytes);
  base::Result<void> begin_segment();
  base::Result<void> end_segment();
  base::Result<void> seal_chunk(base::View plain);
  base::Result<void> flush();
  base::Result<void> failed(base::Result<void> result);

  const Place place_;
  base::Disk& disk_;
  base::Entropy& entropy_;
  const std::shared_ptr<KeyLease> lease_;
  std::unique_ptr<base::File> file_;
  const Dropped dropped_;
  State state_ = State::open;
  mutable Fate fate_ = Fate::unpublished;

  std::uint64_t size_ = 0;
  std::vector<std::uint64_t> segments_;  // sizes, the open one last
  std::uint64_t chunk_ = 0;              // the next of the open segment
  base::Bytes sealed_;                   // of which the first `waiting_` are not yet in the file
  std::size_t waiting_ = 0;
  std::uint64_t file_size_ = 0;
};

}  // namespace vault
