#include "holder/takeover.h"

#include "holder/replica_walk.h"
#include "ledger/mirror.h"

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

class Fetching {
 public:
  Fetching(Channel& replica, const Offer& offer, std::uint64_t incarnation, const FetchInto& into,
           const OnFetched& progress)
      : replica_(replica),
        offer_(offer),
        incarnation_(incarnation),
        into_(into),
        progress_(progress) {}

  Result<Fetched> run() {
    TRY_AS(fetch_tree(), "cannot fetch the key tree");
    TRY_AS(fetch_log(), "cannot fetch the log");
    return fetched_;
  }

 private:
  Result<void> fetch_tree() {
    TRY(base::remove_all(into_.disk, into_.tree));
    const auto file = TRY(into_.disk.open(into_.tree, base::Open::update));
    std::uint64_t from = 0;
    do {
      const base::Bytes body = TRY(replica_.call(
          Method::restore_pages, encode(FetchPages{incarnation_, offer_.status.epoch, from})));
      const auto part = TRY(parse_fetched_pages(body));
      for (const PagesRequest::Page& page : part.pages) {
        TRY(file->write_at(page.page * keys::kPageSize, page.image));
        ++fetched_.pages;
      }
      if (part.next != 0 && part.next <= from)
        return Error{Code::invalid, "the replica's answer is not in its order"};
      from = part.next;
      if (progress_) progress_(fetched_);
    } while (from != 0);
    TRY(file->sync());
    TRY(into_.disk.sync_directory(base::parent_of(into_.tree)));
    return check_tree(*file);
  }

  /// Every page that the root reaches, opened; and no page too many.
  Result<void> check_tree(base::File& file) {
    std::uint64_t reached = 0;
    std::vector<std::uint64_t> unreadable;
    TRY(walk(
        {.root = *offer_.root, .unreadable = &unreadable},
        [&](std::uint64_t page) -> Result<base::Bytes> {
          base::Bytes image(keys::kPageSize);
          if (TRY(file.read_at(page * keys::kPageSize, image)) != image.size())
            return Error{Code::corrupt, "a page is missing"};
          return image;
        },
        [&](std::uint64_t) -> Result<void> {
          ++reached;
          return {};
        }));
    fetched_.pages_unreadable = unreadable.size();
    if (reached != fetched_.pages || reached != offer_.pages)
      return Error{Code::corrupt, "the pages that came are not those of the root"};
    return {};
  }

  Result<void> fetch_log() {
    TRY(base::remove_all(into_.disk, into_.log));
    const auto mirror = TRY(ledger::Mirror::open(into_.disk, into_.log));
    TRY(mirror->hand_over(offer_.chain));
    for (std::uint64_t first = 0; first < offer_.status.leaves; first = mirror->staged()) {
      const base::Bytes body =
          TRY(replica_.call(Method::restore_leaves, encode(FetchLeaves{incarnation_, first})));
      const auto leaves = TRY(parse_fetched_leaves(body));
      if (leaves.empty()) return Error{Code::corrupt, "the replica lacks leaves of its log"};
      TRY(mirror->stage(first, leaves));
      fetched_.leaves = std::min(mirror->staged(), offer_.status.leaves);
      if (progress_) progress_(fetched_);
    }
    TRY(mirror->publish(offer_.checkpoint, offer_.key));
    if (mirror->size() != offer_.status.leaves)
      return Error{Code::corrupt, "the replica's checkpoint is of another tree"};
    // What a copy keeps beside the log is no part of it.
    TRY(base::remove_all(into_.disk, into_.log + "/staged"));
    return into_.disk.sync_directory(into_.log);
  }

  Channel& replica_;
  const Offer& offer_;
  const std::uint64_t incarnation_;
  const FetchInto& into_;
  const OnFetched& progress_;
  Fetched fetched_;
};

}  // namespace

Result<Offer> begin_restore(Channel& replica, const BeginRequest& request) {
  base::Bytes body = TRY(replica.call(Method::restore_begin, encode(request)));
  auto offer = parse_offer(body);
  base::wipe(body);
  return offer;
}

Result<Fetched> fetch_restore(Channel& replica, const Offer& offer, std::uint64_t incarnation,
                              const FetchInto& into, const OnFetched& progress) {
  CHECK(serves(offer.verdict) && offer.root.has_value());
  return Fetching(replica, offer, incarnation, into, progress).run();
}

}  // namespace holder
