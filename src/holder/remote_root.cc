#include "holder/remote_root.h"

#include "keys/root_record.h"

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;
using Roots = std::array<std::optional<keys::Root>, 2>;

Result<std::optional<keys::Root>> parse_slot(base::Reader& in) {
  const std::uint8_t there = TRY(in.u8());
  if (there == 0) return std::optional<keys::Root>();
  const base::View record = TRY(in.take(keys::kRootRecordSize));
  auto root = keys::parse_root(record);
  if (there != 1 || !root) return Error{Code::corrupt, "the holder's answer is no root"};
  return std::optional(std::move(*root));
}

Result<Roots> parse_roots(base::View body) {
  base::Reader in(body);
  Roots roots;
  for (auto& root : roots) {
    auto parsed = TRY(parse_slot(in));
    root = std::move(parsed);
  }
  if (!in.done()) return Error{Code::corrupt, "the holder's answer is no root"};
  return roots;
}

}  // namespace

/// A refusal concerns this server and its operator, never the person whose request it stops.
Error RemoteRootHolder::outwards(const Error& error) {
  switch (error.code()) {
    case Code::io:
    case Code::full:
    case Code::corrupt:
    case Code::unavailable:
      return error;
    case Code::denied:
      if (mandate_ != nullptr) mandate_->end();
      return base::replaced_host();
    default:
      return {Code::unavailable, "the holder of the root refuses", error};
  }
}

Result<Roots> RemoteRootHolder::read() {
  base::Bytes question;
  base::put_u64(question, incarnation_);
  auto body = channel_.call(Method::root_read, question);
  if (!body.ok()) return outwards(body.error());
  auto roots = parse_roots(*body);
  base::wipe(*body);
  return roots;
}

Result<void> RemoteRootHolder::write(std::size_t slot, const keys::Root& root) {
  CHECK(slot < 2);
  const base::SecretBytes record = keys::encode_root(root);
  base::Bytes body;
  body.reserve(9 + record.size());  // so that no key is left behind by growing
  base::put_u64(body, incarnation_);
  body.push_back(static_cast<std::uint8_t>(slot));
  body.insert(body.end(), record.view().begin(), record.view().end());
  const auto answer = channel_.call(Method::root_write, body);
  base::wipe(body);
  if (!answer.ok()) return outwards(answer.error());
  return {};
}

Result<void> RemoteRootHolder::destroy(std::size_t slot) {
  CHECK(slot < 2);
  base::Bytes body;
  base::put_u64(body, incarnation_);
  body.push_back(static_cast<std::uint8_t>(slot));
  const auto answer = channel_.call(Method::root_destroy, body);
  if (!answer.ok()) return outwards(answer.error());
  return {};
}

}  // namespace holder
