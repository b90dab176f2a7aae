#include <algorithm>
#include <thread>

#include "app/examine.h"
#include "app/holder_command.h"
#include "app/outside.h"
#include "app/passphrase.h"
#include "holder/caller_key.h"
#include "holder/choice.h"
#include "holder/incarnation.h"
#include "holder/known.h"
#include "holder/replica_messages.h"

namespace app {
namespace {

using base::Code;
using doctor::Answer;
using doctor::HolderFacts;
using holder::Lane;
using holder::Link;

Answer answer_of(const base::Result<void>& asked) {
  if (asked.ok()) return Answer::yes;
  switch (asked.code()) {
    case Code::unavailable:
      return Answer::away;
    case Code::unauthenticated:
      return Answer::not_paired;
    case Code::conflict:
      return Answer::other_tree;
    case Code::denied:
      return Answer::replaced;
    default:
      return Answer::refused;
  }
}

struct Asking {
  const holder::Identity& identity;
  const holder::TreeName& tree;
  std::uint64_t incarnation = 1;
  Reached reached;
};

base::Result<void> ask(Link& link, const Asking& asking, HolderFacts& facts) {
  // One that keeps no replica would make itself an empty one.
  if (!facts.replicates) return link.reach();
  const auto answer = TRY(
      link.call(holder::Method::replica_status, encode(holder::StatusRequest{asking.incarnation})));
  const auto status = TRY(holder::parse_status(answer));
  const auto behind = [](std::uint64_t here, std::uint64_t there) {
    return here > there ? here - there : 0;
  };
  facts.whole = status.tree_incarnation != 0 && status.epoch != 0;
  facts.epochs_behind = behind(asking.reached.epoch, status.epoch);
  facts.leaves_behind = behind(asking.reached.leaves, status.leaves);
  facts.open_intents = status.intents.size();
  facts.pages_damaged = status.pages_damaged;
  return {};
}

/// In the lane of restores: the server's own conversations go on.
void ask_one(const holder::Known& known, const Asking& asking, HolderFacts& facts) {
  base::ThreadWait wait;
  base::SteadyClock steady;
  base::Dialer dialer(wait, dial_arguments(), known.place);
  Link link(
      asking.identity, [&](base::Duration at_most) { return dialer.dial(at_most); },
      {known.key, Lane::restore, asking.tree}, steady, wait, Link::Limits{});
  facts.answer = answer_of(ask(link, asking, facts));
}

std::vector<HolderFacts> facts_of(const holder::KnownHolders& known, const holder::Choice& choice) {
  std::vector<HolderFacts> all;
  for (const holder::Known& one : known.all) {
    HolderFacts facts;
    facts.name = one.name;
    facts.host = one.place.host;
    facts.replicates = one.replicates == holder::Replicates::yes;
    // By its key: one holder may have two names here.
    facts.keeps_root = std::ranges::any_of(choice.places, [&](const holder::Place& place) {
      const holder::Known* keeper =
          place.kind == holder::Place::Kind::remote ? known.find(place.name) : nullptr;
      return keeper != nullptr && keeper->key == one.key;
    });
    all.push_back(std::move(facts));
  }
  return all;
}

base::Result<holder::Identity> identity_of(base::Disk& disk, const DoctorOptions& options,
                                           const std::string& root) {
  base::SystemEntropy entropy;
  const PassphraseWrapping wrapping(TRY(read_passphrase(options.served.passphrase_file)), entropy);
  return holder::look_up_caller(disk, root, wrapping.get());
}

}  // namespace

void learn_of_holders(base::Disk& disk, const DoctorOptions& options, const Reached& reached,
                      doctor::Facts& facts) {
  const auto known = holder::read_known(disk, facts.root);
  if (!known.ok()) {
    facts.holders_damaged = known.error().chain();
    return;
  }
  const auto choice = holder::remembered_choice(disk, facts.root);
  facts.holders = facts_of(*known, choice.ok() ? *choice : holder::Choice{});
  const auto identity = identity_of(disk, options, facts.root);
  const auto incarnation = holder::read_incarnation(disk, facts.root);
  facts.key_to_holders_denied = !identity.ok() && identity.code() == Code::denied;
  if (!identity.ok() || !incarnation.ok()) return;
  const Asking asking{*identity, known->tree, *incarnation, reached};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < facts.holders.size(); ++i)
    if (facts.holders[i].replicates || facts.holders[i].keeps_root)
      threads.emplace_back([&, i] { ask_one(known->all[i], asking, facts.holders[i]); });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace app
