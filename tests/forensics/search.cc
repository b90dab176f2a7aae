#include "tests/forensics/search.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "base/bytes.h"

namespace forensics {
namespace {

constexpr std::size_t kAnchor = 8;
constexpr unsigned kFilterBits = 24;
constexpr std::size_t kPiece = 4 << 20;
constexpr std::size_t kBlock = 4096;

std::uint64_t load(const char* at) {
  std::uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}
std::uint64_t hash(std::uint64_t anchor) { return anchor * 0x9e3779b97f4a7c15U; }

/// Where the first byte that is not zero stands, in whole blocks: images and memory are mostly
/// empty.
std::size_t behind_zeros(std::string_view bytes, std::size_t at) {
  static const std::string zeros(kBlock, '\0');
  while (at + kBlock <= bytes.size() && std::memcmp(bytes.data() + at, zeros.data(), kBlock) == 0)
    at += kBlock;
  return at;
}

std::string mixed(const std::string& key, std::uint8_t pad) {
  std::string out = key;
  for (char& c : out) c = static_cast<char>(static_cast<std::uint8_t>(c) ^ pad);
  return out;
}

/// What does not depend on the bytes before and behind: base64 of `key` at an offset, trimmed.
void add_base64(std::vector<support::Form>& forms, const std::string& key) {
  for (std::size_t skip = 0; skip < 3; ++skip) {
    const std::string shifted = std::string(skip, 'x') + key;
    const std::string whole = shifted.substr(0, shifted.size() / 3 * 3);
    const std::size_t from = skip == 0 ? 0 : 4;
    forms.push_back({"base64", base::base64(base::view(whole)).substr(from)});
    forms.push_back({"base64url", base::base64url(base::view(whole)).substr(from)});
  }
}

}  // namespace

std::size_t Search::add_text(const std::string& word) {
  add(support::forms_of(word));
  return words_ - 1;
}

std::size_t Search::add_key(const std::string& key) {
  const std::string hex = base::hex(base::view(key));
  std::string upper = hex;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  std::vector<support::Form> forms = {{"bytes", key},
                                      {"reverse", std::string(key.rbegin(), key.rend())},
                                      {"hex", hex},
                                      {"hex, upper case", upper},
                                      {"HMAC's inner pad", mixed(key, 0x36)},
                                      {"HMAC's outer pad", mixed(key, 0x5c)}};
  add_base64(forms, key);
  add(forms);
  return words_ - 1;
}

void Search::add(const std::vector<support::Form>& forms) {
  for (const support::Form& form : forms) {
    if (form.bytes.size() < kAnchor) throw std::runtime_error("a word is too short to look for");
    longest_ = std::max(longest_, form.bytes.size());
    patterns_.push_back({form.bytes, form.encoding, words_});
  }
  ++words_;
}

void Search::prepare() {
  order_.resize(patterns_.size());
  for (std::uint32_t i = 0; i < order_.size(); ++i) order_[i] = i;
  const auto anchor = [&](std::uint32_t i) { return load(patterns_[i].bytes.data()); };
  std::ranges::sort(order_, {}, anchor);
  std::size_t size = 16;
  while (size < order_.size() * 2) size *= 2;
  slots_.assign(size, {});
  filter_.assign((std::size_t{1} << kFilterBits) / 64, 0);
  for (std::uint32_t from = 0; from < order_.size();) {
    const std::uint64_t value = anchor(order_[from]);
    std::uint32_t to = from;
    while (to < order_.size() && anchor(order_[to]) == value) ++to;
    const std::uint64_t mixed_up = hash(value) >> (64 - kFilterBits);
    filter_[mixed_up / 64] |= std::uint64_t{1} << (mixed_up % 64);
    std::size_t at = hash(value) >> 20;
    while (slots_[at % size].count != 0) ++at;
    slots_[at % size] = {value, from, to - from};
    from = to;
  }
}

const Search::Slot* Search::find(std::uint64_t anchor) const {
  for (std::size_t at = hash(anchor) >> 20;; ++at) {
    const Slot& slot = slots_[at % slots_.size()];
    if (slot.count == 0) return nullptr;
    if (slot.anchor == anchor) return &slot;
  }
}

void Search::scan(std::string_view bytes, std::uint64_t base, const OnHit& on_hit) const {
  for (std::size_t at = 0; at + kAnchor <= bytes.size(); ++at) {
    std::uint64_t anchor = load(bytes.data() + at);
    if (anchor == 0 && at % kBlock == 0) {
      at = behind_zeros(bytes, at);
      if (at + kAnchor > bytes.size()) return;
      anchor = load(bytes.data() + at);
    }
    const std::uint64_t mixed_up = hash(anchor) >> (64 - kFilterBits);
    if ((filter_[mixed_up / 64] >> (mixed_up % 64) & 1) == 0) continue;
    const Slot* slot = find(anchor);
    if (slot == nullptr) continue;
    for (std::uint32_t i = slot->first; i < slot->first + slot->count; ++i) {
      const Pattern& pattern = patterns_[order_[i]];
      if (bytes.substr(at).starts_with(pattern.bytes))
        on_hit({pattern.word, pattern.encoding, base + at});
    }
  }
}

void scan_file(const Search& search, const std::string& path, const Search::OnHit& on_hit) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  if (file < 0 || ::fstat(file, &status) != 0) throw std::runtime_error("cannot open " + path);
  const auto size = static_cast<std::size_t>(status.st_size);
  std::mutex telling;
  const auto told = [&](const Hit& hit) {
    const std::lock_guard guard(telling);
    on_hit(hit);
  };
  // A hit belongs to the piece in which it begins.
  const auto scan_pieces = [&](std::size_t first) {
    std::string bytes(kPiece + search.longest() - 1, '\0');
    for (std::size_t from = first * kPiece; from < size; from += 2 * kPiece) {
      const ssize_t read = ::pread(file, bytes.data(), bytes.size(), static_cast<off_t>(from));
      if (read < 0) break;
      search.scan(std::string_view(bytes).substr(0, static_cast<std::size_t>(read)), from,
                  [&](const Hit& hit) {
                    if (hit.at < from + kPiece) told(hit);
                  });
    }
  };
  if (size <= kPiece) {
    scan_pieces(0);
  } else {
    std::thread other(scan_pieces, 1);
    scan_pieces(0);
    other.join();
  }
  ::close(file);
}

}  // namespace forensics
