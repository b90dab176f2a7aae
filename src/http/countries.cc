#include "http/countries.h"

#include <maxminddb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace http {
namespace {

using base::Code;
using base::Error;

/// The letters of a code; empty where the value is none.
std::string code_in(const MMDB_entry_data_s& value) {
  if (!value.has_data || value.type != MMDB_DATA_TYPE_UTF8_STRING || value.data_size != 2)
    return {};
  std::string code(value.utf8_string, value.data_size);
  return std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; }) ? code
                                                                                : std::string();
}

}  // namespace

struct Countries::Impl {
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (opened) MMDB_close(&file);
  }

  MMDB_s file{};
  bool opened = false;
};

Countries::Countries(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Countries::~Countries() = default;

base::Result<std::unique_ptr<Countries>> Countries::open(const std::string& path) {
  auto impl = std::make_unique<Impl>();
  const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &impl->file);
  if (status == MMDB_FILE_OPEN_ERROR)
    return Error{Code::missing, "the database of countries cannot be opened"};
  if (status != MMDB_SUCCESS)
    return Error{Code::invalid, "the database of countries is not in MaxMind's format"};
  impl->opened = true;
  const char* type = impl->file.metadata.database_type;
  std::string said = type == nullptr ? "" : type;
  std::ranges::transform(said, said.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
  });
  // A database of cities would know more than the notice says.
  if (!said.contains("country"))
    return Error{Code::invalid, "the database is not one of countries"};
  return std::unique_ptr<Countries>(new Countries(std::move(impl)));
}

base::Personal<std::string> Countries::country_of(const ClientAddress& address) const {
  using Answer = base::Personal<std::string>;
  sockaddr_in6 asked{};
  asked.sin6_family = AF_INET6;
  std::memcpy(&asked.sin6_addr, address.bytes_.data(), address.bytes_.size());
  // IPv4 stands in such a file under ::/96, or is all that there is in it.
  sockaddr_in asked_v4{};
  asked_v4.sin_family = AF_INET;
  std::memcpy(&asked_v4.sin_addr, address.bytes_.data() + 12, 4);
  const auto* where = address.is_v4() ? reinterpret_cast<const sockaddr*>(&asked_v4)
                                      : reinterpret_cast<const sockaddr*>(&asked);
  int status = MMDB_SUCCESS;
  MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&impl_->file, where, &status);
  if (status != MMDB_SUCCESS || !found.found_entry) return Answer();
  MMDB_entry_data_s value{};
  // MaxMind's own databases and those of the commons differ in where the code stands.
  if (MMDB_get_value(&found.entry, &value, "country", "iso_code", nullptr) == MMDB_SUCCESS)
    return Answer(code_in(value));
  if (MMDB_get_value(&found.entry, &value, "country_code", nullptr) == MMDB_SUCCESS)
    return Answer(code_in(value));
  return Answer();
}

}  // namespace http
