// For tests: a workspace of a server that the test plays, and time that passes at once. Never part
// of the program.
#pragma once

#include <memory>

#include "base/wait.h"
#include "client/remote.h"
#include "client/sign_in.h"
#include "tests/support/answering.h"

namespace support {

/// Sleeps at once, and says how often and for how long in all.
class NoWait final : public base::Wait {
 public:
  std::unique_ptr<MutexImpl> make_mutex() override { return threads_.make_mutex(); }
  std::unique_ptr<ConditionImpl> make_condition() override { return threads_.make_condition(); }
  std::unique_ptr<BellImpl> make_bell() override { return threads_.make_bell(); }
  void sleep(base::Duration at_least) override {
    slept += at_least;
    ++sleeps;
  }
  void yield() override {}
  base::Duration slept{};
  int sleeps = 0;

 private:
  base::ThreadWait threads_;
};

inline client::Remote remote_at(const TestServer& server, base::Wait& wait) {
  const auto address = client::ServerAddress::parse(server.origin()).value();
  return {client::connect(address, "").value(), address,
          base::SecretBytes::copy_of(base::view("scal_pat_x")), wait};
}

}  // namespace support
