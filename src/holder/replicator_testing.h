// For tests: a server with keys and a log, a replica of it on another disk, and the link between
// them within one process. Owns all of them. Never part of the program.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "base/faulty_disk.h"
#include "holder/replica.h"
#include "holder/replica_testing.h"
#include "holder/replicator.h"
#include "ledger/testing.h"

namespace holder {

/// A link within this process that can be cut, lose requests or answers, and deliver twice.
class TestLink final : public Channel {
 public:
  explicit TestLink(Handler& replica) : replica_(&replica) {}
  base::Result<base::Bytes> call(Method method, base::View body) override {
    const base::Lock lock(mutex_);
    const base::Error gone(base::Code::unavailable, "the link is down");
    ++calls;
    if (cut || replica_ == nullptr) return gone;
    if (without_pages && method == Method::replica_pages) return gone;
    if (lossy && entropy_.number() % 24 == 0) return gone;
    if (lossy && entropy_.number() % 5 == 0) (void)replica_->handle(method, body).ok();
    const std::uint64_t operations = disk == nullptr ? 0 : disk->operations();
    auto answer = replica_->handle(method, body);
    if (disk != nullptr) most = std::max(most, disk->operations() - operations);
    if (method == Method::replica_commit) ++commits;
    if (method == Method::replica_commit && during_commit) during_commit();
    if (method == Method::replica_pages && on_pages) on_pages();
    if (method == Method::replica_commit && after_commit) std::exchange(after_commit, {})();
    if (lossy && entropy_.number() % 24 == 0) return gone;
    return answer;
  }
  void lead_to(Handler* replica) {
    const base::Lock lock(mutex_);
    replica_ = replica;
  }
  std::atomic<bool> cut = false;
  std::atomic<bool> lossy = false;
  std::atomic<bool> without_pages = false;
  std::atomic<int> calls = 0;
  std::function<void()> after_commit;  // once
  std::function<void()> during_commit;
  std::function<void()> on_pages;
  std::uint64_t commits = 0;
  base::FaultyDisk* disk = nullptr;  // the replica's
  std::uint64_t most = 0;            // operations on it for one request

 private:
  base::ThreadWait wait_;
  base::Mutex mutex_{wait_};
  Handler* replica_;
  base::SystemEntropy entropy_;
};

/// A server with keys and a log, and a replica of it on another disk.
struct World {
  World() {
    disk.make_directory("data").value();
    store = store::Store::open(
                wait, directory.file("store.db"),
                std::vector<store::Schema>{keys::Keys::schema(), ledger::Ledger::schema()})
                .value();
    root = keys::FileRootHolder::open(disk, "root").value();
    keys = keys::Keys::open(*store, *root, disk, wait, entropy, "data/keys.ktn").value();
    log = ledger::Ledger::open(*store, disk, wait, clock, "data/log", "log.example",
                               ledger::test_signer())
              .value();
    replica = Replica::open(replica_disk, clock, "replica").value();
    link = std::make_unique<TestLink>(*replica);
    start(1);
  }
  void start(std::uint64_t incarnation) {
    replicator = std::make_unique<Replicator>(
        Replicator::Parts{wait, steady, entropy, *store, *keys, *log, *link}, "second",
        incarnation);
  }
  void reopen() {
    link->lead_to(nullptr);
    replica.reset();
    replica = Replica::open(replica_disk, clock, "replica").value();
    link->lead_to(replica.get());
  }
  std::vector<base::OwnerId> settle(std::size_t count) {
    std::vector<base::OwnerId> owners;
    for (std::size_t i = 0; i < count; ++i) owners.push_back(base::OwnerId::random(entropy));
    keys->mint(owners).value();
    store
        ->write([&](store::Tx& tx) -> base::Result<void> {
          for (const base::OwnerId owner : owners) TRY(keys->bind(tx, owner));
          return {};
        })
        .value();
    return owners;
  }
  keys::Erasure intend(base::OwnerId owner) {
    auto erasure = keys->prepare(std::array{owner}, {}).value();
    store->write([&](store::Tx& tx) { return keys->intend(tx, erasure, {}); }).value();
    return erasure;
  }
  std::uint64_t erase(base::OwnerId owner) {
    const std::uint64_t epoch = keys->commit(intend(owner)).value();
    store->write([&](store::Tx& tx) { return keys->finish(tx, std::array{owner}); }).value();
    return epoch;
  }
  void enter(std::uint64_t n) {
    ledger::Ticket ticket{};
    store
        ->write([&](store::Tx& tx) -> base::Result<void> {
          ticket = TRY(log->append(tx, ledger::test_leaf(n)));
          return {};
        })
        .value();
    log->await(ticket).value();
  }
  /// The newest root that the server has, as its bytes.
  base::SecretBytes root_key() {
    return keys
        ->follow(keys->epoch(), [](std::uint64_t, base::View) { return base::Result<void>(); })
        ->key.clone();
  }

  base::ThreadWait wait;
  base::SystemEntropy entropy;
  base::SystemClock clock;
  base::SteadyClock steady;
  store::TemporaryDirectory directory;
  base::FaultyDisk disk{wait};
  base::FaultyDisk replica_disk{wait};
  std::unique_ptr<store::Store> store;
  std::unique_ptr<keys::RootHolder> root;
  std::unique_ptr<keys::Keys> keys;
  std::unique_ptr<ledger::Ledger> log;
  std::unique_ptr<Replica> replica;
  std::unique_ptr<TestLink> link;
  std::unique_ptr<Replicator> replicator;
};

}  // namespace holder
