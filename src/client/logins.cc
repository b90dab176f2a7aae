#include "client/logins.h"

#include <nlohmann/json.hpp>

#include "base/host.h"
#include "base/secret_file.h"
#include "client/server_address.h"

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;
using nlohmann::json;

constexpr std::size_t kFileBytes = 256UL << 10;
constexpr std::uint32_t kOthers = 077;  // the group, and everybody

Error odd() {
  return {Code::corrupt, "the file of logins is damaged; remove it, and log in again"};
}

void wipe(std::string& text) {
  base::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

Result<Login> read_login(json& object) {
  Login login;
  std::string* token = nullptr;
  if (object.is_object())
    for (auto& [name, value] : object.items()) {
      auto* text = value.get_ptr<std::string*>();
      if (text == nullptr) return odd();
      if (name == "server") login.origin = *text;
      if (name == "ca") login.ca_file = *text;
      if (name == "token") token = text;
    }
  if (token == nullptr || token->empty()) return odd();
  login.token = base::SecretBytes::copy_of(base::view(*token));
  wipe(*token);
  // What a person has changed by hand is held to the same rules.
  const auto address = ServerAddress::parse(login.origin);
  if (!address.ok() || address->origin() != login.origin) return odd();
  return login;
}

}  // namespace

Result<Logins> Logins::open(base::Disk& disk, std::string directory) {
  Logins logins(disk, std::move(directory));
  TRY(logins.read());
  return logins;
}

Result<void> Logins::read() {
  const auto status = base::file_status(file(), base::Links::follow);
  if (!status.ok() && status.code() == Code::missing) return {};
  if (!status.ok()) return status.error();
  if ((status->permissions & kOthers) != 0 || status->owner != base::effective_user())
    return Error{
        Code::denied,
        "others than you may read or write the file of logins: take that away (chmod 600), "
        "and think about whether somebody has the token already"};
  const base::SecretBytes text = TRY(base::read_secret_file(file(), kFileBytes));
  json all = json::parse(base::text(text.view()), nullptr, false);
  if (!all.is_array()) return odd();
  for (json& each : all) {
    Login login = TRY(read_login(each));
    all_.push_back(std::move(login));
  }
  return {};
}

Result<void> Logins::write() const {
  json all = json::array();
  for (const Login& login : all_) {
    json object = {{"server", login.origin}, {"token", base::text(login.token.view())}};
    if (!login.ca_file.empty()) object["ca"] = login.ca_file;
    all.push_back(std::move(object));
  }
  std::string text = all.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
  for (json& each : all) wipe(each["token"].get_ref<std::string&>());
  const auto written = disk_.make_directory(directory_).ok()
                           ? base::write_file_atomically(disk_, file(), base::view(text))
                           : Error{Code::io, "the directory of logins cannot be made"};
  wipe(text);
  return written;
}

const Login* Logins::find(const std::string& origin) const {
  if (origin.empty()) return all_.empty() ? nullptr : &all_.front();
  const auto found = std::ranges::find(all_, origin, &Login::origin);
  return found == all_.end() ? nullptr : &*found;
}

Result<void> Logins::keep(Login login) {
  std::erase_if(all_, [&](const Login& other) { return other.origin == login.origin; });
  all_.insert(all_.begin(), std::move(login));
  return write();
}

Result<void> Logins::forget(const std::string& origin) {
  if (std::erase_if(all_, [&](const Login& other) { return other.origin == origin; }) == 0)
    return Error{Code::missing, "there is no login to this server"};
  return write();
}

}  // namespace client
