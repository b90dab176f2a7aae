#include "app/core.h"

#include <algorithm>
#include <array>
#include <thread>

#include "accounts/kept_cost.h"
#include "app/log_signer.h"
#include "app/outside.h"
#include "app/passphrase.h"
#include "app/plan_allowance.h"
#include "backup/dormant.h"
#include "backup/restore.h"
#include "keys/reserved.h"
#include "ledger/handover.h"

namespace app {
namespace {

constexpr std::size_t kSecretBytes = 2 << 20;  // key pages and keys at work; see the memory limit
constexpr std::size_t kPasswordsWaiting = 8;   // half of the server's pool
constexpr base::Duration kPasswordTakes = std::chrono::milliseconds(100);

std::unique_ptr<base::Clock> make_clock(const ServeOptions& options) {
  if (options.test_clock) return std::make_unique<base::SteppingClock>();
  return std::make_unique<base::SystemClock>();
}

accounts::Facts facts_of(const notice::Document& document) {
  accounts::Facts facts{document.operator_.name,
                        std::to_string(document.version),
                        {},
                        std::to_string(document.terms.version)};
  for (const notice::Survivor* survivor : survivors_of_an_account(document))
    facts.stays.push_back(notice::in(survivor->text, "en"));
  return facts;
}

}  // namespace

std::vector<const notice::Survivor*> survivors_of_an_account(const notice::Document& document) {
  // What remains for good and belongs to nobody's key; all else needs a cause (a payment, a case).
  std::vector<const notice::Survivor*> left;
  for (const notice::Survivor& survivor : document.survivors)
    if (survivor.key == "none" && survivor.keeping.from == "account_ends")
      left.push_back(&survivor);
  return left;
}

Core::Core(const ServeOptions& options, const notice::Document& the_document)
    : document(the_document),
      owned_clock(make_clock(options)),
      clock(*owned_clock),
      stepping(options.test_clock ? static_cast<base::SteppingClock*>(owned_clock.get()) : nullptr),
      log(clock, base::stderr_sink()) {}

base::Result<std::unique_ptr<Core>> Core::open(const ServeOptions& options,
                                               const notice::Document& document, Layout layout,
                                               base::Children* outside) {
  TRY(check_memory());
  auto core = std::make_unique<Core>(options, document);
  const std::string root = root_of(options);
  TRY_AS(core->disk.make_directory(options.data), "cannot make the data directory");
  core->lock = std::move(layout.lock);
  if (core->lock == nullptr)
    core->lock =
        std::make_unique<base::LockFile>(TRY(base::LockFile::take(options.data + "/lock")));
  if (!layout.begun && TRY(core->disk.exists(options.data + "/" + kTakingOver.c_str())))
    return base::Error{base::Code::conflict,
                       "a restore from a holder was begun here and did not come to its end: run it "
                       "again (restore --from-holder)"};
  core->outside = outside;
  core->content_directory = options.data + "/" + layout.content;
  core->log_directory = options.data + "/log";
  core->outbox_directory = options.data + "/outbox";
  core->bounces_directory = options.data + "/bounces";
  core->policy = std::make_unique<notice::PolicyHandle>(notice::Policy::compile(document));
  TRY(core->open_storage(options.data, root, options, layout));
  TRY(core->open_modules(options.smtp, layout.plans));
  return core;
}

base::Result<void> Core::open_storage(const std::string& data, const std::string& root,
                                      const ServeOptions& options, Layout& layout) {
  const std::string database = data + "/" + layout.store;
  const bool old_data = TRY(disk.exists(database));
  const bool old_root = TRY(disk.exists(root));
  if (old_data && !old_root)
    return base::Error{base::Code::missing,
                       "the data directory has data, but its root directory is not there: "
                       "refusing to start (give it by --root)"};
  TRY_AS(disk.make_directory(root), "cannot make the root directory");
  const PassphraseWrapping wrapping(TRY(read_passphrase(options.passphrase_file)), entropy);
  // Before anything is signed or destroyed: a host that was replaced goes no further.
  ReplicaLines replicas;
  if (layout.replicas)
    replicas = TRY(reach_replicas({disk, wait, entropy, steady, outside, wrapping.get()}, root));
  // Before anything is made: without its root nothing opens, and a new tree needs a place for one.
  const auto tree = old_data ? holder::Tree::is_there : holder::Tree::is_to_be_made;
  holder = std::move(layout.holder);
  if (holder == nullptr) TRY(open_holder(root, options, tree, wrapping.get()));
  store = TRY_AS(store::Store::open(wait, database, schemas()), "cannot open the store");

  keys =
      TRY_AS(keys::Keys::open(*store, *holder, disk, wait, entropy, data + "/keys.ktn", &mandate),
             "cannot open the key tree");
  if (layout.store_lost) TRY(make_map_again(database));
  TRY(open_ledger(layout));
  replication = TRY(Replication::open({wait, entropy, steady, log, *store, *keys, *ledger, mandate},
                                      std::move(replicas)));
  return {};
}

base::Result<void> Core::check_memory() {
  if (base::secret_memory_available(kSecretBytes)) return {};
  return base::Error{base::Code::unavailable,
                     "cannot lock memory for keys: raise the limit (ulimit -l) to 8192 or more"};
}

std::vector<store::Schema> Core::schemas() {
  std::vector<store::Schema> schemas = {ledger::Ledger::schema(), keys::Keys::schema(),
                                        gate::Gate::schema(), backup::dormant_schema()};
  for (const store::Schema& schema : vault::Vault::schemas()) schemas.push_back(schema);
  schemas.push_back(egress::Outbox::schema());
  schemas.push_back(accounts::Accounts::schema());
  schemas.push_back(accounts::Factors::schema());
  schemas.push_back(accounts::Proofs::schema());
  schemas.push_back(accounts::Challenges::schema());
  schemas.push_back(accounts::Sessions::schema());
  schemas.push_back(accounts::Tokens::schema());
  schemas.push_back(accounts::Links::schema());
  schemas.push_back(accounts::Arrivals::schema());
  schemas.push_back(accounts::KeptCost::schema());
  schemas.push_back(accounts::Invitations::schema());
  schemas.push_back(accounts::Members::schema());
  return schemas;
}

base::Result<std::vector<base::OwnerId>> Core::owners_in(const std::string& database) {
  std::vector<base::OwnerId> named = {keys::log_signer()};  // of whom no row is
  const auto tables = TRY(store::Tables::snapshot(database));
  TRY(backup::each_owner(*tables, schemas(), [&](base::OwnerId owner) -> base::Result<void> {
    named.push_back(owner);
    return {};
  }));
  std::ranges::sort(named);
  const auto twice = std::ranges::unique(named);
  named.erase(twice.begin(), twice.end());
  return named;
}

base::Result<void> Core::open_holder(const std::string& root, const ServeOptions& options,
                                     holder::Tree tree, const keys::Wrapping* wrapping) {
  holder::PrimaryParts parts{disk, wait, entropy, steady, dial_arguments(), wrapping};
  parts.starter = outside;
  parts.mandate = &mandate;
  holder = TRY(holder::open_primary(parts, root, options.root_holder, tree));
  return {};
}

/// The map of keys, from the tree and the owners that the bulk names.
base::Result<void> Core::make_map_again(const std::string& database) {
  TRY_AS(keys->rebuild_map({}), "cannot make the map of keys again from the tree");
  const auto named = TRY(owners_in(database));
  return store->write([&](store::Tx& tx) { return keys->claim(tx, named); });
}

/// Where the store was lost, its leaves are made again first, under the origin that goes on.
base::Result<void> Core::open_ledger(const Layout& layout) {
  auto signer = TRY(open_log_signer(*store, *keys, disk, log_directory));
  if (layout.store_lost && !layout.origin.empty())
    TRY_AS(ledger::change_origin(disk, log_directory, layout.origin, signer),
           "the log cannot go on under another origin");
  const std::string origin =
      TRY(ledger::origin_in_force(disk, log_directory, document.operator_.log_origin));
  if (layout.store_lost) {
    const auto verifier = ledger::VerifierKey::of(origin, signer.public_key());
    TRY_AS(ledger::Ledger::refill(*store, disk, log_directory, verifier.str()),
           "cannot make the leaves again from the log");
  }
  ledger = TRY_AS(ledger::Ledger::open(*store, disk, wait, clock, log_directory, origin,
                                       std::move(signer), &mandate),
                  "cannot open the ledger");
  auto handed_over =
      TRY_AS(resume_rotation({*store, *keys, disk, wait, clock, *ledger, log_directory, &mandate}),
             "cannot go on with the handover of the log's key");
  if (handed_over) ledger = std::move(handed_over);
  return {};
}

base::Result<void> Core::open_transport(const SmtpOptions& options) {
  if (const auto server = smtp_server(options)) {
    auto access = TRY(smtp_access(disk, options));
    auto made = std::make_unique<egress::SmtpTransport>(
        wait, clock, egress::smtp_words(mail_arguments(), *server), std::move(access), outside);
    smtp = made.get();
    transport = std::move(made);
    return {};
  }
  auto files = TRY(egress::EmlTransport::open(disk, clock, outbox_directory));
  transport = std::make_unique<egress::EmlTransport>(std::move(files));
  return {};
}

/// A command hashes no password, and chooses for nobody what that costs.
base::Result<void> Core::settle_password_cost() {
  const accounts::MeasureCost measure = accounts::measure_by(steady);
  const auto chosen = TRY(accounts::choose_cost(measure, kPasswordTakes));
  password_cost = TRY(accounts::KeptCost::settle(*store, chosen, measure));
  return {};
}

base::Result<void> Core::open_modules(const SmtpOptions& smtp_options,
                                      const std::optional<notice::Plans>& served) {
  gate = TRY(gate::Gate::open(*store, wait, *policy));
  std::vector<vault::Collection> collections = accounts::Accounts::collections();
  for (const vault::Collection& collection : accounts::Factors::collections())
    collections.push_back(collection);
  for (const vault::Collection& collection : workspace::Workspace::collections())
    collections.push_back(collection);
  for (const vault::Collection& collection : workspace::Records::collections())
    collections.push_back(collection);
  collections.push_back(egress::Outbox::collection());
  collections.push_back(accounts::Sessions::collection());
  collections.push_back(accounts::Tokens::collection());
  for (auto& one : accounts::Invitations::collections()) collections.push_back(std::move(one));
  vault = TRY_AS(vault::Vault::open({disk, wait, clock, entropy, *store, *ledger, *keys, *gate,
                                     &replication->followers()},
                                    content_directory, collections),
                 "cannot open the vault");

  TRY(open_transport(smtp_options));
  outbox = std::make_unique<egress::Outbox>(*vault, *transport, sender_of(document, smtp_options),
                                            clock, wait, entropy, log);
  if (served) TRY(settle_password_cost());
  passwords = std::make_unique<accounts::Passwords>(
      wait, password_cost.cost, std::max(1U, std::thread::hardware_concurrency()),
      kPasswordsWaiting);
  proofs = std::make_unique<accounts::Proofs>(*store, clock, entropy);
  challenges = std::make_unique<accounts::Challenges>(clock, entropy);
  factors =
      TRY(accounts::Factors::open({*vault, *outbox, clock, entropy, *proofs, *challenges, log}));
  throttle = std::make_unique<accounts::Throttle>(clock, wait, entropy);
  sessions = TRY(accounts::Sessions::open({*vault, *outbox, clock, entropy, *throttle}));
  tokens = TRY(accounts::Tokens::open({*vault, clock, entropy, *proofs}));
  entrance = std::make_unique<accounts::Entrance>(*vault, *sessions, *throttle);
  accounts = TRY(accounts::Accounts::open({*vault, *ledger, *keys, *outbox, clock, entropy, log,
                                           *passwords, *factors, *proofs, *sessions, *tokens},
                                          facts_of(document)));
  proving = std::make_unique<accounts::Proving>(*store, *accounts, *factors, *proofs, *challenges);
  changes = std::make_unique<accounts::Changes>(*accounts);
  invitations = TRY(accounts::Invitations::open(*accounts));
  members = std::make_unique<accounts::Members>(*accounts);
  if (served) plans = TRY(accounts::Plans::open(*vault, *served));
  room = std::make_unique<workspace::Room>(*vault, clock, wait, allowance);
  workspace = TRY(workspace::Workspace::open({*vault, wait, clock, entropy, *room}));
  records = TRY(workspace::Records::open({*vault, clock, entropy, wait, *room}));
  return {};
}

}  // namespace app
