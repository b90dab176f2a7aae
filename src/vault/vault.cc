#include "vault/vault.h"

#include "vault/check.h"
#include "vault/collections.h"
#include "vault/content_store.h"
#include "vault/directory.h"
#include "vault/door.h"
#include "vault/erasure.h"
#include "vault/expiry.h"
#include "vault/journal.h"
#include "vault/records.h"
#include "vault/rights.h"
#include "vault/standings.h"

namespace vault {
namespace {

using base::Result;

constexpr base::Literal kPseudonymKey = "vault pseudonym v1";

/// What the vault does on its own account, whoever asks: it writes and seals the log's openings.
Result<void> check_notice(const notice::Policy& policy) {
  const auto category = policy.category(kLogOpenings.c_str());
  const auto purpose = policy.purpose("accountability");
  if (!category || !purpose || !policy.allowed(*category, *purpose, {}).allowed())
    return base::Error{base::Code::invalid,
                       "the notice does not switch on the purpose accountability for log_openings, "
                       "and without it nothing can be erased with a receipt"};
  return {};
}

}  // namespace

struct Vault::Impl {
  Impl(const Parts& its_parts, Collections its_collections)
      : parts(its_parts),
        collections(std::move(its_collections)),
        records(parts.keys, parts.entropy),
        journal({parts.clock, parts.entropy, parts.ledger, parts.keys, records}),
        standings(parts.gate, journal) {}

