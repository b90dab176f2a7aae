// Content through the vault's writer and reader, memory to memory on one core, against OpenSSL's
// own AES-256-GCM over pieces of 16 KiB, as `openssl speed -evp aes-256-gcm -bytes 16384` does it
// (the bar: 0.85 of that, each way). Twice: with the ciphertext in memory when it is sealed, and
// with one more copy of it, to a file that is memory or from it, which OpenSSL's measure has not.
// And a file of 4 GiB, for what it costs in memory (the bar: 20 MiB).
#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>

#include "base/entropy.h"
#include "measure.h"
#include "store/testing.h"
#include "vault/content_reader.h"
#include "vault/content_writer.h"

namespace {

using base::Result;

constexpr std::size_t kPiece = 256 * 1024;  // what a caller hands over at once
constexpr std::uint64_t kBytes = 2UL << 20;
constexpr int kRuns = 101;

/// A file that is memory, made large enough before anything is measured.
class MemoryFile final : public base::File {
 public:
  /// Adds to `copying`, where there is one, the seconds that reading from it takes.
  explicit MemoryFile(base::Bytes& bytes, double* copying = nullptr)
      : bytes_(bytes), copying_(copying) {}
  Result<std::size_t> read_at(std::uint64_t offset, base::Mutable out) override {
    if (offset >= bytes_.size()) return std::size_t{0};
    const std::size_t size = std::min<std::uint64_t>(out.size(), bytes_.size() - offset);
    const auto copy = [&] { std::memcpy(out.data(), bytes_.data() + offset, size); };
    if (copying_ != nullptr)
      *copying_ += bench::cpu_seconds_of(copy);
    else
      copy();
    return size;
  }
  Result<void> write_at(std::uint64_t offset, base::View bytes) override {
    if (bytes_.size() < offset + bytes.size()) bytes_.resize(offset + bytes.size());
    std::memcpy(bytes_.data() + offset, bytes.data(), bytes.size());
    return {};
  }
  Result<std::uint64_t> size() override { return bytes_.size(); }
  Result<void> truncate(std::uint64_t size) override {
    bytes_.resize(size);
    return {};
  }
  Result<void> sync() override { return {}; }

 private:
  base::Bytes& bytes_;
  double* copying_;
};

/// Takes everything and keeps nothing: what sealing costs without the copy into a file.
class NoFile final : public base::File {
 public:
  Result<std::size_t> read_at(std::uint64_t, base::Mutable) override { return std::size_t{0}; }
  Result<void> write_at(std::uint64_t, base::View) override { return {}; }
  Result<std::uint64_t> size() override { return std::uint64_t{0}; }
  Result<void> truncate(std::uint64_t) override { return {}; }
  Result<void> sync() override { return {}; }
};

struct Stage {
  base::RealDisk disk;
  base::SystemEntropy entropy;
  base::ThreadWait wait;
  store::TemporaryDirectory directory;
  base::OwnerId owner = base::OwnerId::random(entropy);
  base::ContentId id = base::ContentId::random(entropy);
  base::SecretBytes key{32};

  explicit Stage(store::Medium medium) : directory(medium) {
    disk.make_directory(vault::content_folder(directory.path(), id)).value();
  }
  std::shared_ptr<vault::KeyLease> lease() {
    return std::make_shared<vault::KeyLease>(wait, base::SecretBytes::copy_of(key.view()));
  }
  std::vector<std::uint64_t> write(std::unique_ptr<base::File> file, std::uint64_t bytes,
                                   base::View piece) {
    vault::FileWriter writer({owner, "files", id, directory.path(), vault::kSegmentBytesMax}, disk,
                             entropy, lease(), std::move(file),
                             [](base::ContentId, vault::FileWriter::Fate) {});
    for (std::uint64_t done = 0; done < bytes; done += piece.size()) writer.write(piece).value();
    writer.finish().value();
    return writer.segment_sizes().value();
  }
  void read(std::unique_ptr<base::File> file, const std::vector<std::uint64_t>& sizes,
            base::Mutable piece) {
    auto places = vault::decode_manifest(vault::encode_manifest(sizes)).value();
    auto reader =
        vault::FileReader::open(owner, id, std::move(places), lease(), std::move(file)).value();
    for (std::uint64_t done = 0; done < reader->size(); done += piece.size())
      if (reader->read_at(done, piece).value() != piece.size()) std::abort();
  }
};

/// The peer: one context, one key, a new nonce for each piece, as OpenSSL's own measure has it.
class PlainEvp {
 public:
  explicit PlainEvp(int encrypt) : encrypt_(encrypt) {
    const std::array<std::uint8_t, 32> key{};
    must(EVP_CipherInit_ex(context_, EVP_aes_256_gcm(), nullptr, key.data(), nonce_.data(),
                           encrypt_));
  }
  ~PlainEvp() { EVP_CIPHER_CTX_free(context_); }
  PlainEvp(const PlainEvp&) = delete;
  PlainEvp& operator=(const PlainEvp&) = delete;

