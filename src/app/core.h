// Every module below the faces, built once, lowest first. Data members are in the order of
// construction, so that they are taken down in reverse.
#pragma once

#include <memory>
#include <string>

#include "accounts/accounts.h"
#include "accounts/changes.h"
#include "accounts/entrance.h"
#include "accounts/invitations.h"
#include "accounts/members.h"
#include "accounts/plans.h"
#include "accounts/proving.h"
#include "app/options.h"
#include "app/plan_allowance.h"
#include "app/replication.h"
#include "base/clock.h"
#include "base/disk.h"
#include "base/entropy.h"
#include "base/log.h"
#include "base/mandate.h"
#include "base/process.h"
#include "base/wait.h"
#include "egress/outbox.h"
#include "egress/smtp.h"
#include "gate/gate.h"
#include "holder/primary.h"
#include "keys/keys.h"
#include "ledger/ledger.h"
#include "notice/policy.h"
#include "store/store.h"
#include "vault/vault.h"
#include "workspace/records.h"
#include "workspace/workspace.h"

namespace app {

/// Where in the data directory the bulk stands: a restore builds another beside the one that
/// stands.
struct Layout {
  std::string store = "store.db";
  std::string content = "content";
  std::unique_ptr<base::LockFile> lock = nullptr;  // of the data directory, where it is held
  /// Makes what is live of the store again, from the key tree and the log.
  bool store_lost = false;
  std::string origin = "";  // with that: the name under which the log goes on; empty: as it was
  std::unique_ptr<keys::RootHolder> holder = nullptr;  // of the root, where it is not the usual one
  bool replicas = true;                                // whether they are asked, and followed
  /// People log in, with these plans: what a password's hash costs is measured, and kept.
  std::optional<notice::Plans> plans = std::nullopt;
  bool begun = false;  // goes on with a restore from a holder; nobody else opens what it has begun
};

/// In a data directory: a restore from a holder is under way.
inline constexpr base::Literal kTakingOver = "taking-over";

struct Core {
  /// Makes missing directories; refuses data without its root.
  static base::Result<std::unique_ptr<Core>> open(const ServeOptions& options,
                                                  const notice::Document& document,
                                                  Layout layout = {},
                                                  base::Children* outside = nullptr);
  /// Code::unavailable where no memory for keys can be locked.
  static base::Result<void> check_memory();
  /// The tables of all modules.
  static std::vector<store::Schema> schemas();
  /// Whoever a row of `database` belongs to, and who has a key without any; ascending, each once.
  static base::Result<std::vector<base::OwnerId>> owners_in(const std::string& database);

  Core(const ServeOptions& options, const notice::Document& the_document);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  const notice::Document document;
  base::RealDisk disk;
  base::ThreadWait wait;
  base::Mandate mandate{wait};
  std::unique_ptr<base::Clock> owned_clock;
  base::Clock& clock;
  base::SteppingClock* stepping = nullptr;  // with --test-clock
  base::SteadyClock steady;
  base::SystemEntropy entropy;
  base::Log log;
  base::Children* outside = nullptr;  // who starts children that connect, while serving
  std::string content_directory;
  std::string log_directory;
  std::string outbox_directory;
  std::string bounces_directory;

  std::unique_ptr<base::LockFile> lock;
  std::unique_ptr<notice::PolicyHandle> policy;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<keys::RootHolder> holder;
  std::unique_ptr<keys::Keys> keys;
  std::unique_ptr<Replication> replication;
  std::unique_ptr<gate::Gate> gate;
  std::unique_ptr<vault::Vault> vault;
  std::unique_ptr<egress::Transport> transport;
  egress::SmtpTransport* smtp = nullptr;  // the transport, where it is that one
  std::unique_ptr<egress::Outbox> outbox;
  // As this machine was measured at the start, where people log in.
  accounts::MeasuredCost password_cost{accounts::password_cost_min};
  std::unique_ptr<accounts::Passwords> passwords;
  std::unique_ptr<accounts::Proofs> proofs;
  std::unique_ptr<accounts::Challenges> challenges;
  std::unique_ptr<accounts::Factors> factors;
  std::unique_ptr<accounts::Throttle> throttle;
  std::unique_ptr<accounts::Sessions> sessions;
  std::unique_ptr<accounts::Tokens> tokens;
  std::unique_ptr<accounts::Entrance> entrance;
  std::unique_ptr<accounts::Accounts> accounts;
  std::unique_ptr<accounts::Proving> proving;
  std::unique_ptr<accounts::Changes> changes;
  std::unique_ptr<accounts::Invitations> invitations;
  std::unique_ptr<accounts::Members> members;
  std::unique_ptr<accounts::Plans> plans;  // while serving
  PlanAllowance allowance{plans};
  std::unique_ptr<workspace::Room> room;
  std::unique_ptr<workspace::Workspace> workspace;
  std::unique_ptr<workspace::Records> records;

 private:
  base::Result<void> open_storage(const std::string& data, const std::string& root,
                                  const ServeOptions& options, Layout& layout);
  base::Result<void> open_holder(const std::string& root, const ServeOptions& options,
                                 holder::Tree tree, const keys::Wrapping* wrapping);
  base::Result<void> open_ledger(const Layout& layout);
  base::Result<void> make_map_again(const std::string& database);
  base::Result<void> open_transport(const SmtpOptions& options);
  base::Result<void> open_modules(const SmtpOptions& smtp_options,
                                  const std::optional<notice::Plans>& served);
  base::Result<void> settle_password_cost();
};

/// What outlives a free account, from the notice's survivors.
std::vector<const notice::Survivor*> survivors_of_an_account(const notice::Document& document);

}  // namespace app
