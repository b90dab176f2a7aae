#include "workspace/allowance.h"

namespace workspace {
namespace {

constexpr base::Literal kOverQuota =
    "this is more than the account's plan has room for: empty the trash, remove files, their "
    "earlier versions or records, or take a larger plan";

}  // namespace

base::Error over_quota() { return {base::Code::full, kOverQuota}; }

bool is_over_quota(const base::Error& error) {
  return error.code() == base::Code::full && error.reason().c_str() == kOverQuota.c_str();
}

}  // namespace workspace
