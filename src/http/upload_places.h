// Who may hold a thread while her body comes in. Owns the count of those who do, in all, by network
// and by whom they are for; never knows of threads or sockets.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/entropy.h"
#include "base/wait.h"
#include "http/client_address.h"

namespace http {

/// One network, or one account, holds no more than are free beside it: half of all where nobody
/// else is there, and whoever comes next finds as many again to take half of. Safe from any thread.
class UploadPlaces {
 public:
  UploadPlaces(base::Wait& wait, std::size_t places, base::Entropy& entropy);

  /// Given back when it is dropped.
  class Place {
   public:
    Place(Place&& other) noexcept;
    Place& operator=(Place&&) = delete;
    ~Place();
    /// Says whom it is held for. False where as many are held for her as may be; the first one that
    /// it was said of counts, and is asked for again freely.
    bool charge(std::string_view whom);

   private:
    friend class UploadPlaces;
    Place(UploadPlaces& places, std::string network)
        : places_(&places), network_(std::move(network)) {}
    UploadPlaces* places_;  // nobody's: given back
    std::string network_;
    std::string whom_;
  };
  /// Nothing where none is free for the client. Of those on this very machine only all together are
  /// counted: a proxy that was not declared brings everybody from there.
  std::optional<Place> take(const ClientAddress& client);

 private:
  using Held = std::map<std::string, std::size_t, std::less<>>;
  std::size_t free() const { return places_ - held_; }
  static void give_back(Held& held, const std::string& whose);

  base::Mutex mutex_;
  const std::size_t places_;
  base::Bytes key_;  // of networks: their names are personal data
  std::size_t held_ = 0;
  Held by_network_;
  Held by_whom_;
};

}  // namespace http
