// The directory of a backup: chunks named by their digest, content files named by their id and
// digest, and the manifest that is written last. Owns the names and the durability; never looks
// into anything. What has its final name is whole: it was synced before it got it, many files at
// once, since each wait for the disk alone lets a busy server make more than is copied.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "backup/manifest.h"
#include "base/disk.h"
#include "base/id.h"

namespace backup {

/// A content file of a backup.
struct Kept {
  base::ContentId id;
  std::uint64_t bytes = 0;
  base::Digest digest{};
};

class Shelf {
 public:
  Shelf(base::Disk& disk, std::string directory) : disk_(disk), directory_(std::move(directory)) {}

  base::Result<void> make();
  /// Nothing where no backup was ever completed here.
  base::Result<std::optional<Manifest>> manifest();
  /// Makes everything durable that was put, and then the manifest.
  base::Result<void> complete(const Manifest& manifest);

  /// Content with a chunk that is there. Answers how many bytes were written.
  base::Result<std::uint64_t> put_chunk(const Piece& piece, base::View bytes);
  /// Code::corrupt where it is not there, or is not what its name says.
  base::Result<base::Bytes> chunk(const Piece& piece);

  /// The content file of that id; nothing where it is not here, or not of the size `bytes` that it
  /// must have where that is known.
  base::Result<std::optional<Kept>> find_content(base::ContentId id,
                                                 std::optional<std::uint64_t> bytes);
  /// Copies `from`, which is whole and never changes. Code::missing where it is gone. It has its
  /// name after the next `publish`.
  base::Result<Kept> put_content(base::ContentId id, const std::string& from);
  /// Whether so much was put that it is time to publish.
  bool many() const;
  /// Makes what was put whole on the disk, and gives it its name.
  base::Result<void> publish();
  std::string path_of(const Kept& kept) const;
  /// Reads it through. Code::corrupt where it is not what its name says; hands each part to `each`.
  using OnBytes = std::function<base::Result<void>(base::View)>;
  base::Result<void> read_content(const Kept& kept, const OnBytes& each);

  /// Every file here by its path below the directory, but for the manifest.
  using OnFile = std::function<base::Result<void>(const std::string& path)>;
  base::Result<void> each_file(const OnFile& each);
  static std::string name_of(const Kept& kept);
  static std::string name_of(const Piece& piece);
  base::Result<void> remove(const std::string& path);

 private:
  base::Result<void> settle();
  std::string full(const std::string& path) const { return directory_ + "/" + path; }
  std::string unfinished_path(base::ContentId id) const;
  base::Result<std::uint64_t> copy_content(const std::string& from, const std::string& to,
                                           base::Digest& digest);

  base::Disk& disk_;
  const std::string directory_;
  std::vector<Kept> put_;  // copied, and without a name yet
  std::uint64_t put_bytes_ = 0;
  std::set<std::string> unsettled_;  // directories with new entries: 512 at most
  std::string listed_folder_;        // the names in it, so that ids in order cost a listing each
  std::vector<std::string> listed_;
};

}  // namespace backup
