#include "accounts/passwords.h"

namespace accounts {

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
  return base::verify_password(hash, password.view());
}

base::Result<void> Passwords::pretend(const base::SecretBytes& password) {
  TRY(take_turn());
  const Turn turn(*this);
  (void)base::verify_password(nobody_, password.view());
  return {};
}

}  // namespace accounts
