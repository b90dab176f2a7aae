#include "app/replication.h"

#include "app/outside.h"
#include "holder/caller_key.h"
#include "holder/incarnation.h"
#include "holder/replica_entry.h"

namespace app {
namespace {

using base::Code;
using base::Result;
using holder::LinkState;
using holder::Replicator;

}  // namespace

Result<ReplicaLines> reach_replicas(const ReplicaParts& parts, const std::string& root) {
  ReplicaLines lines;
  lines.incarnation = TRY(holder::read_incarnation(parts.disk, root));
  lines.dial = dial_arguments();
  const holder::KnownHolders known = TRY(holder::read_known(parts.disk, root));
  for (const holder::Known& one : known.all) {
    if (one.replicates == holder::Replicates::no) continue;
    if (lines.identity == nullptr) {
      auto identity = TRY(holder::caller_identity(parts.disk, parts.entropy, root, parts.wrapping));
      lines.identity = std::make_unique<holder::Identity>(std::move(identity));
    }
    const holder::ReplicaLine::Parts reaching{parts.wait, parts.steady, lines.dial, parts.starter};
    lines.all.push_back(
        std::make_unique<holder::ReplicaLine>(reaching, *lines.identity, known.tree, one));
  }
  // All at once: those that are away cost the time of one.
  std::vector<Result<void>> answers(lines.all.size());
  std::vector<std::thread> asking;
  for (std::size_t i = 0; i < lines.all.size(); ++i)
    asking.emplace_back(
        [&, i] { answers[i] = lines.all[i]->ask_whether_replaced(lines.incarnation); });
  for (std::thread& thread : asking) thread.join();
  for (const Result<void>& answer : answers) TRY(answer);
  return lines;
}

bool LinkLines::due(LinkState link, base::Time now) {
  if (link == said_) return false;
  if (now - minute_ >= std::chrono::minutes(1)) {
    minute_ = now;
    lines_ = 0;
  }
  if (lines_ == a_minute) return false;
  said_ = link;
  ++lines_;
  return true;
}

struct Replication::Follower {
  Follower(const Parts& parts, holder::ReplicaLine& its_line, std::uint64_t incarnation)
      : line(its_line),
        replicator({parts.wait, parts.steady, parts.entropy, parts.store, parts.keys, parts.ledger,
                    line.link()},
                   line.known().name, incarnation) {}

  holder::ReplicaLine& line;
  Replicator replicator;
  LinkLines lines;  // by tick() alone
  std::thread thread;
};

Result<std::unique_ptr<Replication>> Replication::open(const Parts& parts, ReplicaLines lines) {
  TRY_AS(parts.store.write([&](store::Tx& tx) -> Result<void> {
    for (const auto& line : lines.all) TRY(holder::record_added(tx, parts.ledger, line->known()));
    return {};
  }),
         "cannot record in the log which replicas are followed");
  return std::unique_ptr<Replication>(new Replication(parts, std::move(lines)));
}

Replication::Replication(const Parts& parts, ReplicaLines lines)
    : parts_(parts), lines_(std::move(lines)) {
  std::vector<Replicator*> replicators;
  for (const auto& line : lines_.all) {
    followers_.push_back(std::make_unique<Follower>(parts_, *line, lines_.incarnation));
    replicators.push_back(&followers_.back()->replicator);
  }
  replicas_ = std::make_unique<holder::Replicas>(parts_.steady, std::move(replicators));
  if (!followers_.empty()) {
    parts_.keys.on_commit([replicas = replicas_.get()] { replicas->wake(); });
    parts_.mandate.ask_with([replicas = replicas_.get()] { return replicas->say_replaced(); });
  }
  for (const auto& follower : followers_)
    follower->thread = std::thread([this, one = follower.get()] { follow(*one); });
}

Replication::~Replication() {
  if (!followers_.empty()) {
    parts_.keys.on_commit({});
    parts_.mandate.ask_with({});
  }
  for (const auto& follower : followers_) {
    follower->replicator.stop();
    follower->line.link().end();
  }
  for (const auto& follower : followers_) follower->thread.join();
}

void Replication::follow(Follower& follower) {
  follower.replicator.run();
  if (follower.replicator.replaced()) parts_.mandate.end();
}

std::vector<ReplicaStanding> Replication::standings() {
  std::vector<ReplicaStanding> all;
  for (const auto& follower : followers_)
    all.push_back({follower->replicator.name(), follower->replicator.standing()});
  return all;
}

void Replication::tick() {
  // A commit of the tree wakes them itself; the entry about it comes a moment later.
  const std::uint64_t leaves = parts_.ledger.size();
  if (std::exchange(leaves_, leaves) != leaves) replicas_->wake();
  const base::Time now = parts_.steady.now();
  for (std::size_t i = 0; i < followers_.size(); ++i) {
    Follower& follower = *followers_[i];
    const holder::Standing standing = follower.replicator.standing();
    if (!follower.lines.due(standing.link, now)) continue;
    if (standing.link == LinkState::following)
      parts_.log.info("replica", {{"number", i + 1}, {"link", name_of(standing.link)}});
    else
      parts_.log.warn("replica", {{"number", i + 1},
                                  {"link", name_of(standing.link)},
                                  {"epochs_behind", standing.epochs_behind},
                                  {"leaves_behind", standing.leaves_behind}});
  }
}

}  // namespace app
