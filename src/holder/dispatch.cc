#include "holder/dispatch.h"

#include "keys/root_record.h"

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

Result<std::size_t> slot_of(std::uint8_t number) {
  if (number > 1) return Error{Code::invalid, "a holder has two slots"};
  return std::size_t{number};
}

}  // namespace

bool belongs(std::uint8_t method, Lane lane) {
  const auto within = [&](Method first, Method last) {
    return method >= static_cast<std::uint8_t>(first) && method <= static_cast<std::uint8_t>(last);
  };
  switch (lane) {
    case Lane::root:
      return within(Method::root_read, Method::root_destroy);
    case Lane::replica:
      return within(Method::replica_status, Method::replica_keys);
    case Lane::restore:
      return within(Method::restore_begin, Method::restore_leaves) ||
             within(Method::replica_status, Method::replica_status);
  }
  return false;
}

Result<base::Bytes> RootPart::handle(Method method, base::View body) {
  base::Reader in(body);
  const std::uint64_t incarnation = TRY(in.u64());
  if (incarnation != kLooking || method != Method::root_read) TRY(fence_.admit(incarnation));
  auto answer = carry_out(method, in);
  if (!answer.ok())
    return own_failure(std::move(answer).error(), "the root that is kept here does not open");
  return answer;
}

Result<base::Bytes> RootPart::carry_out(Method method, base::Reader in) {
  if (method == Method::root_read) {
    if (!in.done()) return Error{Code::invalid, "reading a root takes nothing"};
    return read();
  }
  if (in.done()) return Error{Code::invalid, "a holder has two slots"};
  const std::uint8_t number = TRY(in.u8());
  const std::size_t slot = TRY(slot_of(number));
  if (method == Method::root_destroy) {
    if (!in.done()) return Error{Code::invalid, "destroying a root takes a slot"};
    TRY(holder_.destroy(slot));
    return base::Bytes();
  }
  if (method != Method::root_write) return Error{Code::unsupported, "not a request to the root"};
  const auto root = keys::parse_root(in.rest());
  // A record that was damaged on its way must not replace a whole one.
  if (!root) return Error{Code::invalid, "not a root record"};
  TRY(holder_.write(slot, *root));
  return base::Bytes();
}

/// For each slot a byte, 1 where a record follows.
Result<base::Bytes> RootPart::read() {
  const auto roots = TRY(holder_.read());
  base::Bytes out;
  out.reserve(2 * (1 + keys::kRootRecordSize));  // so that no key is left behind by growing
  for (const auto& root : roots) {
    out.push_back(root ? 1 : 0);
    if (!root) continue;
    const base::SecretBytes record = keys::encode_root(*root);
    out.insert(out.end(), record.view().begin(), record.view().end());
  }
  return out;
}

Result<base::Bytes> Dispatch::handle(Method method, base::View body) {
  const auto number = static_cast<std::uint8_t>(method);
  if (belongs(number, Lane::root)) return root_.handle(method, body);
  if (!belongs(number, Lane::replica) && !belongs(number, Lane::restore))
    return Error{Code::unsupported, "not a request to a holder"};
  if (replica_ == nullptr) return Error{Code::unsupported, "this holder keeps no replica"};
  return replica_->handle(method, body);
}

}  // namespace holder
