#include "holder/pairing.h"

#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "base/fiber_wait.h"

namespace holder {
namespace {

using base::Code;

/// A holder's directory as its process and a command beside it have it.
struct Beside {
  explicit Beside(std::uint64_t seed) : fibers(seed, time) {
    disk.make_directory("holder").value();
  }
  Pairings pairings() {
    return {disk, clock, "holder", [this]() -> base::Result<std::shared_ptr<void>> {
              return std::shared_ptr<void>(std::make_shared<base::Lock>(mutex));
            }};
  }
  base::ManualClock time{base::Time{}};
  base::ManualClock clock{base::Time{}};
  base::FiberWait fibers;
  base::Mutex mutex{fibers};
  base::FaultyDisk disk{fibers};
  base::SystemEntropy entropy;
};

// A code that was printed is good, whoever tries another one at that moment.
TEST(Pairing, ACodePrintedBesideAPairingIsGood) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Beside beside(seed);
    const std::string before = beside.pairings().issue(beside.entropy).value();
    const Binding binding{1};
    const base::PublicKey us{2};
    const base::PublicKey stranger{3};
    const base::PublicKey holder{4};
    std::string printed;
    beside.fibers.spawn([&] {
      const auto wrong = beside.pairings().pair(base::Bytes(32), binding, stranger, holder);
      EXPECT_EQ(wrong.code(), Code::unauthenticated);
    });
    beside.fibers.spawn([&] { printed = beside.pairings().issue(beside.entropy).value(); });
    ASSERT_TRUE(beside.fibers.run().ok());
    const auto shown = proof(parse_code(printed).value(), Side::caller, binding, us, holder);
    ASSERT_TRUE(beside.pairings().pair(shown, binding, us, holder).ok()) << "seed " << seed;
  }
}

// Nor does a pairing bring back a server that is forgotten at that moment, or lose itself.
TEST(Pairing, AServerForgottenBesideAPairingIsOut) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Beside beside(seed);
    const Binding binding{1};
    const base::PublicKey holder{4};
    const auto pair = [&](const base::PublicKey& who, const std::string& code) {
      const auto shown = proof(parse_code(code).value(), Side::caller, binding, who, holder);
      EXPECT_TRUE(beside.pairings().pair(shown, binding, who, holder).ok());
    };
    const base::PublicKey old{5};
    const base::PublicKey fresh{6};
    pair(old, beside.pairings().issue(beside.entropy).value());
    const std::string code = beside.pairings().issue(beside.entropy).value();
    beside.fibers.spawn([&] { pair(fresh, code); });
    beside.fibers.spawn([&] { beside.pairings().forget(old).value(); });
    ASSERT_TRUE(beside.fibers.run().ok());
    ASSERT_EQ(beside.pairings().keys().value(), std::vector<base::PublicKey>{fresh})
        << "seed " << seed;
  }
}

}  // namespace
}  // namespace holder
