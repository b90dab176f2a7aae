// scalign-sim: see --help, and docs/reliability.md.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/sim/mutants.h"
#include "tests/sim/pool.h"
#include "tests/sim/report.h"
#include "tests/sim/run.h"

namespace sim {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::steady_clock;

constexpr unsigned kLifeSecondsMax = 120;
constexpr auto kProgressEvery = std::chrono::seconds(10);
constexpr auto kPieceMax = std::chrono::minutes(60);
// A mutant that so many lives do not show has survived.
constexpr std::uint64_t kLivesForAMutant = 400;

struct Options {
  std::uint64_t seeds = 25;
  std::string range;
  std::optional<std::uint64_t> seed;
  std::string mutant;
  bool mutants = false;
  bool trace = false;
  bool json = false;
  unsigned jobs = 2;
  Shape shape;
};

struct Range {
  std::uint64_t from = 0;
  std::uint64_t until = 0;  // exclusive
};

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

std::optional<Range> parse_range(const std::string& text) {
  const auto dots = text.find("..");
  if (dots == std::string::npos) return std::nullopt;
  try {
    const Range range{std::stoull(text.substr(0, dots)), std::stoull(text.substr(dots + 2))};
    if (range.from < range.until) return range;
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return std::nullopt;
}

/// A life in a process of its own.
Outcome run_apart(std::uint64_t seed, const Shape& shape) {
  Pool pool(1, kLifeSecondsMax);
  pool.start(seed, [&] { return encode(run(seed, shape, {})); });
  const Said said = pool.next();
  return decode(said.text, said.ended_well);
}

void tell(std::uint64_t seed, const std::vector<Violation>& violations) {
  for (const Violation& violation : violations)
    say("seed " + std::to_string(seed) + ": " + std::string(name_of(violation.invariant)) + ": " +
        violation.what);
}

/// Shows a failing life at its smallest.
void tell_smallest(std::uint64_t seed, const Shape& shape) {
  const Shape smallest = shrink(
      shape, [&](const Shape& smaller) { return !run_apart(seed, smaller).violations.empty(); });
  say("smallest that still fails: scalign-sim --seed " + std::to_string(seed) + " " +
      smallest.words());
}

class Many {
 public:
  Many(const Options& options, const Range& range)
      : options_(options), range_(range), pool_(options.jobs, kLifeSecondsMax) {}

  int run() {
    std::uint64_t next = range_.from;
    const auto piece_ends = steady_clock::now() + kPieceMax;
    while (next < range_.until || !pool_.idle()) {
      const bool more = next < range_.until && steady_clock::now() < piece_ends;
      if (more && !pool_.full()) {
        const std::uint64_t seed = next++;
        pool_.start(seed, [&, seed] { return encode(sim::run(seed, options_.shape, {})); });
        continue;
      }
      if (pool_.idle()) break;
      take(pool_.next());
    }
    for (const std::uint64_t seed : failed_) {
      if (seed == failed_.front()) tell_smallest(seed, options_.shape);
    }
    finish(next);
    return failed_.empty() && next == range_.until ? 0 : 1;
  }

 private:
  void take(const Said& said) {
    const Outcome outcome = decode(said.text, said.ended_well);
    ++lives_;
    all_.add(outcome.figures);
    violations_ += outcome.violations.size();
    if (!outcome.violations.empty()) {
      failed_.push_back(said.task);
      tell(said.task, outcome.violations);
    }
    if (steady_clock::now() - told_ < kProgressEvery) return;
    told_ = steady_clock::now();
    std::fprintf(stderr, "seeds %llu of %llu, crash points %llu, violations %llu\n",
                 static_cast<unsigned long long>(lives_),
                 static_cast<unsigned long long>(range_.until - range_.from),
                 static_cast<unsigned long long>(all_.crashes),
                 static_cast<unsigned long long>(violations_));
  }

  void finish(std::uint64_t next) {
    if (next < range_.until)
      say("an hour is over: go on with --range " + std::to_string(next) + ".." +
          std::to_string(range_.until));
    if (options_.json) {
      Json out = Json::parse(json_of(all_));
      out["seeds"] = lives_;
      out["violations"] = violations_;
      return say(out.dump());
    }
    say("seeds " + std::to_string(lives_) + ", " + words_of(all_) + ", violations " +
        std::to_string(violations_));
  }

  const Options& options_;
  const Range range_;
  Pool pool_;
  Figures all_;
  std::uint64_t lives_ = 0;
  std::uint64_t violations_ = 0;
  std::vector<std::uint64_t> failed_;
  steady_clock::time_point told_ = steady_clock::now();
};

int run_one(const Options& options) {
  Trace::Line line;
  if (options.trace) line = [](std::string_view text) { say(std::string(text)); };
  const Outcome outcome = run(*options.seed, options.shape, line);
  tell(*options.seed, outcome.violations);
  if (options.json) {
    say(encode(outcome));
  } else {
    say("seed " + std::to_string(*options.seed) + ", trace " + base::hex([&] {
          base::Bytes bytes;
          base::put_u64(bytes, outcome.digest);
          return bytes;
        }()) +
        ", " + words_of(outcome.figures) + ", violations " +
        std::to_string(outcome.violations.size()));
  }
  return outcome.violations.empty() ? 0 : 1;
}

/// Lives with a mutant, until one shows it.
std::string hunt(const MutantEntry& mutant, const Shape& shape) {
  put_in_force(mutant.mutant);
  for (std::uint64_t seed = 0; seed < kLivesForAMutant; ++seed) {
    const Outcome outcome = run_apart(seed, shape);
    if (outcome.violations.empty()) continue;
    const Violation& first = outcome.violations.front();
    return Json{{"seed", seed}, {"invariant", name_of(first.invariant)}, {"what", first.what}}
        .dump();
  }
  return "{}";
}

int run_mutants(const Options& options) {
  const auto all = mutants();
  Pool pool(options.jobs, kLifeSecondsMax * 10);
  std::size_t next = 0;
  std::size_t survivors = 0;
  while (next < all.size() || !pool.idle()) {
    if (next < all.size() && !pool.full()) {
      const MutantEntry& mutant = all[next];
      pool.start(next++, [&] { return hunt(mutant, options.shape); });
      continue;
    }
    const Said said = pool.next();
    const std::string name(all[said.task].name);
    const Json found = Json::parse(said.text, nullptr, /*allow_exceptions=*/false);
    const bool caught = said.ended_well && found.contains("seed");
    if (!caught) ++survivors;
    if (options.json) {
      say(Json{{"mutant", name}, {"caught", caught}, {"by", found}}.dump());
    } else if (caught) {
      say(name + " caught (seed " + std::to_string(found["seed"].get<std::uint64_t>()) + ", " +
          found["invariant"].get<std::string>() + ": " + found["what"].get<std::string>() + ")");
    } else {
      say(name + " SURVIVED (" + std::string(all[said.task].what) + ")");
    }
  }
  if (!options.json)
    say("mutants " + std::to_string(all.size()) + ", caught " +
        std::to_string(all.size() - survivors) + ", survived " + std::to_string(survivors));
  return survivors == 0 ? 0 : 1;
}

int run_command(const Options& options) {
  World::fresh();  // once, for all children
  if (options.mutants) return run_mutants(options);
  if (!options.mutant.empty()) {
    const auto all = mutants();
    const auto found = std::ranges::find(all, options.mutant, &MutantEntry::name);
    if (found == all.end()) {
      std::fprintf(stderr, "no such mutant\n");
      return 2;
    }
    put_in_force(found->mutant);
  }
  if (options.seed) return run_one(options);
  Range range{0, options.seeds};
  if (!options.range.empty()) {
    const auto parsed = parse_range(options.range);
    if (!parsed) {
      std::fprintf(stderr, "--range is FROM..UNTIL, UNTIL not in it\n");
      return 2;
    }
    range = *parsed;
  }
  return Many(options, range).run();
}

}  // namespace
}  // namespace sim

