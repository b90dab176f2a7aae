#include "accounts/passwords.h"

namespace accounts {

/// A place among those that hash; given back when it goes.
class Passwords::Turn {
 public:
  explicit Turn(Passwords& passwords) : passwords_(passwords) {
    base::Lock lock(passwords_.mutex_);
    passwords_.free_.wait(lock, [&] { return passwords_.left_ > 0; });
    --passwords_.left_;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    const base::Lock lock(passwords_.mutex_);
    ++passwords_.left_;
    passwords_.free_.notify_one();
  }

 private:
  Passwords& passwords_;
};

Passwords::Passwords(base::Wait& wait, base::PasswordCost cost, std::size_t at_once)
    : cost_(cost), mutex_(wait), free_(wait), left_(at_once) {
  auto hashed = base::hash_password(base::view("nobody"), cost_);
  CHECK(hashed.ok());
  nobody_ = std::move(hashed).value();
}

base::Result<std::string> Passwords::hash(const base::SecretBytes& password) {
  const Turn turn(*this);
  return base::hash_password(password.view(), cost_);
}

bool Passwords::matches(std::string_view hash, const base::SecretBytes& password) {
  const Turn turn(*this);
  return base::verify_password(hash, password.view());
}

void Passwords::pretend(const base::SecretBytes& password) {
  const Turn turn(*this);
  (void)base::verify_password(nobody_, password.view());
}

}  // namespace accounts
