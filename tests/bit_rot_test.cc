// Bit rot: one bit is flipped somewhere in a stopped data directory, in any of its files, and
// whatever is read afterwards is exactly right or a clear error: never something else, never a
// crash. A few hundred flips here; FAULT_ROUNDS=N makes N hundred (`./test --full` does), and
// FAULT_SEED=N the same ones again.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>

#include "accounts/accounts.h"
#include "egress/outbox.h"
#include "keys/check.h"
#include "notice/policy.h"
#include "support/stack.h"
#include "vault/check.h"
#include "workspace/workspace.h"

namespace {

using base::Code;
using base::Result;
using support::opened;

constexpr std::size_t kFlips = 240;
constexpr const char* kAddress = "kari@example.com";
constexpr const char* kPassword = "a long password";

/// Every file below a directory.
std::map<std::string, base::Bytes> files_below(base::Disk& disk, const std::string& path,
                                               const std::string& prefix = "") {
  std::map<std::string, base::Bytes> files;
  const auto names = disk.list(path).value();
  for (const std::string& name : names) {
    if (disk.list(path + "/" + name).ok()) {
      files.merge(files_below(disk, path + "/" + name, prefix + name + "/"));
      continue;
    }
    files[prefix + name] = base::read_file(disk, path + "/" + name, 1 << 28).value();
  }
  return files;
}

/// What a person sees of what is kept; each line is exactly right or says that it is an error.
class Kept {
 public:
  explicit Kept(support::Stack& stack) : stack_(stack) {}

  /// Answers how many reads were refused; fails the test where one was wrong.
  std::size_t read(const accounts::NewSession& session, const base::Bytes& file,
                   const std::string& what) {
    refused_ = 0;
    const auto address = support::address(kAddress);
    const auto found = stack_.vault->find(address);
    if (right(found)) {
      expect_right(found->has_value(), what);
      if (*found) expect_right((*found)->user == session.identity.user, what);
    }
    const auto profile = stack_.accounts->profile(session.identity);
    if (right(profile)) {
      expect_right(opened(profile->legal_name) == "Kari Nordmann", what);
      expect_right(opened(profile->email) == kAddress, what);
    }
    const auto known = stack_.accounts->session(session.token);
    if (right(known)) expect_right(known->has_value(), what);
    const auto path = workspace::Path::parse("folder/file").value();
    const auto entry = stack_.workspace->find(session.identity.account, path);
    if (right(entry)) {
      const auto reader = stack_.workspace->read(session.identity.account, *entry);
      if (right(reader)) {
        base::Bytes out((*reader)->size());
        const auto got = (*reader)->read_at(0, out);
        if (right(got)) expect_right(out == file, what);
      }
    }
    restriction(session, what);
    const auto proof = stack_.ledger->prove(0);
    if (right(proof)) {
      if (proof_.empty()) proof_ = *proof;
      expect_right(*proof == proof_, what);
    }
    return refused_;
  }

 private:
  void restriction(const accounts::NewSession& session, const std::string& what) {
    // She is restricted: whatever happens, her content is not used for the service.
    const auto& policy = stack_.policy.current();
    const auto owner = base::owner_of(session.identity.user);
    const auto decision = stack_.gate->decide(owner, *policy.category("identity"),
                                              *policy.purpose("provide_service"));
    expect_right(!decision.allowed(), what);
  }
  template <class T>
  bool right(const Result<T>& result) {
    if (result.ok()) return true;
    const bool clear = result.code() == Code::corrupt || result.code() == Code::io ||
                       result.code() == Code::unavailable;
    EXPECT_TRUE(clear) << "an error that does not say what is wrong: " << result.error().chain();
    ++refused_;
    return false;
  }
  static void expect_right(bool same, const std::string& what) {
    EXPECT_TRUE(same) << "something wrong was served: " << what;
  }

