// The fixed vectors of the log's formats: a small log whose key was handed over once, with a proof
// of one entry. They were made once by LogVectors.DISABLED_Write; the program must still write the
// same bytes. tests/vectors/log/read.py reads them without a line of ours.
#include <gtest/gtest.h>

#include <map>

#include "base/faulty_disk.h"
#include "ledger/handover.h"
#include "ledger/testing.h"
#include "store/testing.h"

namespace {

constexpr const char* kVectors = "tests/vectors/log/";
constexpr const char* kOrigin = "log.example/vectors";
constexpr std::uint64_t kBefore = 280;  // leaves under the first key, besides the handover's own
constexpr std::uint64_t kAfter = 20;
constexpr std::uint64_t kProven = 77;
constexpr std::size_t kFileMax = 1 << 20;

using Files = std::map<std::string, base::Bytes>;

/// Everything that a log needs, on a disk in memory.
class Made {
 public:
  /// Opens the log under the signer of that seed, appends leaves and publishes them.
  void grow(std::uint8_t seed, std::span<const ledger::Leaf> leaves) {
    log_.reset();
    log_ = ledger::Ledger::open(*store_, disk_, wait_, clock_, "log", kOrigin,
                                ledger::test_signer(seed))
               .value();
    std::optional<ledger::Ticket> last;
    for (const ledger::Leaf& leaf : leaves)
      store_
          ->write([&](store::Tx& tx) -> base::Result<void> {
            last = TRY(log_->append(tx, leaf));
            return {};
          })
          .value();
    if (last) log_->await(*last).value();
  }
  void hand_over(std::uint8_t from, std::uint8_t to) {
    const auto old_key = ledger::VerifierKey::of(kOrigin, ledger::test_signer(from).public_key());
    const auto new_key = ledger::VerifierKey::of(kOrigin, ledger::test_signer(to).public_key());
    grow(from, std::array{ledger::handover_leaf(old_key, new_key)});
    const auto head = ledger::open_checkpoint(log_->checkpoint(), old_key).value().head;
    const std::string statement = ledger::sign_handover(
        {old_key, new_key, head}, ledger::test_signer(from), ledger::test_signer(to));
    ledger::publish_handover(disk_, "log", statement).value();
  }
  /// The log's files by their public paths, and a proof.
  Files files() {
    Files files;
    for (const auto& [path, bytes] : disk_.live()) files[path.substr(sizeof "log")] = bytes;
    const std::string proof = log_->prove(kProven).value();
    files["77.tlog-proof"] = base::Bytes(proof.begin(), proof.end());
    return files;
  }

 private:
  store::TemporaryDirectory directory_;
  base::ThreadWait wait_;
  base::SystemClock clock_;
  base::FaultyDisk disk_{wait_};
  std::unique_ptr<store::Store> store_ = store::Store::open(wait_, directory_.path() + "/store.db",
                                                            std::array{ledger::Ledger::schema()})
                                             .value();
  std::unique_ptr<ledger::Ledger> log_;
};

Files generate() {
  Made made;
  std::vector<ledger::Leaf> leaves;
  for (std::uint64_t n = 0; n < kBefore + kAfter; ++n) leaves.push_back(ledger::test_leaf(n));
  made.grow(1, std::span(leaves).first(kBefore));
  made.hand_over(1, 2);
  made.grow(2, std::span(leaves).subspan(kBefore));
  return made.files();
}

TEST(LogVectors, DISABLED_Write) {
  base::RealDisk disk;
  for (const auto& [path, bytes] : generate()) {
    const std::string file = kVectors + path;
    disk.make_directory(file.substr(0, file.rfind('/'))).value();
    base::write_file_atomically(disk, file, bytes).value();
  }
}

TEST(LogVectors, WritesTheSameBytes) {
  base::RealDisk disk;
  const Files files = generate();
  for (const auto* path : {"checkpoint", "key", "keys", "tile/0/000", "tile/entries/000",
                           "tile/0/001.p/45", "tile/1/000.p/1", "77.tlog-proof"})
    EXPECT_TRUE(files.contains(path)) << path;
  for (const auto& [path, bytes] : files) {
    const auto kept = base::read_file(disk, kVectors + path, kFileMax);
    ASSERT_TRUE(kept.ok()) << path;
    EXPECT_EQ(bytes, *kept) << path;
  }
}

}  // namespace
