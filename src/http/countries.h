// The country that an address is in, by a database file in MaxMind's format: on this machine, so
// that nobody else is asked. Owns the mapped file; answers the code and nothing finer, whatever
// else the file has.
#pragma once

#include <memory>
#include <string>

#include "base/personal.h"
#include "base/result.h"
#include "http/client_address.h"

namespace http {

/// Safe from any thread.
class Countries {
 public:
  /// Code::missing where there is no such file, Code::invalid where it is no database of that kind
  /// or tells no countries.
  static base::Result<std::unique_ptr<Countries>> open(const std::string& path);
  ~Countries();
  Countries(const Countries&) = delete;
  Countries& operator=(const Countries&) = delete;

  /// The code of ISO 3166-1 (`NO`); empty where it is not known.
  base::Personal<std::string> country_of(const ClientAddress& address) const;

 private:
  struct Impl;
  explicit Countries(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace http
