// The vault: personal data at rest, and the only door to it. Owns the sealed records, the sealed
// content and the directory of addresses; every byte of them is ciphertext under the key of its
// owner. Nothing is read without a Permit, nothing is kept that is not a declared Collection, and
// an erased owner's data cannot be opened by anybody, this module included.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/disk.h"
#include "base/entropy.h"
#include "base/id.h"
#include "base/wait.h"
#include "gate/gate.h"
#include "keys/following.h"
#include "keys/keys.h"
#include "ledger/ledger.h"
#include "store/store.h"
#include "vault/address.h"
#include "vault/bucket_locks.h"
#include "vault/collection.h"
#include "vault/content.h"
#include "vault/entry.h"
#include "vault/fields.h"
#include "vault/holdings.h"
#include "vault/standing.h"
#include "vault/stuck_erasure.h"

namespace vault {

struct CheckFindings;
using CheckProgress = std::function<void(const CheckFindings&)>;

class Vault {
 public:
  static std::vector<store::Schema> schemas();

  struct Parts {  // what it is made of, lowest first
    base::Disk& disk;
    base::Wait& wait;
    base::Clock& clock;
    base::Entropy& entropy;
    store::Store& store;
    ledger::Ledger& ledger;
    keys::Keys& keys;
    gate::Gate& gate;
    keys::Followers* followers = nullptr;  // nobody: no replicas
  };
  /// Opens the vault over `directory` (content). Finishes erasures that a crash interrupted, as far
  /// as it can (see stuck_erasures), and removes what was never published. Code::invalid where the
  /// notice does not bear out a collection: see vault/collections.h.
  static base::Result<std::unique_ptr<Vault>> open(const Parts& parts, const std::string& directory,
                                                   std::span<const Collection> collections);
  ~Vault();
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;

  // Records. The permit's category must be the collection's; Code::denied otherwise. Code::invalid
  // for an undeclared collection.
  /// Code::invalid where the fields are not those that the collection declares. `expires` for a
  /// collection that takes a time, and for no other.
  base::Result<void> put(store::Tx& tx, const gate::Permit& permit, const Key& key,
                         const Fields& fields, std::optional<base::Time> expires = {});
  /// Code::missing where there is none or it has expired, Code::corrupt where it does not open.
  base::Result<Record> get(store::Reader& reader, const gate::Permit& permit, const Key& key);
  /// The records of `key.collection` and `key.group`, by id, after `key.id` (exclusive; zero: all).
  base::Result<std::vector<Record>> list(store::Reader& reader, const gate::Permit& permit,
                                         const Key& after, std::size_t records_max);
  /// Code::missing where there is none.
  base::Result<void> remove(store::Tx& tx, const gate::Permit& permit, const Key& key);
  /// A record id that only the owner's key can compute from `name` within `group`: a lookup that
  /// leaves nothing behind when the key is gone.
  base::Result<base::RecordId> pseudonym(const gate::Permit& permit, base::RecordId group,
                                         const base::Personal<std::string>& name);

  // Content: see vault/content.h.
  base::Result<std::unique_ptr<ContentWriter>> create_content(const gate::Permit& permit,
                                                              base::Literal collection);
  /// Makes written content permanent in `tx`; until then a crash or dropping the writer removes it.
  /// With Whole::no nobody reads it yet: append_content() goes on with it, move_content() makes it
  /// whole.
  base::Result<void> publish(store::Tx& tx, const ContentWriter& writer,
                             std::optional<base::Time> expires = {}, Whole whole = Whole::yes);
  /// Goes on behind what was published of content that is not whole, to be published again. Not two
  /// at once. Code::missing where there is none, Code::conflict where it is whole.
  base::Result<std::unique_ptr<ContentWriter>> append_content(const InCollection& in,
                                                              base::ContentId id);
  base::Result<std::unique_ptr<ContentReader>> open_content(const gate::Permit& permit,
                                                            base::Literal collection,
                                                            base::ContentId id);
  /// What is in one collection is in another from now on; who reads it goes on. Code::missing where
  /// there is none in `from`, Code::denied where the permits are not of one owner.
  base::Result<void> move_content(store::Tx& tx, const InCollection& from, const InCollection& to,
                                  base::ContentId id, std::optional<base::Time> expires = {});
  /// Forgets content in `tx`; its file is collected after the commit (and at the latest at open).
  base::Result<void> remove_content(store::Tx& tx, const gate::Permit& permit,
                                    base::Literal collection, base::ContentId id);