  Parts parts;
  Collections collections;
  Records records;
  Journal journal;
  Standings standings;
  std::unique_ptr<ContentStore> content;
  std::unique_ptr<Directory> directory;
  std::unique_ptr<Erasures> erasures;
  std::unique_ptr<Expiries> expiries;
  std::unique_ptr<Rights> rights;
};

std::vector<store::Schema> Vault::schemas() {
  return {Records::schema(), ContentStore::schema(), Directory::schema(), Journal::schema(),
          Expiries::schema()};
}

Result<std::unique_ptr<Vault>> Vault::open(const Parts& parts, const std::string& directory,
                                           std::span<const Collection> collections) {
  Collections resolved = TRY(Collections::resolve(collections, parts.gate.policy().current()));
  TRY(check_notice(parts.gate.policy().current()));
  auto impl = std::make_unique<Impl>(parts, std::move(resolved));
  impl->content = TRY(ContentStore::open(
      {parts.disk, parts.wait, parts.entropy, parts.store, parts.keys}, directory));
  impl->expiries = TRY(Expiries::open(
      {parts.wait, parts.clock, parts.store, parts.gate, impl->collections, impl->records}));
  impl->rights = std::make_unique<Rights>(
      Rights::Parts{parts.store, parts.gate, impl->collections, impl->records, *impl->expiries});
  impl->directory = TRY(Directory::open(parts.store, parts.keys, parts.entropy, parts.wait));
  impl->erasures = std::make_unique<Erasures>(Erasures::Parts{
      parts.wait, parts.clock, parts.entropy, parts.store, parts.ledger, parts.keys, parts.gate,
      impl->records, *impl->content, *impl->directory, impl->journal, parts.followers});
  TRY(impl->erasures->finish_interrupted());
  return std::unique_ptr<Vault>(new Vault(std::move(impl)));
}

Vault::Vault(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Vault::~Vault() = default;

Result<void> Vault::put(store::Tx& tx, const gate::Permit& permit, const Key& key,
                        const Fields& fields, std::optional<base::Time> expires) {
  const auto* declared = TRY(impl_->collections.records(permit, key.collection));
  TRY(Door::check(declared->collection, fields));
  const Stay stay = TRY(impl_->collections.stay(*declared, impl_->expiries->now(), expires));
  return impl_->records.put(tx, permit.owner(), key, fields, stay);
}

Result<Record> Vault::get(store::Reader& reader, const gate::Permit& permit, const Key& key) {
  TRY(impl_->collections.records(permit, key.collection));
  return impl_->records.get(reader, permit.owner(), key, impl_->expiries->now());
}

Result<std::vector<Record>> Vault::list(store::Reader& reader, const gate::Permit& permit,
                                        const Key& after, std::size_t records_max) {
  TRY(impl_->collections.records(permit, after.collection));
  return impl_->records.list(reader, permit.owner(), after, records_max, impl_->expiries->now());
}

Result<void> Vault::remove(store::Tx& tx, const gate::Permit& permit, const Key& key) {
  TRY(impl_->collections.records(permit, key.collection));
  return impl_->records.remove(tx, permit.owner(), key);
}

Result<base::RecordId> Vault::pseudonym(const gate::Permit& permit, base::RecordId group,
                                        const base::Personal<std::string>& name) {
  const base::SecretBytes key = TRY(impl_->parts.keys.derive(permit.owner(), kPseudonymKey));
  base::Bytes message;
  base::put_block(message, group.bytes());
  base::put_block(message, base::view(Door::open(name)));
  const base::Digest digest = base::hmac_sha256(key.view(), message);
  base::wipe(message);
  return base::RecordId::from(base::View(digest).first(base::RecordId::size));
}

Result<std::unique_ptr<ContentWriter>> Vault::create_content(const gate::Permit& permit,
                                                             base::Literal collection) {
  TRY(impl_->collections.content(permit, collection));
  return impl_->content->create(permit.owner(), collection);
}

Result<void> Vault::publish(store::Tx& tx, const ContentWriter& writer,
                            std::optional<base::Time> expires, Whole whole) {
  const auto* declared = impl_->collections.find(ContentStore::place(writer).collection.c_str());
  CHECK(declared != nullptr);  // it was looked up when the writer was made
  const Stay stay = TRY(impl_->collections.stay(*declared, impl_->expiries->now(), expires));
  return impl_->content->publish(tx, writer, stay, whole);
}

Result<std::unique_ptr<ContentWriter>> Vault::append_content(const InCollection& in,
                                                             base::ContentId id) {
  TRY(impl_->collections.content(in.permit, in.collection));
  return impl_->content->append(in.permit.owner(), in.collection, id, impl_->expiries->now());
}

Result<std::unique_ptr<ContentReader>> Vault::open_content(const gate::Permit& permit,
                                                           base::Literal collection,
                                                           base::ContentId id) {
  TRY(impl_->collections.content(permit, collection));
  return impl_->content->read(permit.owner(), collection, id, impl_->expiries->now());
}

Result<void> Vault::remove_content(store::Tx& tx, const gate::Permit& permit,
                                   base::Literal collection, base::ContentId id) {
  TRY(impl_->collections.content(permit, collection));
  return impl_->content->remove(tx, permit.owner(), collection, id);
}

Result<Usage> Vault::usage(store::Reader& reader, const gate::Permit& permit,
                           base::Literal collection, std::optional<base::RecordId> group) {
  TRY(impl_->collections.records(permit, collection));
  return Records::usage(reader, permit.owner(), collection, group);
}

Result<std::uint64_t> Vault::count(store::Reader& reader, const gate::Permit& permit,
                                   base::Literal collection) {
  TRY(impl_->collections.records(permit, collection));
  return Records::count(reader, permit.owner(), collection);
}

Result<void> Vault::move_content(store::Tx& tx, const InCollection& from, const InCollection& to,
                                 base::ContentId id, std::optional<base::Time> expires) {
  TRY(impl_->collections.content(from.permit, from.collection));
  const auto* declared = TRY(impl_->collections.content(to.permit, to.collection));
  if (from.permit.owner() != to.permit.owner())
    return base::Error{base::Code::denied, "content never changes its owner"};
  const Stay stay = TRY(impl_->collections.stay(*declared, impl_->expiries->now(), expires));
  return impl_->content->move(tx, from.permit.owner(), id, from.collection, to.collection, stay);
}

Result<Usage> Vault::usage(store::Reader& reader, const gate::Permit& permit) {
  return ContentStore::usage(reader, permit.owner());
}

Result<std::optional<Vault::Listed>> Vault::find(const Address& address) {
  return impl_->directory->find(address);
}

Result<void> Vault::enlist(store::Tx& tx, const BucketLocks::Hold& hold, const Address& address,
                           const Listed& listed) {
  return impl_->directory->enlist(tx, hold, address, listed);
}

Result<void> Vault::relist(store::Tx& tx, const BucketLocks::Hold& hold, const Address& address,
                           const Listed& listed) {
  return impl_->directory->relist(tx, hold, address, listed);
}

Result<BucketLocks::Hold> Vault::hold_directory(std::span<const Address> addresses) {
  return impl_->directory->hold(addresses);
}

Result<ledger::Ticket> Vault::journal(store::Tx& tx, base::OwnerId owner, const Entry& entry) {
  return impl_->journal.enter(tx, owner, entry, Chain::entries);
}

Result<ledger::Ticket> Vault::change_standing(store::Tx& tx, base::OwnerId owner,
                                              const StandingChange& change, const Entry& entry) {
  return impl_->standings.change(tx, owner, change, entry);
}

Result<CaughtUp> Vault::catch_up(store::Tx& tx, base::OwnerId owner) {
  return impl_->standings.catch_up(tx, owner);
}

Result<std::uint64_t> Vault::logged(base::OwnerId owner) {
  std::uint64_t logged = 0;
  TRY(impl_->parts.store.read([&](store::Reader& reader) -> Result<void> {
    logged = TRY(impl_->journal.logged(reader, owner, Chain::entries));
    return {};
  }));
  return logged;
}

Result<std::uint64_t> Vault::rebuild_directory(const Listings& listings) {
  return impl_->directory->rebuild(listings);
}

Result<Inventory> Vault::inventory(gate::Actor actor, base::OwnerId owner) {
  return impl_->rights->inventory(actor, owner);
}

Result<ExportPage> Vault::export_page(gate::Actor actor, base::OwnerId owner,
                                      const ExportCursor& at) {
  return impl_->rights->page(actor, owner, at);
}

std::vector<ExportSchema> Vault::export_schemas() const { return impl_->rights->schemas(); }

Swept Vault::swept() const { return impl_->expiries->total(); }
base::Result<std::optional<base::Time>> Vault::swept_at(store::Reader& reader) {
  return Expiries::swept_at(reader);
}

Result<Erased> Vault::erase(const Erasing& what, const store::Store::Body& along) {
  return impl_->erasures->erase(what, along);
}

Result<CheckFindings> Vault::check(const CheckProgress& progress) {
  return vault::check(impl_->parts.store, impl_->records, *impl_->content, impl_->collections.all(),
                      progress);
}

Result<void> Vault::tick() {
  // None waits for another: files are to go although an erasure cannot be finished yet.
  const auto swept = impl_->expiries->sweep();
  auto collected = impl_->content->collect();
  TRY(impl_->erasures->finish_interrupted());
  TRY(swept);
  TRY(collected);
  for (StuckErasure& stuck : impl_->erasures->stuck())
    if (stuck.why.code() != base::Code::corrupt) return std::move(stuck.why);
  return {};
}

std::vector<StuckErasure> Vault::stuck_erasures() { return impl_->erasures->stuck(); }

store::Store& Vault::store() noexcept { return impl_->parts.store; }
gate::Gate& Vault::gate() noexcept { return impl_->parts.gate; }

}  // namespace vault
