#include "holder/pairing.h"

#include <algorithm>

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kSecretSize = 16;
constexpr std::size_t kGroup = 4;
constexpr std::size_t kOpenSize = 8 + 1 + kSecretSize;
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kKeysMax = 8;  // a server and its successors, not a public service
constexpr std::size_t kTreeSize = 16;

}  // namespace

Result<base::SecretBytes> parse_code(std::string_view text) {
  base::SecretBytes letters(26);
  std::size_t count = 0;
  for (const char c : text) {
    if (c == '-' || c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    if (count == letters.size()) return Error{Code::invalid, "the code is too long"};
    const bool upper = c >= 'A' && c <= 'Z';
    letters.mutable_view()[count++] = static_cast<std::uint8_t>(upper ? c - 'A' + 'a' : c);
  }
  if (count != letters.size()) return Error{Code::invalid, "the code has 26 letters and digits"};
  auto raw = base::parse_base32(base::text(letters.view()));
  if (!raw.ok()) return Error{Code::invalid, "the code has letters and the digits 2 to 7 only"};
  auto secret = base::SecretBytes::copy_of(*raw);
  base::wipe(*raw);
  return secret;
}

base::Digest proof(const base::SecretBytes& secret, Side side, const Binding& binding,
                   const base::PublicKey& caller, const base::PublicKey& holder) {
  base::Bytes message = base::copy(base::view("keyholder pairing 1"));
  message.push_back(side == Side::caller ? 'c' : 'h');
  message.insert(message.end(), binding.begin(), binding.end());
  message.insert(message.end(), caller.begin(), caller.end());
  message.insert(message.end(), holder.begin(), holder.end());
  return base::hmac_sha256(secret.view(), message);
}

/// {until u64, wrong proofs so far u8, secret 16}
struct Pairings::Open {
  std::uint64_t until = 0;
  std::uint8_t wrong = 0;
  base::SecretBytes secret;
};

Pairings::Pairings(base::Disk& disk, base::Clock& clock, std::string directory, PairingTurn turn)
    : disk_(disk), clock_(clock), directory_(std::move(directory)), turn_(std::move(turn)) {}

Result<std::shared_ptr<void>> Pairings::take_turn() {
  if (!turn_) return std::shared_ptr<void>();
  return turn_();
}

Result<void> Pairings::keep(const Open& open) {
  base::SecretBytes raw(kOpenSize);
  std::uint8_t* at = raw.mutable_view().data();
  base::store_u64(at, open.until);
  at[8] = open.wrong;
  std::ranges::copy(open.secret.view(), at + 9);
  return base::write_file_atomically(disk_, directory_ + "/code", raw.view());
}

Result<void> Pairings::drop() {
  const auto removed = disk_.remove(directory_ + "/code");
  if (!removed.ok() && removed.code() != Code::missing) return removed.error();
  return disk_.sync_directory(directory_);
}

Result<std::optional<Pairings::Open>> Pairings::open_code() {
  auto raw = base::read_file(disk_, directory_ + "/code", kOpenSize);
  if (!raw.ok() && raw.code() == Code::missing) return std::optional<Open>();
  if (!raw.ok()) return raw.error();
  if (raw->size() != kOpenSize) return std::optional<Open>();
  Open open{base::load_u64(raw->data()), (*raw)[8],
            base::SecretBytes::copy_of(base::View(*raw).subspan(9))};
  base::wipe(*raw);
  const auto now = clock_.now().time_since_epoch().count();
  if (std::cmp_less(open.until, now) || open.wrong >= kCodeAttempts) {
    TRY(drop());
    return std::optional<Open>();
  }
  return std::optional(std::move(open));
}

Result<std::string> Pairings::issue(base::Entropy& entropy) {
  Open open;
  open.until = static_cast<std::uint64_t>((clock_.now() + kCodeLife).time_since_epoch().count());
  open.secret = base::SecretBytes(kSecretSize);
  entropy.fill(open.secret.mutable_view());
  {
    // A pairing under way writes the older code back, with one attempt less.
    const auto turn = TRY(take_turn());
    TRY(keep(open));
  }
  std::string shown;
  for (const char c : base::base32(open.secret.view())) {
    if (!shown.empty() && (shown.size() + 1) % (kGroup + 1) == 0) shown += '-';
    shown += c;
  }
  return shown;
}

Result<base::Digest> Pairings::pair(base::View shown, const Binding& binding,
                                    const base::PublicKey& caller, const base::PublicKey& holder) {
  const auto turn = TRY(take_turn());
  auto open = TRY(open_code());
  if (!open) return Error{Code::unauthenticated, "no code is open"};
  // Counted before it is looked at: a crash gives nobody another guess.
  ++open->wrong;
  TRY(keep(*open));
  const base::Digest expected = proof(open->secret, Side::caller, binding, caller, holder);
  if (!base::equal_constant_time(shown, expected))
    return Error{Code::unauthenticated, "the code is wrong"};
  auto all = TRY(keys());
  if (std::ranges::find(all, caller) == all.end()) {
    if (all.size() >= kKeysMax) return Error{Code::exhausted, "too many servers are paired"};
    all.push_back(caller);
  }
  TRY(drop());
  TRY(keep(all));
  return proof(open->secret, Side::holder, binding, caller, holder);
}

Result<std::vector<base::PublicKey>> Pairings::keys() {
  const auto raw = base::read_file(disk_, directory_ + "/servers", kKeysMax * kKeySize);
  if (!raw.ok() && raw.code() == Code::missing) return std::vector<base::PublicKey>();
  if (!raw.ok()) return raw.error();
  if (raw->size() % kKeySize != 0) return Error{Code::corrupt, "the list of servers is damaged"};
  std::vector<base::PublicKey> all(raw->size() / kKeySize);
  for (std::size_t i = 0; i < all.size(); ++i)
    std::copy_n(raw->data() + i * kKeySize, kKeySize, all[i].begin());
  return all;
}

Result<void> Pairings::keep(const std::vector<base::PublicKey>& all) {
  base::Bytes raw;
  for (const base::PublicKey& key : all) raw.insert(raw.end(), key.begin(), key.end());
  return base::write_file_atomically(disk_, directory_ + "/servers", raw);
}

Result<bool> Pairings::welcome(const base::PublicKey& key) {
  const auto all = TRY(keys());
  return std::ranges::find(all, key) != all.end();
}

Result<void> Pairings::forget(const base::PublicKey& key) {
  const auto turn = TRY(take_turn());
  auto all = TRY(keys());
  if (std::erase(all, key) == 0) return Error{Code::missing, "no such server is paired"};
  return keep(all);
}

Result<std::optional<base::Bytes>> Pairings::tree() {
  auto raw = base::read_file(disk_, directory_ + "/tree", kTreeSize);
  if (!raw.ok() && raw.code() == Code::missing) return std::optional<base::Bytes>();
  if (!raw.ok()) return raw.error();
  if (raw->size() != kTreeSize) return Error{Code::corrupt, "the tree's name is damaged"};
  return std::optional(std::move(*raw));
}

Result<void> Pairings::bind(base::View tree) {
  CHECK(tree.size() == kTreeSize);
  return base::write_file_atomically(disk_, directory_ + "/tree", tree);
}

}  // namespace holder
