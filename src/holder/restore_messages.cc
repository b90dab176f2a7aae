#include "holder/restore_messages.h"

#include "holder/message_parts.h"
#include "keys/root_record.h"

namespace holder {
namespace {

using base::Bytes;
using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kOfferHead = kHeadBytesMax + kIntentsMax * 8;

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
    case Verdict::log_key_lost:
      return "pages of keys do not open at the replica, and the key that signs the log is on one "
             "of them: no service can go on without it";
  }
  return "";
}

Bytes encode(const BeginRequest& request) {
  Bytes out = {static_cast<std::uint8_t>(request.claim), static_cast<std::uint8_t>(request.lag)};
  base::put_u64(out, request.incarnation);
  put_text(out, request.checkpoint, kNoteBytesMax);
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
  out.insert(out.end(), offer.tree.begin(), offer.tree.end());
  // Files that may be damaged: whoever takes them says that they are too large.
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
  if (verdict > static_cast<std::uint8_t>(Verdict::log_key_lost))
    return Error{Code::invalid, "not a verdict"};
  Offer offer;
  offer.verdict = static_cast<Verdict>(verdict);
  const base::View status = TRY(in.block());
  offer.status = TRY(parse_status(status));
  offer.pages = TRY(in.u64());
  const base::View tree = TRY(in.take(offer.tree.size()));
  std::ranges::copy(tree, offer.tree.begin());
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
  Bytes out;
  out.reserve(16 + answer.pages.size() * (8 + keys::kPageSize));
  base::put_u64(out, answer.next);
  put_pages(out, answer.pages);
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
  answer.pages = TRY(take_pages(in));
  // Ascending, and behind them the next: so that whoever asks comes to an end.
  for (std::size_t i = 0; i < answer.pages.size(); ++i)
    if (answer.pages[i].page >= kPagesMax ||
        (i > 0 && answer.pages[i].page <= answer.pages[i - 1].page))
      return Error{Code::invalid, "pages are not in their order"};
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
  Bytes out;
  put_leaves(out, leaves);
  return out;
}

Result<std::vector<ledger::Leaf>> parse_fetched_leaves(base::View body) {
  base::Reader in(body);
  auto leaves = TRY(take_leaves(in));
  TRY(end(in));
  return leaves;
}

}  // namespace holder
