#include "http/acting.h"

namespace http {
namespace {

constexpr std::string_view kHeader = "acting-account";
constexpr std::string_view kParameter = "account";
constexpr base::Literal kOtherAccount =
    "this acts in another account than the one that the request names: see which one you are in, "
    "and ask again";

}  // namespace

base::Result<void> means(const Request& request, std::string_view account) {
  for (const auto& [name, meant] : request.headers)
    if (name == kHeader && meant != account) return other_account();
  const auto meant = request.parameter(kParameter);
  if (meant && *meant != account) return other_account();
  return {};
}

base::Error other_account() { return {base::Code::conflict, kOtherAccount}; }

bool is_other_account(const base::Error& error) {
  return error.code() == base::Code::conflict && error.reason().c_str() == kOtherAccount.c_str();
}

}  // namespace http
