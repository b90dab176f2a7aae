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

namespace {

constexpr base::Duration kLookEvery = std::chrono::minutes(1);

}  // namespace

Result<Bytes> Replica::restore(Method method, base::View body) {
  TRY(ready());
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

/// All of the tree as it is on the disk now, so that whoever decides by the answer knows; not again
/// for the same one that has just been looked through.
Result<void> Replica::look_through() {
  if (tree_->epoch() == 0 || !tree_->whole()) return {};
  if (listed_epoch_ == tree_->epoch() && !passed(looked_, kLookEvery)) return {};
  listed_epoch_ = 0;
  const auto looked = tree_->look_through();
  TRY(note_scrub(state_.scrubbed));
  if (!looked.ok()) return {};  // it is whole no more, which is the verdict
  listed_ = TRY(tree_->written_since(0));
  listed_epoch_ = tree_->epoch();
  looked_ = clock_.now();
  return {};
}

Result<Verdict> Replica::judge(const BeginRequest& request) {
  if (tree_->epoch() == 0 || !tree_->whole() || log_->size() == 0) return Verdict::nothing;
  // Where every leaf opens, the tree has it or never had.
  if (tree_->scrub().damaged() > 0 && !tree_->scrub().saw_log_key()) return Verdict::log_key_lost;
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
  TRY(look_through());
  given.verdict = TRY(judge(request));
  const bool gives = serves(given.verdict) && request.claim != Claim::look;
  if (gives && request.claim == Claim::take) {
    if (request.incarnation <= newest())
      return Error{Code::stale, "another host has taken this service over meanwhile"};
    TRY(meet(request.incarnation));
  }
  given.status = status();
  if (given.verdict == Verdict::nothing) return given;
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
  return encode_pages(listed_, request.from, [this](std::uint64_t page) -> Result<Bytes> {
    auto image = tree_->read(page);
    // One leaf that the disk does not give keeps no other: it comes as what does not open.
    return image.ok() ? std::move(image) : Bytes(keys::kPageSize);
  });
}

Result<Bytes> Replica::give(const FetchLeaves& request) {
  TRY(check_taken(request.incarnation));
  const auto leaves = TRY(log_->leaves(request.first, kLeavesPerBody));
  return encode_leaves(leaves);
}

}  // namespace holder
