// How many entries a second the log makes durable and provable, and how many anybody verifies. The
// bars: 50,000 and 500,000 on one core. The peer in the same run is the same leaves in the same
// transactions, durable and nothing more: what the proofs cost beyond it.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "client/log_source.h"
#include "client/verify.h"
#include "ledger/ledger.h"
#include "measure.h"
#include "store/testing.h"

namespace {

using base::Result;

class Log {
 public:
  Log() {
    base::SecretBytes seed(32);
    std::fill(seed.mutable_view().begin(), seed.mutable_view().end(), std::uint8_t{7});
    ledger_ = ledger::Ledger::open(*store_, disk_, store_.wait(), clock_, directory(),
                                   "log.example", base::SigningKey::from_seed(seed).value())
                  .value();
  }

  std::string directory() const { return store_.directory().file("log"); }
  ledger::Ledger& ledger() { return *ledger_; }
  std::unique_ptr<client::LogSource> source() {
    return client::open_log_source(disk_, directory()).value();
  }

  /// Entries of one transaction, waited for until they stand in a checkpoint.
  void add(std::uint64_t entries) {
    const ledger::Ticket last = append(*store_, next_, entries);
    next_ += entries;
    benchmark::DoNotOptimize(ledger_->await(last).value());
  }
  /// As many in a store beside it, durable alone.
  void add_to_peer(std::uint64_t entries) {
    append(*peer_, peer_next_, entries);
    peer_next_ += entries;
  }

  /// What one new file of a bundle's size costs this disk at this moment.
  double file_sync_ms() {
    constexpr int kFiles = 32;
    const base::Bytes bundle(ledger::kTileWidth * (2 + ledger::kLeafBytes), 0x42);
    return 1e3 / kFiles * bench::seconds_of([&] {
             for (int n = 0; n < kFiles; ++n) {
               const auto file = disk_
                                     .open(store_.directory().file("probe" + std::to_string(n)),
                                           base::Open::update)
                                     .value();
               file->write_at(0, bundle).value();
               file->sync().value();
             }
           });
  }

 private:
  ledger::Ticket append(store::Store& store, std::uint64_t first, std::uint64_t entries) {
    ledger::Ticket last{};
    store
        .write([&](store::Tx& tx) -> Result<void> {
          for (std::uint64_t n = first; n < first + entries; ++n) {
            base::Bytes number;
            base::put_u64(number, n);
            const base::Digest digest = base::sha256(number);
            last = TRY(ledger_->append(tx, ledger::Leaf{digest, digest}));
          }
          return {};
        })
        .value();
    return last;
  }

  store::TemporaryStore store_{{ledger::Ledger::schema()}, store::Medium::disk};
  store::TemporaryStore peer_{{ledger::Ledger::schema()}, store::Medium::disk};
  base::RealDisk disk_;
  base::ManualClock clock_{base::Time(base::Duration(0))};
  std::unique_ptr<ledger::Ledger> ledger_;
  std::uint64_t next_ = 0;
  std::uint64_t peer_next_ = 0;
};

// What nobody hurries: many entries share one checkpoint. Real time, since the disk is a part of
// it, with what one more synced file costs beside it; and the processor's time alone.
void durable_and_provable(benchmark::State& state) {
  Log log;
  const auto entries = static_cast<std::uint64_t>(state.range(0));
  double ours = 0;
  double ours_cpu = 0;
  double durable = 0;
  for (auto _ : state) {
    ours_cpu +=
        bench::cpu_seconds_of([&] { ours += bench::seconds_of([&] { log.add(entries); }); });
    durable += bench::seconds_of([&] { log.add_to_peer(entries); });
  }
  const auto all = static_cast<double>(log.ledger().size());
  state.counters["entries_per_second"] = all / ours;
  state.counters["entries_per_cpu_second"] = all / ours_cpu;
  state.counters["of_durable_alone"] = durable / ours;
  state.counters["file_sync_ms"] = log.file_sync_ms();
}
BENCHMARK(durable_and_provable)
    ->Arg(1)
    ->Arg(1 << 10)
    ->Arg(1 << 16)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void verify(benchmark::State& state) {
  Log log;
  log.add(1 << 16);
  const auto source = log.source();
  for (auto _ : state) {
    const auto report = client::verify_ledger(*source, log.ledger().verifier_key(),
                                              [](std::uint64_t, std::uint64_t) {});
    if (!report.value().holds()) std::abort();
  }
  state.SetItemsProcessed(state.iterations() * (1 << 16));
}
BENCHMARK(verify)->Unit(benchmark::kMillisecond);

void prove(benchmark::State& state) {
  Log log;
  log.add(1 << 16);
  std::uint64_t index = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(log.ledger().prove(index).value());
    index = (index + 40503) % (1 << 16);
  }
}
BENCHMARK(prove)->Unit(benchmark::kMicrosecond);

}  // namespace
