// What a stranger asks costs us the same whether or not we know the address: counted, on a disk in
// memory, in the store, and by how often anything is locked (each look into the store, each key
// that is derived and each password that is hashed takes a lock), in two histories of which only
// the asked address differs.
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "base/faulty_disk.h"
#include "tests/support/stack.h"

namespace accounts {
namespace {

using support::address;
using support::personal;
using support::secret;

constexpr const char* kKnown = "kari@example.com";
constexpr const char* kUnknown = "somebody@example.com";
constexpr const char* kPassword = "correct horse battery";
constexpr const char* kOrigin = "http://localhost";

/// Counts how often a lock is taken. For one thread.
class CountingWait final : public base::Wait {
 public:
  std::unique_ptr<MutexImpl> make_mutex() override {
    return std::make_unique<Counted>(threads_.make_mutex(), locks_);
  }
  std::unique_ptr<ConditionImpl> make_condition() override {
    return std::make_unique<Over>(threads_.make_condition());
  }
  std::unique_ptr<BellImpl> make_bell() override { return threads_.make_bell(); }
  void sleep(base::Duration at_least) override { threads_.sleep(at_least); }
  void yield() override {}
  std::uint64_t locks() const { return locks_; }

 private:
  struct Counted final : MutexImpl {
    Counted(std::unique_ptr<MutexImpl> inner, std::uint64_t& locks)
        : inner_(std::move(inner)), locks_(locks) {}
    void lock() override {
      ++locks_;
      inner_->lock();
    }
    void unlock() override { inner_->unlock(); }
    std::unique_ptr<MutexImpl> inner_;
    std::uint64_t& locks_;
  };
  struct Over final : ConditionImpl {
    explicit Over(std::unique_ptr<ConditionImpl> inner) : inner_(std::move(inner)) {}
    static MutexImpl& under(MutexImpl& held) { return *static_cast<Counted&>(held).inner_; }
    void wait(MutexImpl& held) override { inner_->wait(under(held)); }
    bool wait_for(MutexImpl& held, base::Duration at_most) override {
      return inner_->wait_for(under(held), at_most);
    }
    void notify_one() override { inner_->notify_one(); }
    void notify_all() override { inner_->notify_all(); }
    std::unique_ptr<ConditionImpl> inner_;
  };
  base::ThreadWait threads_;
  std::uint64_t locks_ = 0;
};

/// What one request did.
struct Work {
  std::uint64_t locks = 0;
  std::uint64_t disk = 0;      // calls of the disk and of its files
  std::uint64_t commits = 0;   // of the store
  std::uint64_t epochs = 0;    // of the key tree
  std::size_t mails = 0;       // that are delivered after it
  std::uint64_t delivery = 0;  // calls of the disk until they are

  bool operator==(const Work&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Work& work) {
  return out << work.locks << " locks, " << work.disk << " calls of the disk, " << work.commits
             << " commits, " << work.epochs << " epochs, " << work.mails << " mails, "
             << work.delivery << " calls for them";
}

using Ask = std::function<void(support::Stack&, const NewSession&, const char* email)>;

/// A world of its own in which Kari has an account, and what `ask` does there.
Work work_of(const Ask& ask, const char* email) {
  CountingWait wait;
  base::FaultyDisk disk(wait);
  base::ManualClock clock(base::parse_rfc3339("2026-11-23T12:00:00Z").value());
  base::SeededEntropy entropy(7), of_sqlite(8);
  const store::Vfs vfs(disk, wait, clock, of_sqlite);
  support::Stack stack(support::Stack::Made{disk, vfs, wait, entropy});
  stack.join("Kari Nordmann", kKnown, kPassword);
  const auto ola = stack.join("Ola Nordmann", "ola@example.com", kPassword);
  stack.transport.letters.clear();

  const std::uint64_t locks_before = wait.locks();
  const std::uint64_t disk_before = disk.operations();
  const auto store_before = stack.store->figures();
  const std::uint64_t epoch_before = stack.keys->epoch();
  ask(stack, ola, email);
  Work work{wait.locks() - locks_before, disk.operations() - disk_before,
            stack.store->figures().commits - store_before.commits,
            stack.keys->epoch() - epoch_before};
  const std::uint64_t asked = disk.operations();
  stack.outbox->tick().value();
  work.mails = stack.transport.letters.size();
  work.delivery = disk.operations() - asked;
  return work;
}

void expect_same(const Ask& ask) {
  const Work known = work_of(ask, kKnown), unknown = work_of(ask, kUnknown);
  EXPECT_EQ(known, unknown);
  EXPECT_GT(known.locks, 0U);
  EXPECT_GT(known.disk, 0U);
  EXPECT_EQ(known.mails, 1U);
}

TEST(SameWork, SigningUp) {
  expect_same([](support::Stack& stack, const NewSession&, const char* email) {
    stack.accounts
        ->sign_up(
            {personal("Kari Nordmann"), address(email), secret(kPassword), kOrigin, {"1", "1"}})
        .value();
  });
}

TEST(SameWork, AskingForANewPassword) {
  expect_same([](support::Stack& stack, const NewSession&, const char* email) {
    stack.changes->ask_recovery(address(email), egress::Language::english, kOrigin).value();
  });
}

TEST(SameWork, AskingForAnotherAddress) {
  expect_same([](support::Stack& stack, const NewSession& ola, const char* email) {
    ASSERT_TRUE(stack.changes->ask_address(ola.identity, address(email), kOrigin).ok());
  });
}

}  // namespace
}  // namespace accounts
