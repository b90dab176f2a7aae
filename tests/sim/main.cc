#include <cstdio>
#include <cstdlib>

#include "tests/sim/mutants.h"
#include "tests/sim/run.h"
int main(int argc, char** argv) {
  const std::uint64_t from = std::strtoull(argv[1], nullptr, 10),
                      to = std::strtoull(argv[2], nullptr, 10);
  if (argc > 3)
    for (auto& m : sim::mutants())
      if (m.name == argv[3]) sim::put_in_force(m.mutant);
  sim::Figures all;
  for (std::uint64_t s = from; s < to; ++s) {
    auto o = sim::run(
        s, {},
        argc > 4 ? [](std::string_view l) { std::printf("%.*s\n", (int)l.size(), l.data()); }
                 : sim::Trace::Line{});
    all.add(o.figures);
    for (auto& v : o.violations)
      std::printf("seed %lu %s: %s\n", s, std::string(sim::name_of(v.invariant)).c_str(),
                  v.what.c_str());
    std::fflush(stdout);
  }
  std::printf(
      "requests %lu ops %lu crashes %lu owners %lu erasures %lu restores %lu backups %lu faults "
      "%lu detected %lu\n",
      all.requests, all.operations, all.crashes, all.owners, all.erasures, all.restores,
      all.backups, all.faults, all.detected);
}