  void run(std::uint64_t bytes) {
    int size = 0;
    for (std::uint64_t done = 0; done < bytes; done += in_.size()) {
      ++nonce_[0];
      must(EVP_CipherInit_ex(context_, nullptr, nullptr, nullptr, nonce_.data(), encrypt_));
      if (encrypt_ == 0) must(EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_GCM_SET_TAG, 16, out_.data()));
      must(
          EVP_CipherUpdate(context_, out_.data(), &size, in_.data(), static_cast<int>(in_.size())));
      // What is opened here was never sealed: the tag is computed and does not fit.
      (void)EVP_CipherFinal_ex(context_, out_.data(), &size);
    }
  }

 private:
  static void must(int outcome) {
    if (outcome != 1) std::abort();
  }
  const int encrypt_;
  EVP_CIPHER_CTX* context_ = EVP_CIPHER_CTX_new();
  std::array<std::uint8_t, 12> nonce_{};
  base::Bytes in_ = base::Bytes(16 * 1024);
  base::Bytes out_ = base::Bytes(16 * 1024);
};

// All take turns, so that whatever else the machine does is borne by all of them.
void content_in_and_out(benchmark::State& state) {
  Stage stage(store::Medium::memory);  // where a directory's sync costs nothing
  base::Bytes memory(kBytes + (kBytes >> 8));
  const base::Bytes in(kPiece, 0x42);
  base::Bytes out(kPiece);
  PlainEvp sealing(1);
  PlainEvp opening(0);
  std::map<std::string, std::vector<double>> took;
  for (auto _ : state) {
    for (int run = 0; run < kRuns; ++run) {
      std::vector<std::uint64_t> sizes;
      took["in"].push_back(bench::cpu_seconds_of(
          [&] { sizes = stage.write(std::make_unique<MemoryFile>(memory), kBytes, in); }));
      took["in_no_file"].push_back(bench::cpu_seconds_of(
          [&] { (void)stage.write(std::make_unique<NoFile>(), kBytes, in); }));
      took["seal"].push_back(bench::cpu_seconds_of([&] { sealing.run(kBytes); }));
      memory.resize(vault::Segment::sealed_size(kBytes));
      took["out"].push_back(bench::cpu_seconds_of(
          [&] { stage.read(std::make_unique<MemoryFile>(memory), sizes, out); }));
      double copying = 0;
      const double all_of_it = bench::cpu_seconds_of(
          [&] { stage.read(std::make_unique<MemoryFile>(memory, &copying), sizes, out); });
      took["out_no_file"].push_back(all_of_it - copying);
      took["open"].push_back(bench::cpu_seconds_of([&] { opening.run(kBytes); }));
    }
  }
  const double all = static_cast<double>(kBytes);
  state.counters["in_bytes_per_second"] = all / bench::median(took["in"]);
  state.counters["out_bytes_per_second"] = all / bench::median(took["out"]);
  const auto ratio = [&](const char* peer, const char* ours) {
    return bench::median(took[peer]) / bench::median(took[ours]);
  };
  state.counters["in_of_openssl"] = ratio("seal", "in_no_file");
  state.counters["in_with_file_of_openssl"] = ratio("seal", "in");
  state.counters["out_of_openssl"] = ratio("open", "out_no_file");
  state.counters["out_with_file_of_openssl"] = ratio("open", "out");
}
BENCHMARK(content_in_and_out)->Iterations(1)->Unit(benchmark::kMillisecond);

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// The peak never falls: this one is to be run alone, with --benchmark_filter=four_gibibytes.
void four_gibibytes(benchmark::State& state) {
  constexpr std::uint64_t kLarge = 4UL << 30;
  Stage stage(store::Medium::disk);
  const base::Bytes in(kPiece, 0x42);
  base::Bytes out(kPiece);
  const std::string path = vault::content_path(stage.directory.path(), stage.id);
  const double before = peak_mib();
  for (auto _ : state) {
    const auto sizes = stage.write(stage.disk.open(path, base::Open::create).value(), kLarge, in);
    stage.read(stage.disk.open(path, base::Open::read).value(), sizes, out);
  }
  state.counters["extra_mib"] = peak_mib() - before;
  stage.disk.remove(path).value();
  stage.disk.remove_directory(vault::content_folder(stage.directory.path(), stage.id)).value();
}
BENCHMARK(four_gibibytes)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
