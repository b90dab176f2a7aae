#include "holder/replica_messages.h"

#include <algorithm>

#include "keys/root_record.h"
#include "ledger/handover.h"

namespace holder {
namespace {

using base::Bytes;
using base::Code;
using base::Error;
using base::Result;

static_assert(32 + kPagesPerBody * (8 + keys::kPageSize) <= kBodyBytesMax);
constexpr std::size_t kNoteBytesMax = 64 << 10;
constexpr std::size_t kKeyBytesMax = 1 << 10;
static_assert(32 + kLeavesPerBody * ledger::kLeafBytes + kNoteBytesMax + kKeyBytesMax <=
              kBodyBytesMax);
static_assert(32 + ledger::kChainBytesMax <= kBodyBytesMax);
static_assert(128 + kIntentsMax * 8 <= kBodyBytesMax);

void put_intents(Bytes& out, const Intents& intents) {
  CHECK(intents.size() <= kIntentsMax);
  base::put_u32(out, static_cast<std::uint32_t>(intents.size()));
  for (const std::uint64_t intent : intents) base::put_u64(out, intent);
}

/// At the end of a body.
Result<Intents> take_intents(base::Reader& in) {
  const std::uint32_t count = TRY(in.u32());
  if (count > kIntentsMax) return Error{Code::too_large, "too many erasures are under way"};
  Intents intents;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t intent = TRY(in.u64());
    if (!intents.empty() && intents.back() >= intent)
      return Error{Code::invalid, "intents are not in their order"};
    intents.push_back(intent);
  }
  if (!in.done()) return Error{Code::invalid, "bytes are left over"};
  return intents;
}

Result<std::uint64_t> take_incarnation(base::Reader& in) {
  const std::uint64_t incarnation = TRY(in.u64());
  if (incarnation == 0) return Error{Code::invalid, "the server does not say which one it is"};
  return incarnation;
}

}  // namespace

Bytes encode_status(const ReplicaStatus& status) {
  Bytes out;
  base::put_u64(out, status.incarnation);
  base::put_u64(out, status.tree_incarnation);
  base::put_u64(out, status.epoch);
  base::put_u64(out, status.leaves);
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
  if (!in.done()) return Error{Code::invalid, "bytes are left over"};
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
  CHECK(request.pages.size() <= kPagesPerBody);
  Bytes out;
  out.reserve(24 + request.pages.size() * (8 + keys::kPageSize));
  base::put_u64(out, request.incarnation);
  base::put_u64(out, request.transfer);
  base::put_u32(out, request.number);
  base::put_u32(out, static_cast<std::uint32_t>(request.pages.size()));
  for (const PagesRequest::Page& page : request.pages) {
    CHECK(page.image.size() == keys::kPageSize);
    base::put_u64(out, page.page);
    out.insert(out.end(), page.image.begin(), page.image.end());
  }
  return out;
}

Result<PagesRequest> parse_pages(base::View body) {
  base::Reader in(body);
  PagesRequest request;
  request.incarnation = TRY(take_incarnation(in));
  request.transfer = TRY(in.u64());
  request.number = TRY(in.u32());
  const std::uint32_t count = TRY(in.u32());
  if (count > kPagesPerBody) return Error{Code::too_large, "too many pages at once"};
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t page = TRY(in.u64());
    const base::View image = TRY(in.take(keys::kPageSize));
    request.pages.push_back({page, image});
  }
  if (!in.done()) return Error{Code::invalid, "bytes are left over"};
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
  CHECK(request.leaves.size() <= kLeavesPerBody);
  CHECK(request.checkpoint.size() <= kNoteBytesMax && request.key.size() <= kKeyBytesMax);
  Bytes out;
  base::put_u64(out, request.incarnation);
  base::put_u64(out, request.first);
  base::put_u32(out, static_cast<std::uint32_t>(request.leaves.size()));
  for (const ledger::Leaf& leaf : request.leaves) {
    const Bytes entry = leaf.encode();
    out.insert(out.end(), entry.begin(), entry.end());
  }
  base::put_block(out, base::view(request.checkpoint));
  base::put_block(out, base::view(request.key));
  return out;
}

Result<LeavesRequest> parse_leaves(base::View body) {
  base::Reader in(body);
  LeavesRequest request;
  request.incarnation = TRY(take_incarnation(in));
  request.first = TRY(in.u64());
  const std::uint32_t count = TRY(in.u32());
  if (count > kLeavesPerBody) return Error{Code::too_large, "too many leaves at once"};
  for (std::uint32_t i = 0; i < count; ++i) {
    const base::View entry = TRY(in.take(ledger::kLeafBytes));
    const ledger::Leaf leaf = TRY(ledger::Leaf::decode(entry));
    request.leaves.push_back(leaf);
  }
  const base::View checkpoint = TRY(in.block());
  const base::View key = TRY(in.block());
  if (checkpoint.size() > kNoteBytesMax || key.size() > kKeyBytesMax)
    return Error{Code::too_large, "a checkpoint or its key is too large"};
  request.checkpoint = base::text(checkpoint);
  request.key = base::text(key);
  if (!in.done()) return Error{Code::invalid, "bytes are left over"};
  return request;
}

Bytes encode(const KeysRequest& request) {
  CHECK(request.chain.size() <= ledger::kChainBytesMax);
  Bytes out;
  base::put_u64(out, request.incarnation);
  base::put_block(out, base::view(request.chain));
  return out;
}

Result<KeysRequest> parse_keys(base::View body) {
  base::Reader in(body);
  KeysRequest request;
  request.incarnation = TRY(take_incarnation(in));
  const base::View chain = TRY(in.block());
  if (chain.size() > ledger::kChainBytesMax)
    return Error{Code::too_large, "the log's chain of keys is too long"};
  request.chain = base::text(chain);
  if (!in.done()) return Error{Code::invalid, "bytes are left over"};
  return request;
}

}  // namespace holder
