#include "base/mandate.h"

#include <utility>

namespace base {

Error replaced_host() { return {Code::unavailable, "another host has taken this service over"}; }

Result<void> Mandate::check() const {
  if (ended_) return replaced_host();
  return {};
}

Result<void> Mandate::confirm() {
  TRY(check());
  {
    const Lock lock(asking_);
    if (!others_ || !others_()) return check();
  }
  end();
  return check();
}

void Mandate::end() {
  ended_ = true;
  const Lock lock(telling_);
  if (const auto notify = std::exchange(notify_, {})) notify();
}

void Mandate::ask_with(std::function<bool()> others) {
  const Lock lock(asking_);
  others_ = std::move(others);
}

void Mandate::on_end(std::function<void()> notify) {
  const Lock lock(telling_);
  notify_ = std::move(notify);
  if (ended_)
    if (const auto now = std::exchange(notify_, {})) now();
}

}  // namespace base
