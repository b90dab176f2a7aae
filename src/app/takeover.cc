#include "app/takeover.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/core.h"
#include "app/outside.h"
#include "app/passphrase.h"
#include "holder/incarnation.h"
#include "holder/primary.h"
#include "ledger/handover.h"

// The steps, and what a kill between them leaves:
//  0. what the holder has is judged                       nothing
//  1. the marker: nobody opens what is here               begun anew
//  2. the replica follows this host (its incarnation)     the lost host is out; begun anew
//  3. tree and log come, the root goes to its holder      fetched anew, under a higher incarnation
//  4. the marker says that all is here                    not fetched again: the log may have
//                                                         gone on here meanwhile
//  5. the bulk is put under it (app/restore.cc)           put under it again
//  6. the replica is declared, the marker goes            the end

namespace app {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kMarkerMax = 4 << 10;

std::string marker_of(const ServeOptions& options) {
  return options.data + "/" + kTakingOver.c_str();
}

/// What the marker remembers once all has come.
struct Marker {
  bool fetched = false;
  std::uint64_t incarnation = 0;
  std::uint64_t epoch = 0;
  std::uint64_t leaves = 0;
  std::string origin;
};

Result<std::optional<Marker>> read_marker(base::Disk& disk, const std::string& path) {
  const auto raw = base::read_file(disk, path, kMarkerMax);
  if (!raw.ok() && raw.code() == Code::missing) return std::optional<Marker>();
  if (!raw.ok()) return raw.error();
  const auto json = nlohmann::json::parse(raw->begin(), raw->end(), nullptr, false);
  Marker marker;
  try {
    marker.fetched = json.at("fetched").get<bool>();
    marker.incarnation = json.at("incarnation").get<std::uint64_t>();
    marker.epoch = json.at("epoch").get<std::uint64_t>();
    marker.leaves = json.at("leaves").get<std::uint64_t>();
    marker.origin = json.at("origin").get<std::string>();
  } catch (const nlohmann::json::exception&) {
    return Error{Code::corrupt, "the file DATA/taking-over is damaged: remove DATA, begin anew"};
  }
  return std::optional(marker);
}

Result<void> write_marker(base::Disk& disk, const std::string& path, const Marker& marker) {
  const nlohmann::ordered_json json = {{"fetched", marker.fetched},
                                       {"incarnation", marker.incarnation},
                                       {"epoch", marker.epoch},
                                       {"leaves", marker.leaves},
                                       {"origin", marker.origin}};
  return base::write_file_atomically(disk, path, base::view(json.dump() + "\n"));
}

/// A name that no history ever had: the same copy may be restored from twice, by hosts that do not
/// know of each other.
std::string new_origin(base::Entropy& entropy, const std::string& base_origin,
                       std::uint64_t incarnation) {
  base::Bytes random(5);
  entropy.fill(random);
  return base_origin + "/" + std::to_string(incarnation) + "-" + base::base32(random);
}

class TakingOver {
 public:
  TakingOver(const ServeOptions& options, const std::string& base_origin, const TakeOver& how,
             const Judge& judge, const OnStep& step, const holder::OnFetched& progress)
      : options_(options),
        base_origin_(base_origin),
        how_(how),
        judge_(judge),
        step_(step),
        progress_(progress),
        root_(root_of(options)),
        marker_(marker_of(options)) {}

  Result<TakenOver> run() {
    const auto begun = TRY(read_marker(disk_, marker_));
    if (!begun) TRY(check_empty());
    line_ = TRY(RestoreLine::open(disk_, root_, how_.holder, options_.passphrase_file));
    step_("asking the replica");
    if (begun && begun->fetched) return go_on(*begun);
    TakenOver taken;
    taken.offer = TRY(ask(holder::Claim::look));
    if (!holder::serves(taken.offer.verdict)) return taken;
    TRY(check_origin(taken.offer));
    TRY(judge_(taken.offer));
    if (taken.offer.status.pages_damaged > 0)
      step_("some pages of keys do not open at the replica: their owners will be unreadable");
    TRY(name_tree());
    TRY_AS(disk_.make_directory(options_.data), "cannot make the data directory");
    TRY(write_marker(disk_, marker_, {}));
    TRY(open_root_holder(taken.offer, holder::kLooking));
    TRY(take(taken));
    if (!holder::serves(taken.offer.verdict)) return taken;
    // The holder of the root refuses the lost host from here on. What that one has committed since
    // the first look is not in the replica.
    const auto primary = TRY(open_root_holder(taken.offer, taken.incarnation));
    step_("fetching tree and log");
    taken.fetched = TRY(holder::fetch_restore(
        line_->link(), taken.offer, taken.incarnation,
        {disk_, options_.data + "/keys.ktn", options_.data + "/log"}, progress_));
    TRY_AS(primary->write(0, *taken.offer.root), "cannot write the root");
    TRY_AS(primary->destroy(1), "cannot destroy another root");
    taken.offer.root.reset();
    if (taken.offer.verdict == holder::Verdict::lag_accepted)
      taken.origin = new_origin(entropy_, base_origin_, taken.incarnation);
    TRY(write_marker(disk_, marker_,
                     {true, taken.incarnation, taken.offer.status.epoch, taken.offer.status.leaves,
                      taken.origin}));
    return taken;
  }