  /// How much the permit's owner keeps in a collection of records, or in one group of it, counted
  /// one by one.
  base::Result<Usage> usage(store::Reader& reader, const gate::Permit& permit,
                            base::Literal collection, std::optional<base::RecordId> group = {});
  /// How many records that is, from the index alone.
  base::Result<std::uint64_t> count(store::Reader& reader, const gate::Permit& permit,
                                    base::Literal collection);
  /// How much content the permit's owner keeps, in all collections.
  base::Result<Usage> usage(store::Reader& reader, const gate::Permit& permit);

  // Directory: e-mail address -> user and account. Sealed buckets, each under a key of its own.
  struct Listed {
    base::UserId user;
    base::AccountId account;
  };
  /// Nothing where the address is not listed; the work is the same.
  base::Result<std::optional<Listed>> find(const Address& address);
  /// Code::conflict where the address is listed already. Call inside the transaction that makes
  /// the user; the address must be held (hold_directory) until `tx` has ended.
  base::Result<void> enlist(store::Tx& tx, const BucketLocks::Hold& hold, const Address& address,
                            const Listed& listed);
  /// In the same way, lists a listed address for somebody else. Code::missing where it is not.
  base::Result<void> relist(store::Tx& tx, const BucketLocks::Hold& hold, const Address& address,
                            const Listed& listed);
  /// Keeps the addresses as they are listed now: whoever would change it waits. Not while holding
  /// others.
  base::Result<BucketLocks::Hold> hold_directory(std::span<const Address> addresses);

  // Journal: see vault/journal.h. The openings are records of the vault's own collection
  // "log_openings", in the group of zeros.
  base::Result<ledger::Ticket> journal(store::Tx& tx, base::OwnerId owner, const Entry& entry);

  // Standing: see vault/standing.h.
  /// Changes how a person stands, with its entry in her standing chain: nobody else can. Its
  /// content gets a member `standing`. Code::invalid for a purpose without consent or objection.
  base::Result<ledger::Ticket> change_standing(store::Tx& tx, base::OwnerId owner,
                                               const StandingChange& change, const Entry& entry);

  // Restore, after the owner's rows were put back from a backup.
  /// Moves her counts past what the log knows already; where it knows later changes of how she
  /// stands, she counts as unconfirmed until she says.
  base::Result<CaughtUp> catch_up(store::Tx& tx, base::OwnerId owner);
  /// How many entries of hers the log has, whatever was put back of her. Changes nothing.
  base::Result<std::uint64_t> logged(base::OwnerId owner);
  using OnListed = std::function<base::Result<void>(const Address&, const Listed&)>;
  using Listings = std::function<base::Result<void>(const OnListed&)>;
  /// Makes the directory anew from what `listings` tells, under locks and transactions of its own;
  /// what stood in it is gone. Answers how many addresses were told twice (the first one counts).
  base::Result<std::uint64_t> rebuild_directory(const Listings& listings);

  // All collections at once, for the exercise of her rights: see vault/rights.h.
  /// What is held about `owner`; nothing is opened for it.
  base::Result<Inventory> inventory(gate::Actor actor, base::OwnerId owner);
  /// Every record with every field, and every piece of content, page by page.
  base::Result<ExportPage> export_page(gate::Actor actor, base::OwnerId owner,
                                       const ExportCursor& at);
  std::vector<ExportSchema> export_schemas() const;
  /// What expired and was removed since open; tick() does that.
  Swept swept() const;
  /// When something that had expired was removed last, ever: time does not go back behind it.
  static base::Result<std::optional<base::Time>> swept_at(store::Reader& reader);

  // Erasure.
  struct Erasing {
    base::OwnerId owner;              // under whose label chain the entry stands
    std::vector<base::OwnerId> also;  // erased in the same commit
    std::vector<Address> addresses;   // leave the directory with them, where listed for them
    std::optional<Entry> entry;       // "epoch" and "erased_at" are added; nothing: not logged
    std::uint64_t logged = 0;         // after a restore: the entries of hers that it goes behind
  };
  /// Destroys the owners' keys: durable intent (with `along` in the same transaction), tree commit,
  /// tombstones, log entry and its checkpoint, then the ciphertext. Once the intent is durable it
  /// is finished even after a crash. Answers when the entry stands in a signed checkpoint. Not
  /// while holding some of the directory.
  base::Result<Erased> erase(const Erasing& what, const store::Store::Body& along);

  /// Removes what has expired and the files of content that was removed, and finishes erasures
  /// that an error interrupted. Called by app's timer; never inside a transaction.
  base::Result<void> tick();
  /// Those that open() or the last tick() could not finish; Code::corrupt is no error of tick().
  std::vector<StuckErasure> stuck_erasures();

  /// Opens every record and reads all content, to find damage: see vault/check.h.
  base::Result<CheckFindings> check(const CheckProgress& progress);

  store::Store& store() noexcept;
  gate::Gate& gate() noexcept;

 private:
  struct Impl;
  explicit Vault(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vault
