// Of the machine: its clock, and what may carry keys out of memory.

#include <fmt/format.h>

#include "doctor/checks.h"
#include "doctor/saying.h"
#include "doctor/words.h"

namespace doctor {
namespace {

// Before the first version of this program: a clock that was never set.
constexpr base::Time kOldest = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
constexpr base::Time kNewest = std::chrono::sys_days(std::chrono::year(2100) / 1 / 1);
// Other processes round, and sweeps are written behind their time.
constexpr auto kSlack = std::chrono::seconds(5);

std::string limit_text(std::uint64_t bytes) {
  return bytes == std::numeric_limits<std::uint64_t>::max() ? "without limit" : bytes_text(bytes);
}

void check_lock(const MemoryFacts& memory, Saying& say) {
  if (memory.lockable) return;
  say(Severity::error, "memory-not-lockable",
      "Keys cannot be locked in memory" +
          (memory.limits
               ? fmt::format(" (limit {})", limit_text(memory.limits->locked_memory_bytes))
               : std::string()) +
          ": the server does not start.",
      "Raise the limit to 8 MiB: ulimit -l 8192, or LimitMEMLOCK=8M in the service's unit.");
}

void check_cores(const MemoryFacts& memory, Saying& say) {
  if (memory.cores && memory.cores->privileged)
    say(Severity::warning, "cores-of-privileged",
        "fs.suid_dumpable is 1: programs leave core dumps that should not.",
        "sysctl fs.suid_dumpable=0");
  if (!memory.limits || memory.limits->core_bytes == 0 || memory.of_server) return;
  if (memory.cores && memory.cores->pattern.empty()) return;
  say(Severity::advice, "cores",
      "Core dumps are on. A server switches its own off; a command that opens keys "
      "(restore, keys) may leave one, with keys in it.",
      "ulimit -c 0, or LimitCORE=0 in the service's unit.");
}

void check_swaps(const MemoryFacts& memory, Saying& say) {
  if (!memory.swaps) return;
  std::vector<std::string> plain;
  for (const base::Swap& swap : *memory.swaps)
    if (!swap.encrypted) plain.push_back(swap.place);
  if (plain.empty()) return;
  say(Severity::warning, "swap-unencrypted",
      "Memory is swapped out unencrypted (" + list_text(plain) +
          "): keys are locked and stay, what people send does not.",
      "swapoff -a, or swap to an encrypted device");
}

}  // namespace

Findings check_clock(const Facts& facts) {
  const ClockFacts& clock = facts.clock;
  Saying say(Subject::clock);
  if (clock.now < kOldest || clock.now >= kNewest)
    say(Severity::error, "clock-wrong", "It is " + base::rfc3339(clock.now) + ", says the clock.",
        "Set it, and keep it right: timedatectl set-ntp true.");
  if (clock.newest && clock.now + kSlack < *clock.newest)
    say(Severity::error, "clock-behind",
        "It is " + duration_text(*clock.newest - clock.now) +
            " behind the newest record here: nothing expires, and no sweep runs, "
            "until it has caught up.",
        "Set it, and keep it right: timedatectl set-ntp true.");
  if (clock.synchronised && !*clock.synchronised)
    say(Severity::warning, "clock-unsynchronised",
        "Nothing keeps it right: periods of the notice run by it.", "timedatectl set-ntp true");
  if (say.nothing())
    say(Severity::ok, "clock",
        std::string(clock.synchronised ? "It is kept right" : "It is plausible") +
            (clock.newest
                 ? "; the newest record is " +
                       duration_text(std::max(clock.now - *clock.newest, base::Duration(0))) +
                       " old."
                 : "."));
  return say.findings;
}

Findings check_memory(const Facts& facts) {
  Saying say(Subject::memory);
  check_lock(facts.memory, say);
  check_cores(facts.memory, say);
  check_swaps(facts.memory, say);
  if (say.nothing())
    say(Severity::ok, "memory", "Keys are locked in it; no core dump and no swap carries it out.");
  return say.findings;
}

}  // namespace doctor
