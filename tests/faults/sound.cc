#include "tests/faults/sound.h"

#include <gtest/gtest.h>

namespace faults {

void expect_sound(const support::Served& server) {
  for (const auto& check : {std::vector<std::string>{"ledger", "verify", server.data() + "/log"},
                            {"keys", "check", "--data", server.data()},
                            {"vault", "check", "--data", server.data()}}) {
    const support::Outcome outcome = support::run(check);
    EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  }
}

}  // namespace faults
