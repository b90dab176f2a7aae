// What a stranger can time: the same request for an address that has an account and for one that
// has none, in turns, in the same run. The bar: the same, as far as the machine's own noise lets
// one see (ratio_to_unknown near 1). Disk and database are the machine's; a hash costs OWASP's
// least.
#include <benchmark/benchmark.h>

#include <functional>
#include <string>

#include "accounts/changes.h"
#include "egress/outbox.h"
#include "measure.h"
#include "tests/support/stack.h"
#include "vault/vault.h"
#include "workspace/workspace.h"

namespace {

using support::address;
using support::personal;
using support::secret;

constexpr int kRounds = 30;
constexpr int kKnown = 5;
constexpr const char* kPassword = "correct horse battery";
constexpr const char* kOrigin = "http://localhost";

std::string known(int round) { return "known" + std::to_string(round % kKnown) + "@example.com"; }
std::string unknown(int round) { return "unknown" + std::to_string(round) + "@example.com"; }

using Ask = std::function<void(support::Stack&, const std::string& email)>;

void compare(benchmark::State& state, const Ask& ask) {
  for (auto _ : state) {
    support::Stack stack;
    stack.close();
    stack.passwords =
        std::make_unique<accounts::Passwords>(stack.wait, base::PasswordCost{2, 19UL << 20}, 2, 64);
    stack.reopen();
    for (int i = 0; i < kKnown; ++i) stack.join("Kari Nordmann", known(i), kPassword);
    std::vector<double> of_known, of_unknown;
    for (int round = 0; round < kRounds; ++round) {
      // Whichever is first may find the machine colder.
      const auto time = [&](const std::string& email, std::vector<double>& into) {
        into.push_back(bench::seconds_of([&] { ask(stack, email); }));
      };
      if (round % 2 == 0) time(known(round), of_known);
      time(unknown(round), of_unknown);
      if (round % 2 != 0) time(known(round), of_known);
    }
    state.counters["known_ms"] = bench::median(of_known) * 1e3;
    state.counters["unknown_ms"] = bench::median(of_unknown) * 1e3;
    state.counters["ratio_to_unknown"] = bench::median(of_known) / bench::median(of_unknown);
  }
}

void sign_up(benchmark::State& state) {
  compare(state, [](support::Stack& stack, const std::string& email) {
    stack.accounts
        ->sign_up(
            {personal("Kari Nordmann"), address(email), secret(kPassword), kOrigin, {"1", "1"}})
        .value();
  });
}
void ask_recovery(benchmark::State& state) {
  compare(state, [](support::Stack& stack, const std::string& email) {
    stack.changes->ask_recovery(address(email), egress::Language::english, kOrigin).value();
  });
}
void refused_login(benchmark::State& state) {
  compare(state, [](support::Stack& stack, const std::string& email) {
    CHECK(!stack.accounts->log_in(address(email), secret("wrong horse battery")).value());
  });
}

BENCHMARK(sign_up)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(ask_recovery)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(refused_login)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
