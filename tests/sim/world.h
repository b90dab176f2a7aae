// The server's core as app puts it together, over a simulated disk, clock, chance and link: store,
// key tree, log, gate, vault and outbox, all real. Owns them; they can be closed, lose power, and
// be opened again. Knows nothing of what is right.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backup/backup.h"
#include "base/fiber_wait.h"
#include "egress/outbox.h"
#include "gate/testing.h"
#include "holder/replicas.h"
#include "store/vfs.h"
#include "tests/sim/disk.h"
#include "tests/sim/link.h"
#include "vault/vault.h"

namespace base {
struct OpeningForTests {
  static Opening make() { return {}; }
};
}  // namespace base

namespace sim {

using N = gate::SampleNotice;
inline constexpr notice::CategoryId kMailCategory{10};
inline constexpr notice::PurposeId kNotify{9};
inline const vault::Collection kPeople{"people",
                                       "identity",
                                       "profile",
                                       {{"owner", vault::FieldKind::id, "Owner"},
                                        {"slot", vault::FieldKind::integer, "Slot"},
                                        {"value", vault::FieldKind::integer, "Value"},
                                        {"address", vault::FieldKind::text, "Address"}}};
inline const vault::Collection kFiles{"files", "workspace_content", "files", {}};
/// Content on its way in, in parts that are acknowledged one by one.
inline const vault::Collection kGrowing{"growing", "workspace_content", "growing", {}};

/// Takes letters, or does not.
class Post final : public egress::Transport {
 public:
  Post(base::Wait& wait, std::uint64_t seed) : wait_(wait), choice_(seed) {}
  base::Result<egress::Delivery> deliver(const egress::Letter& letter,
                                         const egress::Sender& sender) override;
  struct Taken {
    std::string id;
    std::string to;
    std::string text;
  };
  std::vector<Taken> taken;
  bool reliable = false;

 private:
  base::Wait& wait_;
  Choice choice_;
};

class World {
 public:
  World(std::uint64_t seed, Trace& trace);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  base::Result<void> open();
  void close();
  bool is_open() const noexcept { return outbox != nullptr; }

  /// A new installation's files, made once for all seeds.
  static const base::FaultyDisk::Files& fresh();
  void install(const base::FaultyDisk::Files& files);

  static std::vector<store::Schema> schemas();
  backup::Source source() const { return {kData, all_schemas_, &vfs}; }
  store::Database database(const std::string& name = "store.db") const {
    return {std::string(kData) + "/" + name, &vfs};
  }
  std::string verifier_key() const;

  Trace& trace;
  base::ManualClock clock;
  base::SeededEntropy entropy;
  base::FiberWait fibers;
  Witness witness;
  Disk disk;
  store::Vfs vfs;
  Link link;
  Post post;
  base::Log log;
  notice::PolicyHandle policy;
  /// Master keys as seen so far: key -> owner's tag and generation.
  std::map<base::Bytes, std::pair<std::uint64_t, std::uint64_t>> keys_seen;
  std::string store_name = "store.db";
  std::string content_name = "content";

  std::unique_ptr<store::Store> store;
  std::unique_ptr<keys::RootHolder> roots;
  std::unique_ptr<keys::Keys> keys;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<gate::Gate> gate;
  std::unique_ptr<holder::Replicator> replicator;
  std::unique_ptr<holder::Replicas> replicas;
  std::unique_ptr<vault::Vault> vault;
  std::unique_ptr<egress::Outbox> outbox;

 private:
  const std::vector<store::Schema> all_schemas_;
};

}  // namespace sim