 private:
  Result<void> check_empty() {
    for (const std::string& there : {options_.data + "/store.db", options_.data + "/keys.ktn",
                                     options_.data + "/log", root_ + "/root.ktn"})
      if (TRY(disk_.exists(there)))
        return Error{Code::conflict,
                     "there is data of a service, or a root, already: a restore from a holder "
                     "makes new directories"};
    return {};
  }

  Result<holder::Offer> ask(holder::Claim claim, std::uint64_t incarnation = 0) {
    return holder::begin_restore(line_->link(), {claim, how_.lag, incarnation, how_.checkpoint});
  }

  /// The holder serves one tree, and says which.
  Result<void> name_tree() {
    const auto tree = line_->link().tree();
    if (!tree || *tree == holder::TreeName{})
      return Error{Code::missing, "the holder does not say which tree it serves"};
    return holder::name_tree(disk_, root_, *tree);
  }

  /// Where the root will be kept. One that is there already may be newer than the replica's tree:
  /// then it lags, whatever anybody can show.
  Result<std::unique_ptr<keys::RootHolder>> open_root_holder(const holder::Offer& offer,
                                                             std::uint64_t incarnation) {
    const PassphraseWrapping wrapping(TRY(read_passphrase(options_.passphrase_file)), entropy_);
    holder::PrimaryParts parts{disk_, wait_, entropy_, steady_, dial_arguments(), wrapping.get()};
    parts.incarnation = incarnation;
    auto primary =
        TRY(holder::open_primary(parts, root_, options_.root_holder, holder::Tree::is_to_be_made));
    const auto roots = TRY(primary->read());
    for (const auto& root : roots)
      if (root && root->epoch > offer.status.epoch && how_.lag == holder::Lag::refuse)
        return Error{Code::conflict,
                     "the holder of the root has a newer one than the replica's tree: the replica "
                     "lags (--accept-lag)"};
    return primary;
  }

  Result<void> take(TakenOver& taken) {
    const std::uint64_t here = TRY(holder::read_incarnation(disk_, root_));
    taken.incarnation = std::max(taken.offer.status.incarnation, here) + 1;
    step_("taking over");
    taken.offer = TRY(ask(holder::Claim::take, taken.incarnation));
    if (!holder::serves(taken.offer.verdict)) return {};
    if (!taken.offer.root) return Error{Code::invalid, "the replica gives no root"};
    return holder::write_incarnation(disk_, root_, taken.incarnation);
  }

  Result<void> check_origin(const holder::Offer& offer) {
    const auto chain = TRY(ledger::parse_chain(offer.chain));
    const std::string began =
        chain.keys.empty() ? offer.key.substr(0, offer.key.find('+')) : chain.keys.front().name;
    if (began == base_origin_) return {};
    return Error{Code::conflict,
                 "the replica is of another log: the notice has another log_origin (--notice)"};
  }

  /// All has come before. It is used only as long as nobody else has taken over since.
  Result<TakenOver> go_on(const Marker& marker) {
    TakenOver taken;
    taken.offer = TRY(ask(holder::Claim::look));
    if (taken.offer.status.incarnation != marker.incarnation)
      return Error{Code::denied,
                   "another host has taken this service over since this restore began"};
    TRY(check_origin(taken.offer));
    TRY(judge_(taken.offer));
    taken.offer.verdict =
        marker.origin.empty() ? holder::Verdict::ready : holder::Verdict::lag_accepted;
    taken.offer.status.epoch = marker.epoch;
    taken.offer.status.leaves = marker.leaves;
    taken.fetched.leaves = marker.leaves;
    taken.fetched.pages = taken.offer.pages;
    taken.incarnation = marker.incarnation;
    taken.origin = marker.origin;
    return taken;
  }

  const ServeOptions& options_;
  const std::string& base_origin_;
  const TakeOver& how_;
  const Judge& judge_;
  const OnStep& step_;
  const holder::OnFetched& progress_;
  const std::string root_;
  const std::string marker_;
  base::RealDisk disk_;
  base::ThreadWait wait_;
  base::SteadyClock steady_;
  base::SystemEntropy entropy_;
  std::unique_ptr<RestoreLine> line_;
};

}  // namespace

Result<TakenOver> take_over(const ServeOptions& options, const std::string& base_origin,
                            const TakeOver& how, const Judge& judge, const OnStep& step,
                            const holder::OnFetched& progress) {
  return TakingOver(options, base_origin, how, judge, step, progress).run();
}

Result<void> end_take_over(const ServeOptions& options, const TakeOver& how) {
  base::RealDisk disk;
  const auto line =
      TRY(RestoreLine::open(disk, root_of(options), how.holder, options.passphrase_file));
  TRY(holder::set_replicates(disk, root_of(options), line->name(), holder::Replicates::yes));
  TRY(base::remove_all(disk, marker_of(options)));
  return disk.sync_directory(options.data);
}

}  // namespace app