int main(int argc, char** argv) {
  sim::Options options;
  CLI::App app{
      "Runs the storage core through seeded lives: many requests at once, loss of power at "
      "any operation of the disk, recovery, and a look at everything (docs/reliability.md)."};
  auto* seeds = app.add_option("--seeds", options.seeds, "lives from the seeds 0 to N-1 (25)");
  auto* range = app.add_option("--range", options.range,
                               "lives from the seeds A to B-1, as A..B; ends after an hour and "
                               "says where to go on");
  auto* seed = app.add_option("--seed", options.seed, "one life, in this process");
  app.add_flag("--trace", options.trace, "print every operation of --seed")->needs(seed);
  auto* mutants = app.add_flag("--mutants", options.mutants,
                               "put each deliberate fault into the core and see it caught");
  app.add_option("--mutant", options.mutant, "put one of them in")->excludes(mutants);
  seeds->excludes(range)->excludes(seed)->excludes(mutants);
  range->excludes(seed)->excludes(mutants);
  seed->excludes(mutants);
  app.add_flag("--json", options.json, "figures as JSON");
  app.add_option("--jobs", options.jobs, "processes at once (2)")->check(CLI::Range(1, 256));
  app.add_option("--rounds", options.shape.rounds, "of work and crash in a life");
  app.add_option("--fibers", options.shape.fibers, "at most at once")->check(CLI::PositiveNumber);
  app.add_option("--requests", options.shape.requests, "of a fiber, at most")
      ->check(CLI::PositiveNumber);
  const auto without = [&](const char* name, bool& part, const char* what) {
    app.add_flag_callback(name, [&part] { part = false; }, what);
  };
  without("--no-faults", options.shape.faults, "no errors, full disks or damage");
  without("--no-restores", options.shape.restores, "neither backups nor restores");
  without("--no-replica", options.shape.replica, "nobody follows");
  without("--no-recovery", options.shape.recovery, "the power stays during recovery");
  CLI11_PARSE(app, argc, argv);
  return sim::run_command(options);
}
