#include "holder/restore_messages.h"

#include "keys/root_record.h"
#include "ledger/handover.h"

namespace holder {
namespace {

using base::Bytes;
using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kNoteBytesMax = 64 << 10;
constexpr std::size_t kKeyBytesMax = 1 << 10;
constexpr std::size_t kOfferHead = 256 + kIntentsMax * 8;
static_assert(kOfferHead + kNoteBytesMax + kKeyBytesMax + ledger::kChainBytesMax <= kBodyBytesMax);

Result<std::string> take_text(base::Reader& in, std::size_t bytes_max) {
  const base::View bytes = TRY(in.block());
  if (bytes.size() > bytes_max) return Error{Code::too_large, "a text is too large"};
  return std::string(base::text(bytes));
}

Result<void> end(const base::Reader& in) {
  if (!in.done()) return Error{Code::invalid, "bytes are left over"};
  return {};
}

}  // namespace

base::Literal meaning_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::ready:
      return "the replica has all that the checkpoint counts";
    case Verdict::lag_accepted:
      return "nobody can say whether the replica has everything, which was accepted";
    case Verdict::nothing:
      return "the replica has no whole key tree with a log";
    case Verdict::intents_open:
      return "the replica knows of erasures that were begun and whose commit it never got: "
             "restoring from it would bring erased owners back";
    case Verdict::newer_shown:
      return "the checkpoint counts entries that the replica never got: it lags";
    case Verdict::other_shown:
      return "the checkpoint is not of the log that the replica has";
    case Verdict::lag_unaccepted:
      return "nobody can say whether the replica has everything: show the newest checkpoint that "
             "anybody has (--checkpoint), or accept that entries and erasures may be lost "
             "(--accept-lag)";
  }
  return "";
}

Bytes encode(const BeginRequest& request) {
  CHECK(request.checkpoint.size() <= kNoteBytesMax);
  Bytes out = {static_cast<std::uint8_t>(request.claim), static_cast<std::uint8_t>(request.lag)};
  base::put_u64(out, request.incarnation);
  base::put_block(out, base::view(request.checkpoint));
  return out;
}

Result<BeginRequest> parse_begin(base::View body) {
  base::Reader in(body);
  const std::uint8_t claim = TRY(in.u8());
  const std::uint8_t lag = TRY(in.u8());
  if (claim > 2 || lag > 1) return Error{Code::invalid, "not a claim"};
  BeginRequest request;
  request.claim = static_cast<Claim>(claim);
  request.lag = static_cast<Lag>(lag);
  request.incarnation = TRY(in.u64());
  request.checkpoint = TRY(take_text(in, kNoteBytesMax));
  TRY(end(in));
  if ((request.claim == Claim::take) != (request.incarnation != 0))
    return Error{Code::invalid, "who takes over says which host it is, and nobody else does"};
  return request;
}

Bytes encode(const Offer& offer) {
  Bytes out;
  // So that no key is left behind by growing.
  out.reserve(kOfferHead + offer.checkpoint.size() + offer.key.size() + offer.chain.size());
  out.push_back(static_cast<std::uint8_t>(offer.verdict));
  base::put_block(out, encode_status(offer.status));
  base::put_u64(out, offer.pages);
  base::put_block(out, base::view(offer.checkpoint));
  base::put_block(out, base::view(offer.key));
  base::put_block(out, base::view(offer.chain));
  if (!offer.root) return out;
  const base::SecretBytes record = keys::encode_root(*offer.root);
  out.insert(out.end(), record.view().begin(), record.view().end());
  return out;
}

Result<Offer> parse_offer(base::View body) {
  base::Reader in(body);
  const std::uint8_t verdict = TRY(in.u8());
  if (verdict > static_cast<std::uint8_t>(Verdict::lag_unaccepted))
    return Error{Code::invalid, "not a verdict"};
  Offer offer;
  offer.verdict = static_cast<Verdict>(verdict);
  const base::View status = TRY(in.block());
  offer.status = TRY(parse_status(status));
  offer.pages = TRY(in.u64());
  offer.checkpoint = TRY(take_text(in, kNoteBytesMax));
  offer.key = TRY(take_text(in, kKeyBytesMax));
  offer.chain = TRY(take_text(in, ledger::kChainBytesMax));
  if (in.done()) return offer;
  const base::View record = TRY(in.take(keys::kRootRecordSize));
  offer.root = keys::parse_root(record);
  if (!offer.root || !serves(offer.verdict)) return Error{Code::invalid, "not a root record"};
  TRY(end(in));
  return offer;
}

