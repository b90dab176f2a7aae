#include "holder/replicator.h"

#include <algorithm>
#include <iterator>

#include "ledger/leaf_table.h"
#include "ledger/note.h"

// Which intents a replica may be told are over: one that is not open at a moment was committed at
// the latest at the epoch in force just after it, or dropped. So a list of open ones may replace
// the replica's when the replica is at that epoch or behind it comes with such a commit; before
// that, intents are only added.

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr base::Duration kPauseMin = milliseconds(100);
constexpr base::Duration kPauseMax = seconds(30);
// Without anything to send, so that a silent link is noticed and the last contact is known.
constexpr base::Duration kHeartbeat = seconds(10);
// Requests for one commit: two for each 8 MiB of a tree of the greatest size.
constexpr int kCommitRoundsMax = 1 << 19;

Result<Intents> open_intents(keys::Keys& keys) {
  Intents open = TRY(keys.open_intents());
  std::ranges::sort(open);
  if (open.size() > kIntentsMax) return Error{Code::too_large, "too many erasures are under way"};
  return open;
}

}  // namespace

base::Literal name_of(LinkState link) {
  switch (link) {
    case LinkState::unknown:
      return "unknown";
    case LinkState::following:
      return "following";
    case LinkState::away:
      return "away";
    case LinkState::refusing:
      return "refusing";
    case LinkState::replaced:
      return "replaced";
  }
  return "unknown";
}

Replicator::Replicator(const Parts& parts, std::string name, std::uint64_t incarnation)
    : parts_(parts),
      name_(std::move(name)),
      incarnation_(incarnation),
      mutex_(parts.wait),
      changed_(parts.wait) {
  CHECK(incarnation != 0);
}

void Replicator::run() {
  base::Lock lock(mutex_);
  while (!stop_) {
    if (woken_ || pause_.count() != 0) {
      woken_ = false;
      lock.unlock();
      (void)step().ok();  // standing() tells
      lock.lock();
      if (link_ == LinkState::replaced) return;
    }
    if (stop_ || (woken_ && pause_.count() == 0)) continue;
    // A replica that is away is not asked more often because more is committed.
    const base::Time until = parts_.clock.now() + (pause_.count() != 0 ? pause_ : kHeartbeat);
    while (!stop_ && !(woken_ && pause_.count() == 0)) {
      const base::Duration left = until - parts_.clock.now();
      if (left.count() <= 0) break;
      changed_.wait_for(lock, left);
    }
    woken_ = true;
  }
}

void Replicator::stop() {
  const base::Lock lock(mutex_);
  stop_ = true;
  changed_.notify_all();
}

void Replicator::wake() {
  const base::Lock lock(mutex_);
  woken_ = true;
  if (!behind_since_) behind_since_ = parts_.clock.now();
  changed_.notify_all();
}

void Replicator::tell(base::Duration patience) {
  const base::Time deadline = parts_.clock.now() + patience;
  base::Lock lock(mutex_);
  const std::uint64_t mine = ++wanted_;
  woken_ = true;
  changed_.notify_all();
  wait_while(lock, deadline, [&] { return told_ < mine; });
}

std::uint64_t Replicator::doubt() {
  const base::Lock lock(mutex_);
  woken_ = true;
  changed_.notify_all();
  return ++doubts_;
}

void Replicator::hear(std::uint64_t doubt, base::Time deadline) {
  base::Lock lock(mutex_);
  wait_while(lock, deadline, [&] { return heard_ < doubt; });
}

bool Replicator::replaced() {
  const base::Lock lock(mutex_);
  return link_ == LinkState::replaced;
}

std::uint64_t Replicator::await(std::uint64_t epoch, base::Time deadline) {
  base::Lock lock(mutex_);
  wait_while(lock, deadline, [&] { return confirmed_ < epoch; });
  return confirmed_;
}

template <class Open>
void Replicator::wait_while(base::Lock& lock, base::Time deadline, const Open& open) {
  while (open() && can_follow()) {
    const base::Duration left = deadline - parts_.clock.now();
    if (left.count() <= 0) return;
    changed_.wait_for(lock, left);
  }
}

/// Whether waiting may help. The caller holds the mutex.
bool Replicator::can_follow() {
  return !stop_ && (link_ == LinkState::unknown || link_ == LinkState::following);
}

Standing Replicator::standing() {
  const std::uint64_t epoch = parts_.keys.epoch();
  const std::uint64_t leaves = parts_.ledger.size();
  const base::Lock lock(mutex_);
  Standing standing{link_, confirmed_, leaves_, 0, 0, {}};
  standing.epochs_behind = epoch > confirmed_ ? epoch - confirmed_ : 0;
  standing.leaves_behind = leaves > leaves_ ? leaves - leaves_ : 0;
  const bool behind = standing.epochs_behind != 0 || standing.leaves_behind != 0;
  if (behind && behind_since_) standing.behind_for = parts_.clock.now() - *behind_since_;
  return standing;
}

