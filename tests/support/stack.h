// For tests: every module up to accounts and workspace, over a temporary directory and the default
// notice, as app builds them, with a clock that stands still and cheap passwords. Can be closed and
// opened again. Never part of the program.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "accounts/accounts.h"
#include "accounts/changes.h"
#include "accounts/invitations.h"
#include "accounts/members.h"
#include "accounts/proving.h"
#include "egress/outbox.h"
#include "notice/notice.h"
#include "notice/policy.h"
#include "store/testing.h"
#include "store/vfs.h"
#include "tests/support/kept_letters.h"
#include "tests/support/opened.h"
#include "tests/support/same_allowance.h"
#include "tests/support/typed.h"
#include "vault/vault.h"
#include "workspace/records.h"

namespace support {

class Stack {
 public:
  Stack() { open(); }
  /// On a disk that a test makes up, with the database on it, and with chance that can be repeated.
  struct Made {
    base::Disk& disk;
    const store::Vfs& vfs;
    base::Wait& wait;
    base::Entropy& entropy;
  };
  explicit Stack(const Made& made)
      : disk(made.disk), wait(made.wait), entropy(made.entropy), vfs(&made.vfs) {
    open();
  }

  void close() {
    records.reset();
    workspace.reset();
    room.reset();
    proving.reset();
    changes.reset();
    members.reset();
    invitations.reset();
    accounts.reset();
    factors.reset();
    challenges.reset();
    proofs.reset();
    sessions.reset();
    throttle.reset();
    tokens.reset();
    outbox.reset();
    vault.reset();
    gate.reset();
    ledger.reset();
    keys.reset();
    holder.reset();
    store.reset();
  }
  void reopen() {
    close();
    open();
  }

  static notice::Document notice() {
    auto checked = notice::check(notice::default_file, notice::default_text());
    CHECK(checked.ok());
    return std::move(*checked.document);
  }

  std::optional<std::string> token() const { return transport.token(); }
  /// Signs somebody up, verifies her and logs her in.
  accounts::NewSession join(const std::string& name, const std::string& email,
                            const std::string& password) {
    accounts
        ->sign_up(
            {personal(name), address(email), secret(password), "http://localhost", {"1", "1"}})
        .value();
    outbox->tick().value();
    CHECK(accounts->verify(token().value(), secret(password)).value().has_value());
    return std::move(*accounts->log_in(address(email), secret(password)).value());
  }

  /// As if she had just proved in this session who she is.
  void prove(const accounts::NewSession& session) {
    store
        ->write([&](store::Tx& tx) {
          return proofs->proven(tx, session.identity.session, session.identity.user);
        })
        .value();
  }

  store::TemporaryDirectory directory;
  base::RealDisk machines_disk;
  base::SystemEntropy machines_entropy;
  base::ThreadWait machines_wait;
  base::Disk& disk = machines_disk;
  base::Wait& wait = machines_wait;
  base::ManualClock clock{base::parse_rfc3339("2026-11-23T12:00:00Z").value()};
  base::Entropy& entropy = machines_entropy;
  const store::Vfs* vfs = nullptr;  // the machine's own files
  std::vector<std::string> log_lines;
  base::Log log{clock, [this](std::string_view line) { log_lines.emplace_back(line); }};
  KeptLetters transport;
  notice::PolicyHandle policy{notice::Policy::compile(notice())};
  std::unique_ptr<accounts::Passwords> passwords =
      std::make_unique<accounts::Passwords>(wait, base::PasswordCost{1, 8192}, 2, 64);

  std::unique_ptr<store::Store> store;
  std::unique_ptr<keys::RootHolder> holder;
  std::unique_ptr<keys::Keys> keys;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<gate::Gate> gate;
  std::unique_ptr<vault::Vault> vault;
  std::unique_ptr<egress::Outbox> outbox;
  std::unique_ptr<accounts::Proofs> proofs;
  std::unique_ptr<accounts::Challenges> challenges;
  std::unique_ptr<accounts::Factors> factors;
  std::unique_ptr<accounts::Tokens> tokens;
  std::unique_ptr<accounts::Throttle> throttle;
  std::unique_ptr<accounts::Sessions> sessions;
  std::unique_ptr<accounts::Accounts> accounts;
  std::unique_ptr<accounts::Proving> proving;
  std::unique_ptr<accounts::Changes> changes;
  std::unique_ptr<accounts::Invitations> invitations;
  std::unique_ptr<accounts::Members> members;
  SameForAll allowance;
  std::unique_ptr<workspace::Room> room;
  std::unique_ptr<workspace::Workspace> workspace;
  std::unique_ptr<workspace::Records> records;

