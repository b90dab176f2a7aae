#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "base/faulty_disk.h"
#include "vault/testing.h"

// An erasure is cut off at every call of the disk that it makes, in two ways: the power goes (a
// disk in memory that forgets what was not synced), and the process is killed. Opened again, either
// nothing has happened, or all of it.

namespace vault {
namespace {

using base::Result;

/// Somebody with a record, content, a log entry and an address, and her neighbour.
struct People {
  base::OwnerId account;
  base::OwnerId user;
  base::OwnerId neighbour;
  base::RecordId id;
  base::ContentId content;
  Vault::Listed listed() const {
    return {user.as<base::UserTag>(), account.as<base::AccountTag>()};
  }
};

const char* const kAddress = "kari@example.com";
const char* const kNeighbour = "ola@example.com";

Fields person() {
  Fields fields;
  fields.set("name", Fields::Text("Kari Nordmann"));
  return fields;
}

Result<People> settle(House& house) {
  People people{house.owner(), house.owner(), house.owner(), house.record_id(), {}};
  TRY(house.put(people.account, people.id, person()));
  TRY(house.put(people.neighbour, people.id, person()));
  people.content = TRY(house.keep(people.account, base::Bytes(50000, 'k')));
  std::optional<ledger::Ticket> ticket;
  const auto address = TRY(Address::parse(kAddress));
  const auto neighbour = TRY(Address::parse(kNeighbour));
  TRY(house.enlist(neighbour, {people.neighbour.as<base::UserTag>(), {}}));
  TRY(house.enlist(address, people.listed()));
  TRY(house.write([&](store::Tx& tx) -> Result<void> {
    ticket = TRY(house.vault->journal(tx, people.account, {"login", "{}"}));
    return {};
  }));
  TRY(house.ledger->await(*ticket));
  return people;
}

/// Erases her; what is done alongside is a record of the neighbour's, which tells afterwards
/// whether the intent was durable.
Result<Erased> erase(House& house, const People& people) {
  auto address = TRY(Address::parse(kAddress));
  const auto leave = house.permit(people.neighbour);
  return house.vault->erase({people.account,
                             {people.user},
                             {std::move(address)},
                             Entry{"erasure", R"({"what":"account"})"}},
                            [&](store::Tx& tx) {
                              return house.vault->put(
                                  tx, leave, {kPeople.name, people.id, people.id}, person());
                            });
}

enum class Outcome { untouched, erased };

/// Everything or nothing, after the house was opened again.
Outcome inspect(House& house, const People& people) {
  const auto neighbour = house.permit(people.neighbour);
  EXPECT_TRUE(house.get(neighbour, people.id).ok());
  const auto address = Address::parse(kAddress).value();
  const auto found = house.vault->find(address);
  const auto other = house.vault->find(Address::parse(kNeighbour).value());
  EXPECT_TRUE(other.ok() && other->has_value());
  EXPECT_EQ(house.count("SELECT 1 FROM vault_directory"), 1025);
  const bool intended = house.get(neighbour, people.id, people.id).ok();
  if (!intended) {
    EXPECT_TRUE(house.get(house.permit(people.account), people.id).ok());
    EXPECT_TRUE(house.reader(people.account, people.content).ok());
    EXPECT_TRUE(found.ok() && found->has_value());
    EXPECT_EQ(house.ledger->size(), 1U);
    return Outcome::untouched;
  }
  EXPECT_TRUE(found.ok() && !found->has_value());
  // The login, and the erasure once: where the crash came before its checkpoint, it is pending.
  EXPECT_TRUE(house.ledger->tick().ok());
  EXPECT_EQ(house.ledger->size(), 2U);
  for (const auto owner : {people.account, people.user}) {
    EXPECT_EQ(house.keys->state(owner).value(), keys::State::erased);
    EXPECT_EQ(house.gate->decide(owner, N::identity, N::accounts).reason, notice::Reason::erased);
    EXPECT_EQ(house.keys->derive(owner, "vault records v1").code(), base::Code::gone);
    EXPECT_EQ(house.count("SELECT 1 FROM vault_record WHERE owner = ?", {owner}), 0);
    EXPECT_EQ(house.count("SELECT 1 FROM vault_journal WHERE owner = ?", {owner}), 0);
  }
  EXPECT_EQ(house.count("SELECT 1 FROM vault_content"), 0);
  EXPECT_FALSE(house.disk.exists(house.content_path(people.content)).value());
  EXPECT_TRUE(house.keys->unfinished().value().empty());
  // And the directory can be changed again, in her bucket too.
  EXPECT_TRUE(house.enlist(address, {}).ok());
  return Outcome::erased;
}

TEST(VaultEraseCrash, ThePowerGoesAtAnyCallOfTheDisk) {
  int untouched = 0;
  int erased = 0;
  for (std::uint64_t calls = 0;; ++calls) {
    SCOPED_TRACE(calls);
    base::ThreadWait wait;
    base::FaultyDisk disk(wait);
    store::TemporaryDirectory directory;
    House house(disk, directory.path());
    ASSERT_TRUE(house.open().ok());
    const People people = settle(house).value();
    disk.fail_after(calls);
    const std::uint64_t before = disk.operations();
    const bool done = erase(house, people).ok();
    const bool all_calls = disk.operations() - before < calls;
    house.close();
    disk.crash(house.entropy);
    const auto opened = house.open();
    ASSERT_TRUE(opened.ok()) << opened.error().chain();
    const Outcome outcome = inspect(house, people);
    EXPECT_TRUE(!done || outcome == Outcome::erased);
    ++(outcome == Outcome::erased ? erased : untouched);
    if (HasFailure()) return;
    if (all_calls) break;
  }
  RecordProperty("erased", erased);
  EXPECT_GT(erased, 10);
}

/// Kills the process at one of its calls, before or after it took place.
class KillingDisk final : public base::Disk {
 public:
  enum class When : std::uint8_t { before, after };
  void arm(int calls, When when) {
    left_ = calls;
    when_ = when;
  }

