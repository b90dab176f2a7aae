#include "http/upload_places.h"

#include <utility>

namespace http {

UploadPlaces::UploadPlaces(base::Wait& wait, std::size_t places, base::Entropy& entropy)
    : mutex_(wait), places_(places), key_(32) {
  entropy.fill(key_);
}

UploadPlaces::Place::Place(Place&& other) noexcept
    : places_(std::exchange(other.places_, nullptr)),
      network_(std::move(other.network_)),
      whom_(std::move(other.whom_)) {}

UploadPlaces::Place::~Place() {
  if (places_ == nullptr) return;
  const base::Lock lock(places_->mutex_);
  --places_->held_;
  give_back(places_->by_network_, network_);
  give_back(places_->by_whom_, whom_);
}

void UploadPlaces::give_back(Held& held, const std::string& whose) {
  const auto at = held.find(whose);
  if (at != held.end() && --at->second == 0) held.erase(at);
}

std::optional<UploadPlaces::Place> UploadPlaces::take(const ClientAddress& client) {
  std::string network;
  if (!client.is_loopback()) network = base::hex(client.network_digest(key_));
  const base::Lock lock(mutex_);
  if (free() == 0) return std::nullopt;
  if (!network.empty()) {
    const auto at = by_network_.find(network);
    if (at != by_network_.end() && at->second >= free()) return std::nullopt;
    ++by_network_[network];
  }
  ++held_;
  return Place(*this, std::move(network));
}

bool UploadPlaces::Place::charge(std::string_view whom) {
  if (!whom_.empty()) return true;
  const base::Lock lock(places_->mutex_);
  Held& held = places_->by_whom_;
  const auto at = held.find(whom);
  // This place is held already, and was free for her before.
  if (at != held.end() && at->second >= places_->free() + 1) return false;
  whom_ = whom;
  ++held[whom_];
  return true;
}

}  // namespace http