Bytes encode(const FetchPages& request) {
  Bytes out;
  base::put_u64(out, request.incarnation);
  base::put_u64(out, request.epoch);
  base::put_u64(out, request.from);
  return out;
}

Result<FetchPages> parse_fetch_pages(base::View body) {
  base::Reader in(body);
  FetchPages request;
  request.incarnation = TRY(in.u64());
  request.epoch = TRY(in.u64());
  request.from = TRY(in.u64());
  TRY(end(in));
  return request;
}

Bytes encode(const FetchedPages& answer) {
  CHECK(answer.pages.size() <= kPagesPerBody);
  Bytes out;
  out.reserve(16 + answer.pages.size() * (8 + keys::kPageSize));
  base::put_u64(out, answer.next);
  base::put_u32(out, static_cast<std::uint32_t>(answer.pages.size()));
  for (const PagesRequest::Page& page : answer.pages) {
    CHECK(page.image.size() == keys::kPageSize);
    base::put_u64(out, page.page);
    out.insert(out.end(), page.image.begin(), page.image.end());
  }
  return out;
}

Result<Bytes> encode_pages(const std::vector<bool>& listed, std::uint64_t from,
                           const ReadPage& read) {
  FetchedPages answer;
  std::vector<Bytes> images;
  images.reserve(kPagesPerBody);
  std::uint64_t page = from;
  for (; page < listed.size() && images.size() < kPagesPerBody; ++page) {
    if (!listed[page]) continue;
    images.push_back(TRY(read(page)));
    answer.pages.push_back({page, images.back()});
  }
  while (page < listed.size() && !listed[page]) ++page;
  if (page < listed.size()) answer.next = page;
  return encode(answer);
}

Result<FetchedPages> parse_fetched_pages(base::View body) {
  base::Reader in(body);
  FetchedPages answer;
  answer.next = TRY(in.u64());
  const std::uint32_t count = TRY(in.u32());
  if (count > kPagesPerBody) return Error{Code::too_large, "too many pages at once"};
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t page = TRY(in.u64());
    const base::View image = TRY(in.take(keys::kPageSize));
    // Ascending, and behind them the next: so that whoever asks comes to an end.
    if (page >= kPagesMax || (i > 0 && page <= answer.pages.back().page))
      return Error{Code::invalid, "pages are not in their order"};
    answer.pages.push_back({page, image});
  }
  if (answer.next != 0 && (answer.pages.empty() || answer.next <= answer.pages.back().page))
    return Error{Code::invalid, "pages are not in their order"};
  TRY(end(in));
  return answer;
}

Bytes encode(const FetchLeaves& request) {
  Bytes out;
  base::put_u64(out, request.incarnation);
  base::put_u64(out, request.first);
  return out;
}

Result<FetchLeaves> parse_fetch_leaves(base::View body) {
  base::Reader in(body);
  FetchLeaves request;
  request.incarnation = TRY(in.u64());
  request.first = TRY(in.u64());
  TRY(end(in));
  return request;
}

Bytes encode_leaves(const std::vector<ledger::Leaf>& leaves) {
  CHECK(leaves.size() <= kLeavesPerBody);
  Bytes out;
  base::put_u32(out, static_cast<std::uint32_t>(leaves.size()));
  for (const ledger::Leaf& leaf : leaves) {
    const Bytes entry = leaf.encode();
    out.insert(out.end(), entry.begin(), entry.end());
  }
  return out;
}

Result<std::vector<ledger::Leaf>> parse_fetched_leaves(base::View body) {
  base::Reader in(body);
  const std::uint32_t count = TRY(in.u32());
  if (count > kLeavesPerBody) return Error{Code::too_large, "too many leaves at once"};
  std::vector<ledger::Leaf> leaves;
  for (std::uint32_t i = 0; i < count; ++i) {
    const base::View entry = TRY(in.take(ledger::kLeafBytes));
    const ledger::Leaf leaf = TRY(ledger::Leaf::decode(entry));
    leaves.push_back(leaf);
  }
  TRY(end(in));
  return leaves;
}

}  // namespace holder
