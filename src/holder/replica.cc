#include "holder/replica.h"

#include "base/mutant.h"
#include "base/secret_bytes.h"

namespace holder {
namespace {

using base::Bytes;
using base::Code;
using base::Error;
using base::Result;

// How exactly the time of the last contact survives a crash.
constexpr auto kContactEvery = std::chrono::minutes(1);
// Of a commit for one request, 8 MiB: whoever else is served here waits no longer than for that.
constexpr std::uint64_t kPagesAStep = 2'048;
// Of the leaves for one tick, 256 KiB: some forty minutes for ten million owners.
constexpr std::uint64_t kLeavesATick = 64;
constexpr base::Duration kScrubEvery = std::chrono::hours(1);

}  // namespace

Replica::Replica(base::Disk& disk, base::Clock& clock, std::string directory,
                 const keys::Wrapping* wrapping, Fence* fence)
    : disk_(disk),
      clock_(clock),
      directory_(std::move(directory)),
      wrapping_(wrapping),
      fence_(fence) {}

Result<std::unique_ptr<Replica>> Replica::open(base::Disk& disk, base::Clock& clock,
                                               const std::string& directory,
                                               const keys::Wrapping* wrapping, Fence* fence) {
  std::unique_ptr<Replica> replica(new Replica(disk, clock, directory, wrapping, fence));
  TRY(replica->reopen());
  return replica;
}

Result<void> Replica::reopen() {
  requests_ = 0;
  listed_epoch_ = 0;
  scrubbed_.reset();
  settling_.reset();
  tree_.reset();
  auto tree = TRY(ReplicaTree::open(disk_, directory_, wrapping_));
  auto state = TRY(ReplicaState::read(disk_, directory_ + "/state"));
  if (!state && tree->epoch() != 0)
    return Error{Code::corrupt, "the replica has a tree and does not know whose"};
  log_ =
      TRY_AS(ledger::Mirror::open(disk_, directory_ + "/log"), "cannot open the copy of the log");
  tree_ = std::move(tree);
  state_ = state ? std::move(*state) : ReplicaState();
  return {};
}

/// Opens it again where a commit ended in the dark.
Result<void> Replica::ready() {
  if (tree_ != nullptr && !tree_->failed()) return {};
  auto opened = reopen();
  if (!opened.ok())
    return own_failure(std::move(opened).error(), "the replica's root does not open");
  return {};
}

ReplicaStatus Replica::status() const {
  CHECK(tree_ != nullptr);
  // A damaged tree is nobody's: it is sent again, whole.
  const bool wanted = !tree_->whole() || (wants_whole_ && tree_->scrub().mendable());
  return {newest(),       wanted ? 0 : state_.tree_incarnation,
          tree_->epoch(), log_->size(),
          state_.intents, tree_->scrub().damaged()};
}

/// Whether it is so long ago; also where the clock was set back.
bool Replica::passed(const std::optional<base::Time>& since, base::Duration period) const {
  const base::Time now = clock_.now();
  return !since || now < *since || now - *since >= period;
}

Result<void> Replica::tick() {
  const bool idle = tree_ != nullptr && !tree_->failed() && !settling_;
  if (!idle || tree_->epoch() == 0 || !tree_->whole()) return {};
  if (!passed(scrubbed_, kScrubEvery)) return {};
  const auto done = tree_->scrub_some(kLeavesATick);
  if (!done.ok() || *done) scrubbed_ = clock_.now();
  if (tree_->scrub().mendable() && !wants_whole_ && passed(asked_, kScrubEvery)) {
    wants_whole_ = true;
    asked_ = clock_.now();
  } else if (!tree_->scrub().mendable()) {
    wants_whole_ = false;
  }
  TRY(note_scrub(done.ok() && *done ? *scrubbed_ : state_.scrubbed));
  if (!done.ok()) return done.error();
  return {};
}

/// For whoever looks at the files alone.
Result<void> Replica::note_scrub(base::Time scrubbed) {
  ReplicaState next = state_;
  next.scrubbed = scrubbed;
  next.pages_damaged = tree_->scrub().damaged();
  if (next.scrubbed == state_.scrubbed && next.pages_damaged == state_.pages_damaged) return {};
  return keep(std::move(next));
}

std::optional<base::Time> Replica::contact() const {
  if (state_.incarnation == 0) return std::nullopt;
  return state_.contact;
}

Result<void> Replica::remember(ReplicaState next) {
  next.contact = clock_.now();
  next.pages_damaged = tree_->scrub().damaged();
  return keep(std::move(next));
}

Result<void> Replica::keep(ReplicaState next) {
  TRY(next.write(disk_, directory_ + "/state"));
  state_ = std::move(next);
  return {};
}

/// Of all hosts that this holder has met, for its replica or for a root.
std::uint64_t Replica::newest() const {
  return std::max(state_.incarnation, fence_ == nullptr ? 0 : fence_->newest());
}

/// Durable for the whole holder on return.
Result<void> Replica::meet(std::uint64_t incarnation) {
  if (fence_ != nullptr) TRY(fence_->admit(incarnation));
  ReplicaState next = state_;
  next.incarnation = incarnation;
  return remember(std::move(next));
}

/// A server that is not the newest has been replaced, and does not know it.
Result<void> Replica::admit(std::uint64_t incarnation) {
  TRY(ready());
  if (incarnation < newest())
    return Error{Code::denied, "another host has taken this service over"};
  if (incarnation == state_.incarnation && clock_.now() - state_.contact < kContactEvery) return {};
  return meet(incarnation);
}

/// For base::Mutant::replica_confirms_early: what is said behind a commit, and nothing done.
Bytes Replica::confirmed_early(const CommitRequest& request) const {
  ReplicaStatus early = status();
  early.epoch = request.root.epoch;
  early.tree_incarnation = request.incarnation;
  early.intents = request.intents;
  return encode_status(early);
}

/// What a server asks that is still the newest.
template <class Request, class Answer>
Result<Bytes> Replica::serve(Result<Request> request, const Answer& answer) {
  Request asked = TRY(std::move(request));
  TRY(admit(asked.incarnation));
  return answer(asked);
}

Result<Bytes> Replica::handle(Method method, base::View body) {
  const auto nothing = [](const Result<void>& done) -> Result<Bytes> {
    TRY(done);
    return Bytes();
  };
  const auto standing = [this](const Result<void>& done) -> Result<Bytes> {
    TRY(done);
    return encode_status(status());
  };
  switch (method) {
    case Method::replica_status:
      return serve(parse_status_request(body), [&](StatusRequest&) { return standing({}); });
    case Method::replica_intend:
      return serve(parse_intend(body),
                   [&](IntendRequest& asked) { return nothing(intend(asked.intents)); });
    case Method::replica_pages:
      return serve(parse_pages(body), [&](PagesRequest& asked) { return nothing(take(asked)); });
    case Method::replica_commit:
      return serve(parse_commit(body), [&](CommitRequest& asked) -> Result<Bytes> {
        if (base::mutated(base::Mutant::replica_confirms_early)) return confirmed_early(asked);
        return standing(commit(std::move(asked)));
      });
    case Method::replica_leaves:
      return serve(parse_leaves(body), [&](LeavesRequest& asked) { return standing(take(asked)); });
    case Method::replica_keys:
      return serve(parse_keys(body),
                   [&](KeysRequest& asked) { return nothing(log_->hand_over(asked.chain)); });
    case Method::restore_begin:
    case Method::restore_pages:
    case Method::restore_leaves:
      return restore(method, body);
    default:
      return Error{Code::unsupported, "not a request that this replica answers"};
  }
}

Result<void> Replica::intend(const Intents& intents) {
  if (intents == state_.intents) return {};
  if (settling_) {
    Intents both = TRY(united(settling_->intents, intents));
    settling_->intents = std::move(both);
  }
  ReplicaState next = state_;
  next.intents = intents;
  return remember(std::move(next));
}

Result<void> Replica::take(const PagesRequest& request) {
  const bool again =
      requests_ != 0 && request.transfer == transfer_ && request.number + 1 == requests_;
  if (again) return {};
  if (request.number == 0) {
    requests_ = 0;
    TRY(settle());
    TRY(tree_->begin());
    transfer_ = request.transfer;
  } else if (requests_ == 0 || request.transfer != transfer_ || request.number != requests_) {
    return Error{Code::stale, "this transfer is not the one under way"};
  }
  for (const PagesRequest::Page& page : request.pages) {
    const auto staged = tree_->stage(page.page, page.image);
    if (staged.ok()) continue;
    requests_ = 0;  // what is half there is begun anew
    return staged.error();
  }
  requests_ = request.number + 1;
  return {};
}

Result<void> Replica::take(const LeavesRequest& request) {
  TRY(log_->stage(request.first, request.leaves));
  if (request.checkpoint.empty()) return {};
  const auto published = log_->publish(request.checkpoint, request.key);
  // Leaves that make another tree are in nobody's way.
  if (!published.ok() && published.code() == Code::conflict) log_->unstage();
  return published;
}

Result<void> Replica::commit(CommitRequest request) {
  if (!tree_->commits(request.root)) {
    TRY(settle());
    // Where its pages are not here, it is the root in force again: the answer to it was lost, or it
    // is another host's that goes on with the same tree.
    if (request.requests == 0 || request.transfer != transfer_ || request.requests != requests_)
      TRY(tree_->begin());
    requests_ = 0;
  }
  settling_ = Settling{request.incarnation, std::move(request.intents)};
  const auto same =
      request.incarnation > state_.tree_incarnation ? SameEpoch::gives_way : SameEpoch::refuses;
  const auto done = tree_->commit_some(request.since, request.root, kPagesAStep, same);
  if (!done.ok()) {
    settling_.reset();
    return done.error();
  }
  if (!*done) return {};  // the status tells by the older epoch that it has to be asked again
  return settled();
}

/// Ends the commit that is under way, for whoever asks for something else.
Result<void> Replica::settle() {
  if (!settling_) return {};
  if (!TRY(tree_->settle())) {
    settling_.reset();
    return {};
  }
  return settled();
}

/// Behind the root: as long as it stands unwritten, the intents are open and the tree another's.
Result<void> Replica::settled() {
  ReplicaState next = state_;
  next.tree_incarnation = settling_->incarnation;
  next.intents = std::move(settling_->intents);
  settling_.reset();
  listed_epoch_ = 0;  // also where the same tree came once more: who restores looks through it anew
  if (next.intents == state_.intents && next.tree_incarnation == state_.tree_incarnation &&
      state_.pages_damaged == tree_->scrub().damaged())
    return {};
  return remember(std::move(next));
}

}  // namespace holder
