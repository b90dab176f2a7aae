// Opens a content file at any offset, chunk by chunk. Owns the open file, which stays readable
// after its name is gone; holds its key and plaintext in a lease that an erasure can end.
#pragma once

#include <memory>
#include <vector>

#include "base/disk.h"
#include "vault/content.h"
#include "vault/content_file.h"
#include "vault/key_lease.h"

namespace vault {

class FileReader final : public ContentReader {
 public:
  /// Code::corrupt where the file is not as long as the manifest says.
  static base::Result<std::unique_ptr<FileReader>> open(base::OwnerId owner, base::ContentId id,
                                                        std::vector<SegmentPlace> segments,
                                                        std::shared_ptr<KeyLease> lease,
                                                        std::unique_ptr<base::File> file);
  std::uint64_t size() const override;
  base::Result<std::size_t> read_at(std::uint64_t offset, base::Mutable out) override;

 private:
  FileReader(base::OwnerId owner, base::ContentId id, std::vector<SegmentPlace> segments,
             std::shared_ptr<KeyLease> lease, std::unique_ptr<base::File> file);
  base::Result<std::size_t> read_some(std::uint64_t offset, base::Mutable out);
  base::Result<void> select_segment(std::uint64_t offset);
  base::Result<void> load(std::uint64_t chunk, std::size_t chunks);
  base::Result<void> unseal_cached(std::uint64_t chunk);
  std::size_t plain_size(std::uint64_t chunk) const;

  const base::OwnerId owner_;
  const base::ContentId id_;
  const std::vector<SegmentPlace> segments_;
  const std::shared_ptr<KeyLease> lease_;
  const std::unique_ptr<base::File> file_;
  std::size_t segment_ = 0;   // the one that the lease has open
  std::uint64_t cached_ = 0;  // the chunk of it whose plaintext the lease holds, if any
  base::Bytes sealed_;        // the chunks last loaded
};

}  // namespace vault