  Result<std::unique_ptr<base::File>> open(const std::string& path, base::Open how) override {
    auto opened = at([&] { return disk_.open(path, how); });
    if (!opened.ok()) return opened;
    return std::unique_ptr<base::File>(new KillingFile(*this, std::move(*opened)));
  }
  Result<void> make_directory(const std::string& path) override {
    return at([&] { return disk_.make_directory(path); });
  }
  Result<void> rename(const std::string& from, const std::string& to) override {
    return at([&] { return disk_.rename(from, to); });
  }
  Result<void> remove(const std::string& path) override {
    return at([&] { return disk_.remove(path); });
  }
  Result<void> remove_directory(const std::string& path) override {
    return at([&] { return disk_.remove_directory(path); });
  }
  Result<std::vector<std::string>> list(const std::string& path) override {
    return disk_.list(path);
  }
  Result<bool> exists(const std::string& path) override { return disk_.exists(path); }
  Result<void> sync_directory(const std::string& path) override {
    return at([&] { return disk_.sync_directory(path); });
  }
  Result<void> sync_all(const std::string& path) override {
    return at([&] { return disk_.sync_all(path); });
  }

 private:
  class KillingFile final : public base::File {
   public:
    KillingFile(KillingDisk& disk, std::unique_ptr<base::File> file)
        : disk_(disk), file_(std::move(file)) {}
    Result<std::size_t> read_at(std::uint64_t offset, base::Mutable out) override {
      return file_->read_at(offset, out);
    }
    Result<void> write_at(std::uint64_t offset, base::View bytes) override {
      return disk_.at([&] { return file_->write_at(offset, bytes); });
    }
    Result<std::uint64_t> size() override { return file_->size(); }
    Result<void> truncate(std::uint64_t size) override {
      return disk_.at([&] { return file_->truncate(size); });
    }
    Result<void> sync() override {
      return disk_.at([&] { return file_->sync(); });
    }

   private:
    KillingDisk& disk_;
    std::unique_ptr<base::File> file_;
  };

  template <class Call>
  auto at(Call call) -> decltype(call()) {
    const bool now = left_ >= 0 && left_-- == 0;
    if (now && when_ == When::before) ::kill(::getpid(), SIGKILL);
    auto result = call();
    if (now) ::kill(::getpid(), SIGKILL);
    return result;
  }

  base::RealDisk disk_;
  int left_ = -1;
  When when_ = When::before;
};

/// In a child process: opens the house and erases her, to be killed at call number `calls`. Whether
/// it came to its end.
bool erase_in_child(const std::string& path, const People& people, int calls,
                    KillingDisk::When when) {
  const pid_t child = ::fork();
  if (child == 0) {
    KillingDisk disk;
    House house(disk, path);
    if (!house.open().ok()) ::_exit(3);
    disk.arm(calls, when);
    ::_exit(erase(house, people).ok() ? 0 : 4);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << WEXITSTATUS(status);
  return WIFEXITED(status);
}

TEST(VaultEraseCrash, TheProcessIsKilledAtAnyCallOfTheDisk) {
  base::RealDisk disk;
  store::TemporaryDirectory directory;
  const std::string origin = directory.file("origin");
  People people;
  {
    House house(disk, origin);
    ASSERT_TRUE(house.open().ok());
    people = settle(house).value();
  }
  int untouched = 0;
  int erased = 0;
  for (const auto when : {KillingDisk::When::before, KillingDisk::When::after}) {
    for (int calls = 0;; ++calls) {
      SCOPED_TRACE(calls);
      const std::string path = directory.file("at" + std::to_string(calls) +
                                              (when == KillingDisk::When::before ? "b" : "a"));
      copy_files(origin, path);
      const bool done = erase_in_child(path, people, calls, when);
      House house(disk, path);
      const auto opened = house.open();
      ASSERT_TRUE(opened.ok()) << opened.error().chain();
      const Outcome outcome = inspect(house, people);
      EXPECT_TRUE(!done || outcome == Outcome::erased);
      ++(outcome == Outcome::erased ? erased : untouched);
      if (HasFailure()) return;
      if (done) break;
    }
  }
  RecordProperty("erased", erased);
  EXPECT_GT(erased, 10);
}

TEST(VaultEraseCrash, TheProcessIsKilledBeforeItsIntentIsDurable) {
  base::RealDisk disk;
  store::TemporaryDirectory directory;
  House house(disk, directory.path());
  ASSERT_TRUE(house.open().ok());
  const People people = settle(house).value();
  house.close();
  const pid_t child = ::fork();
  if (child == 0) {
    House other(disk, directory.path());
    if (!other.open().ok()) ::_exit(3);
    (void)other.vault
        ->erase({people.account, {people.user}, {}, std::nullopt},
                [](store::Tx&) -> Result<void> {
                  ::kill(::getpid(), SIGKILL);
                  return {};
                })
        .ok();
    ::_exit(4);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_TRUE(house.open().ok());
  EXPECT_EQ(inspect(house, people), Outcome::untouched);
}

}  // namespace
}  // namespace vault
