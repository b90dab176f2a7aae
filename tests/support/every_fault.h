// For tests: work done over and over, with one error at the first call of the disk or statement
// that it makes, then at the second, and so on until it meets none. Owns which call errs.
// Takes the place of sqlite3_step in the program that includes it, and passes on all that is not to
// fail. Never part of the program.
#pragma once

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/single_fault.h"

namespace support {

class EveryFault {
 public:
  using When = base::SingleFault::When;
  using Attempt = std::function<base::Result<void>()>;
  /// Sees how an attempt ended; no call fails any more.
  using Judge = std::function<void(bool done)>;
  struct Way {
    When when = When::before;
    std::uint64_t step = 1;  // from one call that errs to the next
    // Calls that are all alike are passed over.
    std::uint64_t alike_from = UINT64_MAX;
    std::uint64_t alike_to = 0;
    std::function<void()> prepare = [] {};            // before each attempt, without errors
    std::vector<base::Code> told = {base::Code::io};  // what an attempt may say of it
  };

  /// While it lives, all statements are among the calls that may fail.
  EveryFault() { current() = &fault; }
  ~EveryFault() { current() = nullptr; }
  EveryFault(const EveryFault&) = delete;
  EveryFault& operator=(const EveryFault&) = delete;

  /// That an attempt fails without an error, or with another one, is a flaw of ours. `always` is
  /// looked at behind each judgement.
  void run(
      const Attempt& attempt, const Judge& judge, const Way& way,
      const std::function<void()>& always = [] {}) {
    constexpr std::uint64_t kCallsMax = 20'000;
    std::uint64_t errors = 0;
    bool met = true;
    for (std::uint64_t calls = 0; met; calls += way.step) {
      if (calls >= way.alike_from) calls = std::max(calls, way.alike_to);
      ASSERT_LT(calls, kCallsMax);
      SCOPED_TRACE("call " + std::to_string(calls));
      way.prepare();
      fault.arm(calls, way.when);
      const auto done = attempt();
      fault.disarm();
      met = fault.struck();
      if (!done.ok()) {
        ++errors;
        ASSERT_TRUE(met) << done.error().chain();
        EXPECT_EQ(std::ranges::count(way.told, done.code()), 1) << done.error().chain();
      }
      judge(done.ok());
      always();
      if (testing::Test::HasFailure()) return;
    }
    EXPECT_GT(errors, 0U);
  }

  base::SingleFault fault;

  /// An error of the file, for a statement that is not carried out. Of its steps the first one
  /// counts; and a ROLLBACK never fails, as with SQLite, which does it in memory.
  static bool refuses(sqlite3_stmt* statement) {
    base::SingleFault* chosen = current();
    if (chosen == nullptr || sqlite3_stmt_busy(statement) != 0) return false;
    const char* text = sqlite3_sql(statement);
    if (text == nullptr || std::string_view(text).starts_with("ROLLBACK")) return false;
    return chosen->next() != base::SingleFault::Fate::succeeds;
  }

 private:
  static std::atomic<base::SingleFault*>& current() {
    static std::atomic<base::SingleFault*> of_the_program;
    return of_the_program;
  }
};

}  // namespace support

// NOLINTNEXTLINE(misc-definitions-in-headers): weak, so that all sources of a program share one
extern "C" __attribute__((weak)) int sqlite3_step(sqlite3_stmt* statement) {
  using Step = int (*)(sqlite3_stmt*);
  static const auto real = reinterpret_cast<Step>(::dlsym(RTLD_NEXT, "sqlite3_step"));
  if (support::EveryFault::refuses(statement)) return SQLITE_IOERR;
  return real(statement);
}
