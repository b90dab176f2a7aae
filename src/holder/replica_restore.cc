// A replica gives what it has to a host that takes the service over. Whether it may is decided
// before anything is given; taking over is durable before the root leaves, for the whole holder, so
// that the older host can commit nothing behind what is being copied.

#include <algorithm>

#include "holder/replica.h"

namespace holder {

using base::Bytes;
using base::Code;
using base::Error;
using base::Result;

Result<Bytes> Replica::restore(Method method, base::View body) {
  if (tree_ == nullptr || tree_->failed()) TRY(reopen());
  TRY(settle());
  if (method == Method::restore_begin) {
    const auto request = TRY(parse_begin(body));
    const Offer given = TRY(offer(request));
    return encode(given);
  }
  if (method == Method::restore_pages) {
    const auto request = TRY(parse_fetch_pages(body));
    return give(request);
  }
  const auto request = TRY(parse_fetch_leaves(body));
  return give(request);
}

Result<Verdict> Replica::judge(const BeginRequest& request) {
  if (tree_->epoch() == 0 || !tree_->whole() || log_->size() == 0) return Verdict::nothing;
  if (!state_.intents.empty()) return Verdict::intents_open;
  if (!request.checkpoint.empty()) {
    switch (TRY(log_->compare(request.checkpoint))) {
      case ledger::Shown::same:
        return Verdict::ready;
      case ledger::Shown::newer:
        return Verdict::newer_shown;
      case ledger::Shown::other:
        return Verdict::other_shown;
      case ledger::Shown::older:
        break;  // that it has more says nothing about how much more there was
    }
  }
  return request.lag == Lag::accept ? Verdict::lag_accepted : Verdict::lag_unaccepted;
}

Result<Offer> Replica::offer(const BeginRequest& request) {
  Offer given;
  given.verdict = TRY(judge(request));
  const bool gives = serves(given.verdict) && request.claim != Claim::look;
  if (gives && request.claim == Claim::take) {
    if (request.incarnation <= newest())
      return Error{Code::stale, "another host has taken this service over meanwhile"};
    TRY(meet(request.incarnation));
  }
  given.status = status();
  if (given.verdict == Verdict::nothing) return given;
  if (listed_epoch_ != tree_->epoch()) {
    listed_ = TRY(tree_->written_since(0));
    listed_epoch_ = tree_->epoch();
  }
  given.tree = tree_->tree().value_or(keys::TreeId{});
  given.pages = static_cast<std::uint64_t>(std::ranges::count(listed_, true));
  given.checkpoint = log_->checkpoint().value_or("");
  given.key = TRY(log_->verifier_key());
  given.chain = TRY(log_->chain());
  if (gives) {
    const keys::Root& root = tree_->root();
    given.root = keys::Root{root.epoch, root.key.clone(), root.page};
  }
  return given;
}

/// Who takes over is still the one to do so; a drill takes nothing and is told apart by 0.
Result<void> Replica::check_taken(std::uint64_t incarnation) const {
  if (incarnation == 0 || incarnation == newest()) return {};
  return Error{Code::denied, "another host has taken this service over"};
}

Result<Bytes> Replica::give(const FetchPages& request) {
  TRY(check_taken(request.incarnation));
  if (request.epoch != tree_->epoch() || listed_epoch_ != request.epoch)
    return Error{Code::stale, "the tree has gone on since this restore began"};
  return encode_pages(listed_, request.from,
                      [this](std::uint64_t page) { return tree_->read(page); });
}

Result<Bytes> Replica::give(const FetchLeaves& request) {
  TRY(check_taken(request.incarnation));
  const auto leaves = TRY(log_->leaves(request.first, kLeavesPerBody));
  return encode_leaves(leaves);
}

}  // namespace holder