  support::Stack& stack_;
  std::string proof_;
  std::size_t refused_ = 0;
};

class BitRot : public testing::Test {
 protected:
  BitRot() : session_(stack_.join("Kari Nordmann", kAddress, kPassword)) {
    content_ = stack_.entropy.bytes(70'000);
    auto upload =
        stack_.workspace
            ->begin(session_.identity.account, workspace::Path::parse("folder/file").value(),
                    support::personal("text/plain"))
            .value();
    upload.write(content_).value();
    stack_.workspace->keep(std::move(upload), {}).value();
    stack_.store
        ->write([&](store::Tx& tx) -> Result<void> {
          vault::StandingChange change;
          change.restriction = vault::Restriction::on;
          TRY(stack_.vault->change_standing(tx, base::owner_of(session_.identity.user), change,
                                            {"restriction", "{}"}));
          return {};
        })
        .value();
    while (stack_.ledger->size() == 0) stack_.ledger->tick().value();
    stack_.close();
    for (const char* directory : {"data", "data.root"})
      for (auto& [name, bytes] : files_below(stack_.disk, stack_.directory.file(directory)))
        files_[std::string(directory) + "/" + name] = std::move(bytes);
  }
  void put_back() {
    for (const char* directory : {"data", "data.root"})
      for (const auto& [name, bytes] : files_below(stack_.disk, stack_.directory.file(directory))) {
        const std::string path = std::string(directory) + "/" + name;
        const auto was = files_.find(path);
        if (was == files_.end()) stack_.disk.remove(stack_.directory.file(path)).value();
      }
    for (const auto& [name, bytes] : files_) write(name, bytes);
  }
  void write(const std::string& name, const base::Bytes& bytes) {
    stack_.disk.make_directory(base::parent_of(stack_.directory.file(name))).value();
    const auto file = stack_.disk.open(stack_.directory.file(name), base::Open::update).value();
    file->truncate(0).value();
    file->write_at(0, bytes).value();
  }

  support::Stack stack_;
  accounts::NewSession session_;
  Kept kept_{stack_};
  base::Bytes content_;
  std::map<std::string, base::Bytes> files_;
};

TEST_F(BitRot, WithoutAnyEverythingIsServed) {
  ASSERT_TRUE(stack_.try_open().ok());
  EXPECT_EQ(kept_.read(session_, content_, "nothing was flipped"), 0U);
  EXPECT_TRUE(stack_.vault->check({})->sound());
}

TEST_F(BitRot, AFlippedBitAnywhereIsNeverServed) {
  const char* more = std::getenv("FAULT_ROUNDS");
  const std::size_t flips = more != nullptr ? 100 * std::strtoul(more, nullptr, 10) : kFlips;
  const char* chosen = std::getenv("FAULT_SEED");
  const std::uint64_t seed =
      chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : std::random_device{}();
  std::printf("FAULT_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  std::vector<std::string> names;
  for (const auto& [name, bytes] : files_)
    if (!bytes.empty()) names.push_back(name);
  std::map<std::string, std::size_t> noticed;
  std::map<std::string, std::size_t> tried;
  stack_.try_open().value();
  kept_.read(session_, content_, "nothing was flipped");  // which learns what is right
  stack_.close();
  for (std::size_t i = 0; i < flips; ++i) {
    // Each file in turn, so that small ones are looked at as often as large ones.
    const std::string& name = names[i % names.size()];
    base::Bytes bytes = files_[name];
    const std::uint64_t bit = random() % (bytes.size() * 8);
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    put_back();
    write(name, bytes);
    const std::string what = name + " bit " + std::to_string(bit) + " seed " + std::to_string(seed);
    ++tried[name];
    const auto start = stack_.try_open();
    if (!start.ok()) {
      ++noticed[name];
      stack_.close();
      continue;
    }
    const std::size_t refused = kept_.read(session_, content_, what);
    const auto checked = stack_.vault->check({});
    if (refused > 0 || !checked.ok() || !checked->sound()) ++noticed[name];
    stack_.close();
  }
  // Where everything is sealed or has checksums, nothing may be overlooked.
  for (const std::string& name : names)
    if (name == "data/store.db" || name.starts_with("data/content/"))
      EXPECT_EQ(noticed[name], tried[name]) << name;
  for (const std::string& name : names)
    std::printf("%-60s %zu of %zu noticed\n", name.c_str(), noticed[name], tried[name]);
}

}  // namespace
