#include "accounts/passwords.h"

#include <array>
#include <charconv>
#include <optional>

namespace accounts {
namespace {

constexpr std::size_t kMiB = 1UL << 20;
// As much memory for each of those who log in at once as a small machine has to spare; beyond it,
// passes.
constexpr std::array<base::PasswordCost, 10> kLadder{{password_cost_min,
                                                      {2, 24 * kMiB},
                                                      {2, 32 * kMiB},
                                                      {2, 46 * kMiB},
                                                      {2, 64 * kMiB},
                                                      {3, 64 * kMiB},
                                                      {4, 64 * kMiB},
                                                      {6, 64 * kMiB},
                                                      {8, 64 * kMiB},
                                                      {12, 64 * kMiB}}};

/// The number behind `name` in `$argon2id$v=19$m=65536,t=2,p=1$…`.
std::optional<std::uint64_t> parameter(std::string_view hash, std::string_view name) {
  const auto at = hash.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  std::uint64_t value = 0;
  const char* const begin = hash.data() + at + name.size();
  if (std::from_chars(begin, hash.data() + hash.size(), value).ec != std::errc())
    return std::nullopt;
  return value;
}

}  // namespace

std::uint64_t work(const base::PasswordCost& cost) { return cost.passes * cost.memory_bytes; }

base::Result<MeasuredCost> choose_cost(const MeasureCost& measure, base::Duration target) {
  const base::Duration least = TRY(measure(kLadder.front()));
  std::size_t rung = 0;
  const auto expected = [&](const base::PasswordCost& cost) {
    return least * work(cost) / work(kLadder.front());
  };
  while (rung + 1 < kLadder.size() && expected(kLadder.at(rung + 1)) <= target) ++rung;
  MeasuredCost chosen{kLadder.front(), least};
  // What is expected of more memory is too little where it no longer fits the processor's cache.
  for (; rung > 0; --rung) {
    chosen = {kLadder.at(rung), TRY(measure(kLadder.at(rung)))};
    if (chosen.takes <= target * 5 / 4) return chosen;
  }
  return MeasuredCost{kLadder.front(), least};
}

MeasureCost measure_by(base::Clock& steady) {
  return [&steady](const base::PasswordCost& cost) -> base::Result<base::Duration> {
    const base::Time start = steady.now();
    TRY(base::hash_password(base::view("how long does it take"), cost));
    return steady.now() - start;
  };
}

/// Gives the turn back when it goes.
class Passwords::Turn {
 public:
  explicit Turn(Passwords& passwords) : passwords_(passwords) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { passwords_.end_turn(); }

 private:
  Passwords& passwords_;
};

Passwords::Passwords(base::Wait& wait, base::PasswordCost cost, std::size_t at_once,
                     std::size_t waiting_max)
    : cost_(cost), mutex_(wait), free_(wait), left_(at_once), waiting_max_(waiting_max) {
  auto hashed = base::hash_password(base::view("nobody"), cost_);
  CHECK(hashed.ok());
  nobody_ = std::move(hashed).value();
}

base::Result<void> Passwords::take_turn() {
  base::Lock lock(mutex_);
  // Those who wait hold the server's threads: a flood of logins must leave some to all others.
  if (left_ == 0 && waiting_ == waiting_max_)
    return base::Error{base::Code::unavailable, "too many are logging in at this moment"};
  ++waiting_;
  free_.wait(lock, [&] { return left_ > 0; });
  --waiting_;
  --left_;
  return {};
}

void Passwords::end_turn() {
  const base::Lock lock(mutex_);
  ++left_;
  free_.notify_one();
}

base::Result<std::string> Passwords::hash(const base::SecretBytes& password) {
  TRY(take_turn());
  const Turn turn(*this);
  return base::hash_password(password.view(), cost_);
}

base::Result<bool> Passwords::matches(std::string_view hash, const base::SecretBytes& password) {
  TRY(take_turn());
  const Turn turn(*this);
  const auto read = ForeignHash::parse(hash);
  if (const auto* foreign = std::get_if<ForeignHash>(&read)) return foreign->matches(password);
  return base::verify_password(hash, password.view());
}

bool Passwords::outdated(std::string_view hash) const {
  constexpr std::string_view kArgon2id = "$argon2id$v=19$";
  const auto memory_kib = parameter(hash, "$m=");
  const auto passes = parameter(hash, ",t=");
  if (!hash.starts_with(kArgon2id) || !memory_kib || !passes) return true;
  return *memory_kib * 1024 * *passes != work(cost_);
}

base::Result<bool> Passwords::try_login(const std::optional<KeptHash>& kept,
                                        const base::SecretBytes& password,
                                        std::span<const ForeignCost> foreign) {
  TRY(take_turn());
  const Turn turn(*this);
  const bool ours = kept && !kept->foreign;
  ++tried_;
  const bool fits_ours = base::verify_password(ours ? kept->text : nobody_, password.view());
  bool right = ours && fits_ours;
  for (const ForeignCost& cost : foreign) {
    const bool hers = kept && kept->foreign == cost;
    const auto read = ForeignHash::parse(hers ? std::string_view(kept->text) : "");
    const auto* kept_one = std::get_if<ForeignHash>(&read);
    if (hers && kept_one == nullptr)
      return base::Error{base::Code::corrupt, "a password's hash is none"};
    ++tried_;
    const bool fits = TRY((hers ? *kept_one : ForeignHash::of_nobody(cost)).matches(password));
    right = right || (hers && fits);
  }
  return right;
}

}  // namespace accounts
