#include "holder/move_root.h"

#include <algorithm>

// The steps, and what a crash after each leaves:
//  1. `primary`: old choice, clear the new one      the root in the old place
//  2. the new place is emptied, the root written    the same; what stands in the new place is
//     there and read back                           destroyed by the next start
//  3. `primary`: new choice, clear the old one      the root in the new place: the commit point
//  4. the old place is emptied                      the same; the next start does it
//  5. `primary`: new choice                         done

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

/// What two choices may not have in common: a file, or the key of a holder.
Result<std::vector<std::string>> stores_of(const KnownHolders& known, const std::string& root,
                                           const Choice& choice) {
  std::vector<std::string> stores;
  for (const Place& place : choice.places) {
    if (place.kind == Place::Kind::file) {
      stores.push_back(file_of(root, choice).path());
      continue;
    }
    const Known* one = known.find(place.name);
    if (one == nullptr)
      return Error{Code::missing, "no holder of that name is known here: pair it (holder add)"};
    stores.push_back(base::base32(one->key));
  }
  return stores;
}

Result<void> check_apart(const PrimaryParts& parts, const std::string& root, const Choice& from,
                         const Choice& to) {
  const KnownHolders known = TRY(read_known(parts.disk, root));
  const auto old_stores = TRY(stores_of(known, root, from));
  const auto new_stores = TRY(stores_of(known, root, to));
  for (const std::string& store : new_stores)
    if (std::ranges::find(old_stores, store) != old_stores.end())
      return Error{Code::conflict,
                   "the old and the new place overlap: move the root to `file` first, or to "
                   "another holder, and from there"};
  return {};
}

Result<keys::Root> read_old(const PrimaryParts& parts, const std::string& root,
                            const Choice& from) {
  const auto holder = TRY(open_choice(parts, root, from));
  auto roots = TRY(holder->read());
  if (!roots[0] && !roots[1]) return Error{Code::missing, "there is no root to move"};
  if (roots[0] && roots[1])
    return Error{Code::conflict,
                 "a commit was cut short: start the server once, then move the root"};
  return std::move(*roots[roots[0] ? 0 : 1]);
}

/// Asked before anything changes: a holder that is away must not keep the next start waiting.
Result<void> check_reachable(const PrimaryParts& parts, const std::string& root, const Choice& to) {
  for (const Place& place : to.places) {
    if (place.kind == Place::Kind::file) continue;
    const Choice alone{.places = {place}};
    const auto holder = TRY(open_choice(parts, root, alone));
    TRY(holder->read());
  }
  return {};
}

Result<void> write_new(const PrimaryParts& parts, const std::string& root, const Choice& to,
                       const keys::Root& value) {
  TRY(clear_choice(parts, root, to));
  const auto holder = TRY(open_choice(parts, root, to));
  TRY(holder->write(0, value));
  const auto back = TRY(holder->read());
  if (!back[0] || back[1] || back[0]->epoch != value.epoch || back[0]->page != value.page ||
      !(back[0]->key == value.key))
    return Error{Code::io, "the root does not read back in its new place as it was written"};
  return {};
}

}  // namespace

Result<void> move_root(const PrimaryParts& parts, const std::string& root, const Choice& to) {
  const Remembered now = TRY(remembered(parts.disk, root));
  CHECK(!now.clear);  // open_primary() has seen to that
  if (now.choice == to) return Error{Code::conflict, "the root is kept there already"};
  if (parts.wrapping != nullptr && !in_a_file(now.choice) &&
      TRY(wraps_nothing(parts.disk, root, to)))
    return Error{Code::denied,
                 "the root neither comes from a file here nor goes to one, and the key to the "
                 "holders is plain: there is nothing that a passphrase wraps"};
  TRY(check_apart(parts, root, now.choice, to));
  TRY_AS(check_reachable(parts, root, to), "the new place cannot be used");
  const keys::Root value = TRY_AS(read_old(parts, root, now.choice), "cannot read the root");
  TRY(remember(parts.disk, root, {.choice = now.choice, .clear = to}));
  const auto written = write_new(parts, root, to, value);
  if (!written.ok()) {
    // The way back; where it fails too, the next start takes it.
    if (clear_choice(parts, root, to).ok()) TRY(remember(parts.disk, root, {.choice = now.choice}));
    return Error{written.code(), "cannot write the root to its new place", written.error()};
  }
  TRY(remember(parts.disk, root, {.choice = to, .clear = now.choice}));
  TRY_AS(clear_choice(parts, root, now.choice),
         "the root is moved, but where it was it is not destroyed yet: the next start does it");
  return remember(parts.disk, root, {.choice = to});
}

Result<bool> abandon_holder(const PrimaryParts& parts, const std::string& root,
                            const std::string& name) {
  const Remembered now = TRY(remembered(parts.disk, root));
  const Place gone{Place::Kind::remote, name};
  // By its key: one holder may have two names here.
  const KnownHolders known = TRY(read_known(parts.disk, root));
  const Known* holder = known.find(name);
  const auto is_it = [&](const Place& place) {
    const Known* other = known.find(place.name);
    return place == gone || (place.kind == Place::Kind::remote && holder != nullptr &&
                             other != nullptr && other->key == holder->key);
  };
  if (std::ranges::any_of(now.choice.places, is_it))
    return Error{Code::conflict,
                 "this holder keeps the root in force, or a share of it: without it nothing opens "
                 "(restore --from-holder takes a replica's)"};
  if (!now.clear || std::ranges::find(now.clear->places, gone) == now.clear->places.end())
    return Error{Code::missing, "no move of the root waits for a holder of that name"};
  for (const Place& place : now.clear->places)
    if (place != gone)
      TRY_AS(clear_place(parts, root, *now.clear, place),
             "another place that the move has to clear cannot be cleared");
  const bool cleared = clear_place(parts, root, *now.clear, gone).ok();
  TRY(remember(parts.disk, root, {.choice = now.choice}));
  return cleared;
}

}  // namespace holder
