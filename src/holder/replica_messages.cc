#include "holder/replica_messages.h"

#include <algorithm>
#include <iterator>

#include "holder/message_parts.h"
#include "keys/root_record.h"

namespace holder {
namespace {

using base::Bytes;
using base::Code;
using base::Error;
using base::Result;

Error too_many_intents() { return {Code::too_large, "too many erasures are under way"}; }

Result<std::uint64_t> take_incarnation(base::Reader& in) {
  const std::uint64_t incarnation = TRY(in.u64());
  if (incarnation == 0) return Error{Code::invalid, "the server does not say which one it is"};
  return incarnation;
}

}  // namespace

Result<Intents> united(const Intents& a, const Intents& b) {
  Intents both;
  std::ranges::set_union(a, b, std::back_inserter(both));
  if (both.size() > kIntentsMax) return too_many_intents();
  return both;
}

void put_intents(Bytes& out, const Intents& intents) {
  CHECK(intents.size() <= kIntentsMax);
  base::put_u32(out, static_cast<std::uint32_t>(intents.size()));
  for (const std::uint64_t intent : intents) base::put_u64(out, intent);
}

Result<Intents> take_intents(base::Reader& in) {
  const std::uint32_t count = TRY(in.u32());
  if (count > kIntentsMax) return too_many_intents();
  Intents intents;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t intent = TRY(in.u64());
    if (!intents.empty() && intents.back() >= intent)
      return Error{Code::invalid, "intents are not in their order"};
    intents.push_back(intent);
  }
  TRY(end(in));
  return intents;
}

Bytes encode_status(const ReplicaStatus& status) {
  Bytes out;
  base::put_u64(out, status.incarnation);
  base::put_u64(out, status.tree_incarnation);
  base::put_u64(out, status.epoch);
  base::put_u64(out, status.leaves);
  base::put_u64(out, status.pages_damaged);
  put_intents(out, status.intents);
  return out;
}

Result<ReplicaStatus> parse_status(base::View body) {
  base::Reader in(body);
  ReplicaStatus status;
  status.incarnation = TRY(in.u64());
  status.tree_incarnation = TRY(in.u64());
  status.epoch = TRY(in.u64());
  status.leaves = TRY(in.u64());
  status.pages_damaged = TRY(in.u64());
  status.intents = TRY(take_intents(in));
  return status;
}

Bytes encode(const StatusRequest& request) {
  Bytes out;
  base::put_u64(out, request.incarnation);
  return out;
}

Result<StatusRequest> parse_status_request(base::View body) {
  base::Reader in(body);
  StatusRequest request;
  request.incarnation = TRY(take_incarnation(in));
  TRY(end(in));
  return request;
}

Bytes encode(const IntendRequest& request) {
  Bytes out;
  base::put_u64(out, request.incarnation);
  put_intents(out, request.intents);
  return out;
}

Result<IntendRequest> parse_intend(base::View body) {
  base::Reader in(body);
  IntendRequest request;
  request.incarnation = TRY(take_incarnation(in));
  request.intents = TRY(take_intents(in));
  return request;
}

Bytes encode(const PagesRequest& request) {
  Bytes out;
  out.reserve(24 + request.pages.size() * (8 + keys::kPageSize));
  base::put_u64(out, request.incarnation);
  base::put_u64(out, request.transfer);
  base::put_u32(out, request.number);
  put_pages(out, request.pages);
  return out;
}

Result<PagesRequest> parse_pages(base::View body) {
  base::Reader in(body);
  PagesRequest request;
  request.incarnation = TRY(take_incarnation(in));
  request.transfer = TRY(in.u64());
  request.number = TRY(in.u32());
  request.pages = TRY(take_pages(in));
  TRY(end(in));
  return request;
}

Bytes encode(const CommitRequest& request) {
  const base::SecretBytes record = keys::encode_root(request.root);
  Bytes out;
  // So that no key is left behind by growing.
  out.reserve(32 + keys::kRootRecordSize + request.intents.size() * 8);
  base::put_u64(out, request.incarnation);
  base::put_u64(out, request.transfer);
  base::put_u32(out, request.requests);
  base::put_u64(out, request.since);
  out.insert(out.end(), record.view().begin(), record.view().end());
  put_intents(out, request.intents);
  return out;
}

Result<CommitRequest> parse_commit(base::View body) {
  base::Reader in(body);
  CommitRequest request;
  request.incarnation = TRY(take_incarnation(in));
  request.transfer = TRY(in.u64());
  request.requests = TRY(in.u32());
  request.since = TRY(in.u64());
  const base::View record = TRY(in.take(keys::kRootRecordSize));
  auto root = keys::parse_root(record);
  if (!root) return Error{Code::invalid, "not a root record"};
  request.root = std::move(*root);
  request.intents = TRY(take_intents(in));
  return request;
}

Bytes encode(const LeavesRequest& request) {
  Bytes out;
  base::put_u64(out, request.incarnation);
  base::put_u64(out, request.first);
  put_leaves(out, request.leaves);
  put_text(out, request.checkpoint, kNoteBytesMax);
  put_text(out, request.key, kKeyBytesMax);
  return out;
}

Result<LeavesRequest> parse_leaves(base::View body) {
  base::Reader in(body);
  LeavesRequest request;
  request.incarnation = TRY(take_incarnation(in));
  request.first = TRY(in.u64());
  request.leaves = TRY(take_leaves(in));
  request.checkpoint = TRY(take_text(in, kNoteBytesMax));
  request.key = TRY(take_text(in, kKeyBytesMax));
  TRY(end(in));
  return request;
}

Bytes encode(const KeysRequest& request) {
  Bytes out;
  base::put_u64(out, request.incarnation);
  put_text(out, request.chain, ledger::kChainBytesMax);
  return out;
}

Result<KeysRequest> parse_keys(base::View body) {
  base::Reader in(body);
  KeysRequest request;
  request.incarnation = TRY(take_incarnation(in));
  request.chain = TRY(take_text(in, ledger::kChainBytesMax));
  TRY(end(in));
  return request;
}

}  // namespace holder