Result<void> Replicator::step() {
  auto outcome = follow();
  judge(outcome);
  return outcome;
}

Result<void> Replicator::follow() {
  if (!status_) TRY(ask());
  if (TRY(send_what_is_new())) return {};
  // By what is known it has everything. It may be gone, or have lost something: then it says so.
  TRY(ask());
  TRY(send_what_is_new());
  return {};
}

/// Whether anything was, and has been answered.
Result<bool> Replicator::send_what_is_new() {
  const std::uint64_t calls = calls_;
  // The log as it was before the tree is sent: an erasure that it records is in that tree.
  const std::string checkpoint = parts_.ledger.checkpoint();
  TRY(tell_intents());
  if (parts_.keys.epoch() != status_->epoch || status_->tree_incarnation != incarnation_)
    TRY(ship_tree());
  TRY(ship_keys());
  TRY(ship_leaves(checkpoint));
  return calls_ != calls;
}

void Replicator::judge(const Result<void>& outcome) {
  const std::uint64_t epoch = parts_.keys.epoch();
  const std::uint64_t leaves = parts_.ledger.size();
  if (!outcome.ok()) {
    status_.reset();
    keys_told_ = false;
  }
  const base::Lock lock(mutex_);
  if (outcome.ok()) {
    link_ = LinkState::following;
    pause_ = {};
    if (confirmed_ >= epoch && leaves_ >= leaves) behind_since_.reset();
  } else {
    if (outcome.code() == Code::denied)
      link_ = LinkState::replaced;
    else
      link_ = outcome.code() == Code::unavailable ? LinkState::away : LinkState::refusing;
    pause_ = std::clamp(pause_ * 2, kPauseMin, kPauseMax);
    if (!behind_since_) behind_since_ = parts_.clock.now();
  }
  changed_.notify_all();
}

Result<base::Bytes> Replicator::call(Method method, base::View body) {
  base::Lock lock(mutex_);
  if (stop_) return Error{Code::unavailable, "this server is stopping"};
  const std::uint64_t doubt = doubts_;
  lock.unlock();
  ++calls_;
  auto answer = parts_.channel.call(method, body);
  if (!answer.ok()) return answer;
  lock.lock();
  heard_ = std::max(heard_, doubt);
  changed_.notify_all();
  return answer;
}

Result<void> Replicator::note(const ReplicaStatus& status) {
  if (status.incarnation > incarnation_)
    return Error{Code::denied, "the replica follows a newer host"};
  status_ = status;
  const base::Lock lock(mutex_);
  // Of another host's tree only this is known: that it has this number.
  confirmed_ = status.tree_incarnation == incarnation_ ? status.epoch : 0;
  leaves_ = status.leaves;
  changed_.notify_all();
  return {};
}

Result<void> Replicator::ask() {
  const base::Bytes answer = TRY(call(Method::replica_status, encode(StatusRequest{incarnation_})));
  const ReplicaStatus status = TRY(parse_status(answer));
  return note(status);
}

Result<void> Replicator::tell_intents() {
  base::Lock lock(mutex_);
  const std::uint64_t telling = wanted_;
  lock.unlock();
  const Intents open = TRY(open_intents(parts_.keys));
  const bool all =
      status_->tree_incarnation == incarnation_ && status_->epoch >= parts_.keys.epoch();
  Intents next = all ? open : TRY(united(status_->intents, open));
  if (next != status_->intents) {
    TRY(call(Method::replica_intend, encode(IntendRequest{incarnation_, next})));
    status_->intents = std::move(next);
  }
  lock.lock();
  told_ = std::max(told_, telling);
  changed_.notify_all();
  return {};
}

/// Pages on their way to the replica, a body at a time.
class Replicator::Transfer {
 public:
  explicit Transfer(Replicator& replicator)
      : replicator_(replicator),
        request_{replicator.incarnation_, replicator.parts_.entropy.number(), 0, {}} {
    images_.reserve(kPagesPerBody * keys::kPageSize);
  }

  Result<void> add(std::uint64_t page, base::View image) {
    if (request_.pages.size() == kPagesPerBody) TRY(send());
    const std::size_t at = images_.size();
    images_.insert(images_.end(), image.begin(), image.end());
    request_.pages.push_back({page, base::View(images_).subspan(at, image.size())});
    return {};
  }
  Result<void> finish() {
    if (!request_.pages.empty()) TRY(send());
    return {};
  }
  std::uint64_t number() const { return request_.transfer; }
  std::uint32_t requests() const { return request_.number; }

