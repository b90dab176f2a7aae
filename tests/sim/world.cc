#include "tests/sim/world.h"

#include "backup/dormant.h"
#include "ledger/note.h"

namespace sim {

using base::Code;
using base::Error;
using base::Result;

namespace {

constexpr const char* kOrigin = "log.example.com";
constexpr std::uint64_t kFreshSeed = 0x5ca1a6;

notice::Policy sample_policy() {
  notice::Document document = N::document();
  notice::Category mail;
  mail.id = "mail";
  mail.number = kMailCategory.number;
  mail.retention = "short";
  document.categories.push_back(mail);
  notice::Purpose notify;
  notify.id = "notify";
  notify.number = kNotify.number;
  notify.basis = notice::Basis::contract;
  notify.categories = {"mail"};
  document.purposes.push_back(notify);
  for (notice::Purpose& purpose : document.purposes)
    if (purpose.id == "rights_requests") purpose.categories.emplace_back("mail");
  return notice::Policy::compile(std::move(document));
}

base::SigningKey signer() { return base::SigningKey::from_seed(base::SecretBytes(32)).value(); }

}  // namespace

Result<egress::Delivery> Post::deliver(const egress::Letter& letter,
                                       const egress::Sender& /*sender*/) {
  using egress::Outcome;
  if (!reliable) {
    wait_.sleep(base::Duration(static_cast<std::int64_t>(choice_.below(3'000))));
    if (choice_.one_in(8)) return Error{Code::unavailable, "nobody takes letters now"};
    if (choice_.one_in(16)) return egress::Delivery{Outcome::unreachable};
    if (choice_.one_in(8)) return egress::Delivery{Outcome::later, 451};
  }
  const auto opening = base::OpeningForTests::make();
  taken.push_back({letter.id.str(), letter.to.open(opening), letter.text.open(opening)});
  // Taken, and the answer is lost: it comes again.
  if (!reliable && choice_.one_in(10)) return egress::Delivery{Outcome::unknown};
  return egress::Delivery{Outcome::accepted, 250};
}

World::World(std::uint64_t seed, Trace& its_trace)
    : trace(its_trace),
      clock(base::parse_rfc3339("2026-11-23T14:00:00Z").value()),
      entropy(seed),
      fibers(seed, clock),
      disk(fibers, trace, witness, seed + 1),
      vfs(disk, fibers, clock, entropy),
      link(fibers, clock, trace, seed + 2),
      post(fibers, seed + 3),
      log(clock, [](std::string_view) {}),
      policy(sample_policy()),
      all_schemas_(schemas()) {
  disk.faulty().make_directory(kData).value();
}
World::~World() { close(); }

std::vector<store::Schema> World::schemas() {
  std::vector<store::Schema> all = vault::Vault::schemas();
  for (const store::Schema& schema :
       {keys::Keys::schema(), ledger::Ledger::schema(), gate::Gate::schema(),
        egress::Outbox::schema(), backup::dormant_schema()})
    all.push_back(schema);
  return all;
}

std::string World::verifier_key() const {
  return ledger::VerifierKey::of(kOrigin, signer().public_key()).str();
}

Result<void> World::open() {
  close();
  const std::string data = kData;
  store = TRY(store::Store::open(fibers, database(store_name), all_schemas_));
  roots = TRY(keys::FileRootHolder::open(disk, kRootDirectory));
  keys = TRY(keys::Keys::open(*store, *roots, disk, fibers, entropy, data + "/keys.ktn"));
  ledger = TRY(ledger::Ledger::open(*store, disk, fibers, clock, data + "/log", kOrigin, signer()));
  gate = TRY(gate::Gate::open(*store, fibers, policy));
  replicator = std::make_unique<holder::Replicator>(
      holder::Replicator::Parts{fibers, clock, entropy, *store, *keys, *ledger, link}, "second", 1);
  replicas =
      std::make_unique<holder::Replicas>(clock, std::vector<holder::Replicator*>{replicator.get()});
  keys->on_commit([this] { replicas->wake(); });
  const std::vector<vault::Collection> collections = {kPeople, kFiles, kGrowing,
                                                      egress::Outbox::collection()};
  vault = TRY(vault::Vault::open(
      {disk, fibers, clock, entropy, *store, *ledger, *keys, *gate, replicas.get()},
      data + "/" + content_name, collections));
  outbox = std::make_unique<egress::Outbox>(*vault, post,
                                            egress::Sender{"Example", "Street 1", "a@b.example"},
                                            clock, fibers, entropy, log);
  return {};
}

void World::close() {
  outbox.reset();
  vault.reset();
  if (keys != nullptr) keys->on_commit({});
  replicas.reset();
  replicator.reset();
  gate.reset();
  ledger.reset();
  keys.reset();
  roots.reset();
  store.reset();
}

void World::install(const base::FaultyDisk::Files& files) {
  disk.faulty().put(files);
  for (const auto& [path, bytes] : files) {
    if (path == "data/keys.ktn") witness.pages(0, bytes);
    if (path == "root/root.ktn") witness.roots(bytes);
  }
}

const base::FaultyDisk::Files& World::fresh() {
  static const base::FaultyDisk::Files made = [] {
    Trace trace({});
    World world(kFreshSeed, trace);
    const auto opened = world.open();
    if (!opened.ok()) base::check_failed(opened.error().chain().c_str(), __FILE__, __LINE__);
    world.close();
    return world.disk.faulty().live();
  }();
  return made;
}

}  // namespace sim
