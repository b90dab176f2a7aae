// Content as a whole: files in a directory and their rows. Owns vault_content and every file under
// the directory; a file without a published row is nobody's and is removed. Asks nobody for leave,
// which is the Vault's part.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/disk.h"
#include "base/entropy.h"
#include "keys/keys.h"
#include "store/store.h"
#include "vault/collection.h"
#include "vault/content.h"
#include "vault/content_writer.h"
#include "vault/key_lease.h"

namespace vault {

/// Safe from any thread. Outlives the readers and writers that it made.
class ContentStore {
 public:
  struct Parts {
    base::Disk& disk;
    base::Wait& wait;
    base::Entropy& entropy;
    store::Store& store;
    keys::Keys& keys;
  };
  static store::Schema schema();
  /// Makes the directory and removes from it what was never published or has been left.
  static base::Result<std::unique_ptr<ContentStore>> open(
      const Parts& parts, std::string directory,
      std::uint64_t segment_bytes_max = kSegmentBytesMax);

  base::Result<std::unique_ptr<ContentWriter>> create(base::OwnerId owner,
                                                      base::Literal collection);
  /// Of what has been written into which collection, for whom.
  static const FileWriter::Place& place(const ContentWriter& writer);
  /// With Whole::no it is there for append() alone.
  base::Result<void> publish(store::Tx& tx, const ContentWriter& writer, const Stay& stay,
                             Whole whole = Whole::yes);
  /// Goes on behind what was published of content that is not whole, in a segment of its own. Not
  /// two at once.
  base::Result<std::unique_ptr<ContentWriter>> append(base::OwnerId owner, base::Literal collection,
                                                      base::ContentId id, base::Time now);
  /// Content of one collection becomes another's, and is whole: its manifest is sealed anew, its
  /// file stays.
  base::Result<void> move(store::Tx& tx, base::OwnerId owner, base::ContentId id,
                          base::Literal from, base::Literal to, const Stay& stay);
  /// What has expired at `now` is missing.
  base::Result<std::unique_ptr<ContentReader>> read(base::OwnerId owner, base::Literal collection,
                                                    base::ContentId id, base::Time now);
  base::Result<void> remove(store::Tx& tx, base::OwnerId owner, base::Literal collection,
                            base::ContentId id);
  /// Forgets content that has expired, where that is still when it expires: it may have got another
  /// term since, or none. Answers how many.
  static base::Result<std::int64_t> expire(store::Tx& tx, base::OwnerId owner, base::ContentId id,
                                           std::int64_t expires);
  base::Result<void> remove_all(store::Tx& tx, base::OwnerId owner);
  /// Content of a collection by id, behind `after`; not that which has expired at `now`.
  struct Kept {
    base::ContentId id;
    std::uint64_t bytes = 0;
    std::int64_t expires = 0;  // 0: never
  };
  static base::Result<std::vector<Kept>> page(store::Reader& reader, base::OwnerId owner,
                                              base::Literal collection, base::ContentId after,
                                              std::size_t pieces_max, base::Time now);
  static base::Result<Usage> usage(store::Reader& reader, base::OwnerId owner);

  /// Removes the files that committed transactions left, then their rows. Not inside a transaction.
  base::Result<void> collect();
  /// Ends every open reader and writer of `owner`.
  void end(base::OwnerId owner) { leases_.end(owner); }

 private:
  struct Row;
  ContentStore(const Parts& parts, std::string directory, std::uint64_t segment_bytes_max);
  base::Result<std::shared_ptr<KeyLease>> lease(base::OwnerId owner);
  static base::Result<Row> row(store::Reader& reader, base::OwnerId owner, base::Literal collection,
                               base::ContentId id, base::Time now);
  base::Result<Row> row(base::OwnerId owner, base::Literal collection, base::ContentId id,
                        base::Time now);
  base::Result<std::vector<SegmentPlace>> segments_of(base::OwnerId owner, base::Literal collection,
                                                      base::ContentId id, const Row& at);
  base::Result<base::Bytes> seal_manifest(const FileWriter& file, std::int64_t expires);
  base::Result<void> insert(store::Tx& tx, const FileWriter& file, const Stay& stay, Whole whole);
  base::Result<void> remove_orphans();
  base::Result<void> collect_left();
  base::Result<void> collect_unsure();
  base::Result<std::vector<base::ContentId>> rows_between(base::ContentId first,
                                                          base::ContentId last);
  base::Result<bool> has_row(base::ContentId id);
  base::Result<void> remove_file(base::ContentId id);
  void dropped(base::ContentId id, FileWriter::Fate fate);

  const Parts parts_;
  const std::string directory_;
  const std::uint64_t segment_bytes_max_;
  KeyLeases leases_;
  base::Mutex mutex_;
  std::vector<base::ContentId> unsure_;  // published in a transaction whose end is not known
};

}  // namespace vault