 private:
  Result<void> send() {
    // Intents do not wait for a long transfer.
    TRY(replicator_.tell_intents());
    const base::Bytes body = encode(request_);
    auto sent = replicator_.call(Method::replica_pages, body);
    // Once more: the answer alone may have been lost, and much may have been sent before.
    if (!sent.ok() && sent.code() == Code::unavailable)
      sent = replicator_.call(Method::replica_pages, body);
    TRY(std::move(sent));
    ++request_.number;
    request_.pages.clear();
    images_.clear();
    return {};
  }

  Replicator& replicator_;
  PagesRequest request_;
  base::Bytes images_;  // never grows beyond what it reserved: the pages point into it
};

Result<void> Replicator::ship_tree() {
  const bool ours = status_->tree_incarnation == incarnation_;
  if (!ours && !whole_next_ && status_->tree_incarnation != 0 &&
      status_->epoch == parts_.keys.epoch())
    return adopt();
  const std::uint64_t since = ours && !whole_next_ ? status_->epoch : 0;
  const Intents before = status_->intents;
  const Intents open = TRY(open_intents(parts_.keys));
  Transfer transfer(*this);
  keys::Root root = TRY(parts_.keys.follow(
      since, [&](std::uint64_t page, base::View image) { return transfer.add(page, image); }));
  TRY(transfer.finish());
  CommitRequest request{incarnation_, transfer.number(), transfer.requests(),
                        since,        std::move(root),   {}};
  for (int round = 0; round < kCommitRoundsMax; ++round) {
    TRY(tell_intents());
    // Those that were told since `open` was asked may be committed behind this root: they stay.
    Intents told;
    std::ranges::set_difference(status_->intents, before, std::back_inserter(told));
    request.intents = TRY(united(open, told));
    auto answer = commit_once(request);
    if (!answer.ok()) {
      // What it has is not what is thought here: it is told everything.
      whole_next_ = answer.code() != Code::unavailable;
      return answer.error();
    }
    if (answer->epoch >= request.root.epoch) {
      whole_next_ = false;
      return note(*answer);
    }
  }
  return Error{Code::too_large, "the replica does not come to the end of a commit"};
}

/// One request of a commit, which a replica carries out in as many as it needs.
Result<ReplicaStatus> Replicator::commit_once(const CommitRequest& request) {
  base::Bytes body = encode(request);
  auto answer = call(Method::replica_commit, body);
  // Once more: the answer alone may have been lost, and a long way may be behind it.
  if (!answer.ok() && answer.code() == Code::unavailable)
    answer = call(Method::replica_commit, body);
  base::wipe(body);
  const base::Bytes status = TRY(std::move(answer));
  return parse_status(status);
}

/// The replica's tree is of another host, and perhaps the same.
Result<void> Replicator::adopt() {
  const Intents open = TRY(open_intents(parts_.keys));
  keys::Root root = TRY(
      parts_.keys.follow(status_->epoch, [](std::uint64_t, base::View) { return Result<void>(); }));
  CommitRequest request{incarnation_, 0, 0, root.epoch, {}, TRY(united(open, status_->intents))};
  request.root = std::move(root);
  base::Bytes body = encode(request);
  const auto answer = call(Method::replica_commit, body);
  base::wipe(body);
  if (!answer.ok()) {
    // Of the same epoch, and another tree all the same: it is told everything.
    whole_next_ = answer.code() != Code::unavailable;
    return answer.error();
  }
  const ReplicaStatus status = TRY(parse_status(*answer));
  return note(status);
}

/// After it the replica takes checkpoints by the log's newest key.
Result<void> Replicator::ship_keys() {
  if (keys_told_) return {};
  const std::string chain = TRY(parts_.ledger.key_chain());
  if (!chain.empty()) TRY(call(Method::replica_keys, encode(KeysRequest{incarnation_, chain})));
  keys_told_ = true;
  return {};
}

Result<void> Replicator::ship_leaves(const std::string& checkpoint) {
  if (checkpoint.empty()) return {};
  const auto parsed = TRY(ledger::parse_note(checkpoint));
  const auto head = TRY(ledger::parse_checkpoint(parsed));
  ledger::LeafTable table(parts_.store);
  for (std::uint64_t first = status_->leaves; first < head.head.size;) {
    LeavesRequest request{incarnation_, first, {}, {}, parts_.ledger.verifier_key()};
    const std::uint64_t count = std::min<std::uint64_t>(kLeavesPerBody, head.head.size - first);
    TRY(table.each(first, count, [&](const ledger::Leaf& leaf) -> Result<void> {
      request.leaves.push_back(leaf);
      return {};
    }));
    if (request.leaves.size() != count)
      return Error{Code::corrupt, "the store lacks leaves of the checkpoint"};
    first += count;
    if (first == head.head.size) request.checkpoint = checkpoint;
    const base::Bytes answer = TRY(call(Method::replica_leaves, encode(request)));
    if (request.checkpoint.empty()) continue;
    const ReplicaStatus status = TRY(parse_status(answer));
    TRY(note(status));
  }
  return {};
}

}  // namespace holder