  /// Opens what was closed; an error leaves some of it open: close() before the next.
  base::Result<void> try_open() {
    std::vector<store::Schema> schemas = {
        ledger::Ledger::schema(),    keys::Keys::schema(),           gate::Gate::schema(),
        egress::Outbox::schema(),    accounts::Accounts::schema(),   accounts::Factors::schema(),
        accounts::Proofs::schema(),  accounts::Challenges::schema(), accounts::Sessions::schema(),
        accounts::Tokens::schema(),  accounts::Links::schema(),      accounts::Arrivals::schema(),
        accounts::Members::schema(), accounts::Invitations::schema()};
    for (const auto& schema : vault::Vault::schemas()) schemas.push_back(schema);
    const std::string data = directory.file("data");
    const std::string root = directory.file("data.root");
    TRY(disk.make_directory(data));
    TRY(disk.make_directory(root));
    store = TRY(store::Store::open(wait, {data + "/store.db", vfs}, schemas));
    holder = TRY(keys::FileRootHolder::open(disk, root));
    keys = TRY(keys::Keys::open(*store, *holder, disk, wait, entropy, data + "/keys.ktn"));
    base::SecretBytes seed(32);
    std::fill(seed.mutable_view().begin(), seed.mutable_view().end(), std::uint8_t{7});
    ledger = TRY(ledger::Ledger::open(*store, disk, wait, clock, data + "/log", "example.com/log",
                                      base::SigningKey::from_seed(seed).value()));
    gate = TRY(gate::Gate::open(*store, wait, policy));
    vault = TRY(vault::Vault::open({disk, wait, clock, entropy, *store, *ledger, *keys, *gate},
                                   data + "/content", collections()));
    outbox = std::make_unique<egress::Outbox>(*vault, transport,
                                              egress::Sender{"Example", "Street 1", "a@b.example"},
                                              clock, wait, entropy, log);
    proofs = std::make_unique<accounts::Proofs>(*store, clock, entropy);
    challenges = std::make_unique<accounts::Challenges>(clock, entropy);
    factors =
        TRY(accounts::Factors::open({*vault, *outbox, clock, entropy, *proofs, *challenges, log}));
    tokens = TRY(accounts::Tokens::open({*vault, clock, entropy, *proofs}));
    throttle = std::make_unique<accounts::Throttle>(clock, wait, entropy, 1024);
    sessions = TRY(accounts::Sessions::open({*vault, *outbox, clock, entropy, *throttle}));
    accounts = TRY(accounts::Accounts::open({*vault, *ledger, *keys, *outbox, clock, entropy, log,
                                             *passwords, *factors, *proofs, *sessions, *tokens},
                                            {"Example", "1", {"A tombstone"}, "1"}));
    proving =
        std::make_unique<accounts::Proving>(*store, *accounts, *factors, *proofs, *challenges);
    changes = std::make_unique<accounts::Changes>(*accounts);
    invitations = TRY(accounts::Invitations::open(*accounts));
    members = std::make_unique<accounts::Members>(*accounts);
    room = std::make_unique<workspace::Room>(*vault, clock, wait, allowance);
    workspace = TRY(workspace::Workspace::open({*vault, wait, clock, entropy, *room}));
    records = TRY(workspace::Records::open({*vault, clock, entropy, wait, *room}));
    return {};
  }
  static std::vector<vault::Collection> collections() {
    using Some = std::vector<vault::Collection>;
    Some all = accounts::Accounts::collections();
    for (const Some& some :
         {accounts::Factors::collections(), workspace::Workspace::collections(),
          workspace::Records::collections(), accounts::Invitations::collections(),
          Some{egress::Outbox::collection(), accounts::Sessions::collection(),
               accounts::Tokens::collection()}})
      all.insert(all.end(), some.begin(), some.end());
    return all;
  }

 private:
  void open() { try_open().value(); }
};

}  // namespace support
