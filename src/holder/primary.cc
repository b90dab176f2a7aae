#include "holder/primary.h"

#include <algorithm>

#include "holder/caller_key.h"
#include "holder/incarnation.h"
#include "holder/remote_root.h"
#include "keys/root_file.h"
#include "keys/split_root_holder.h"

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;
using Roots = std::array<std::optional<keys::Root>, 2>;

/// A remote root with all that reaches it.
class Remote final : public keys::RootHolder {
 public:
  Remote(const PrimaryParts& parts, Identity identity, const Known& known, const TreeName& tree,
         std::uint64_t incarnation)
      : identity_(std::move(identity)),
        dialer_(parts.wait, parts.dial, known.place, parts.starter),
        link_(
            identity_,
            parts.dialing ? parts.dialing(known.place)
                          : [this](base::Duration at_most) { return dialer_.dial(at_most); },
            {known.key, Lane::root, tree}, parts.steady, parts.wait, Link::Limits{}),
        root_(link_, incarnation, parts.mandate) {}
  Result<Roots> read() override { return root_.read(); }
  Result<void> write(std::size_t slot, const keys::Root& root) override {
    return root_.write(slot, root);
  }
  Result<void> destroy(std::size_t slot) override { return root_.destroy(slot); }

 private:
  Identity identity_;
  base::Dialer dialer_;
  Link link_;
  RemoteRootHolder root_;
};

/// A split root with both of its places.
class Split final : public keys::RootHolder {
 public:
  Split(std::unique_ptr<keys::RootHolder> rotating, std::unique_ptr<keys::RootHolder> resting,
        base::Entropy& entropy)
      : rotating_(std::move(rotating)),
        resting_(std::move(resting)),
        split_(*rotating_, *resting_, entropy) {}
  Result<Roots> read() override { return split_.read(); }
  Result<void> write(std::size_t slot, const keys::Root& root) override {
    return split_.write(slot, root);
  }
  Result<void> destroy(std::size_t slot) override { return split_.destroy(slot); }

 private:
  std::unique_ptr<keys::RootHolder> rotating_;
  std::unique_ptr<keys::RootHolder> resting_;
  keys::SplitRootHolder split_;
};

Result<std::unique_ptr<keys::RootHolder>> open_remote(const PrimaryParts& parts,
                                                      const std::string& root,
                                                      const std::string& name) {
  const KnownHolders known = TRY(read_known(parts.disk, root));
  const Known* one = known.find(name);
  if (one == nullptr)
    return Error{Code::missing, "no holder of that name is known here: pair it (holder add)"};
  auto identity = TRY(caller_identity(parts.disk, parts.entropy, root, parts.wrapping));
  const std::uint64_t here = TRY(read_incarnation(parts.disk, root));
  return std::unique_ptr<keys::RootHolder>(std::make_unique<Remote>(
      parts, std::move(identity), *one, known.tree, parts.incarnation.value_or(here)));
}

Result<std::unique_ptr<keys::RootHolder>> open_place(const PrimaryParts& parts,
                                                     const std::string& root, const Place& place,
                                                     const Choice& choice) {
  if (place.kind == Place::Kind::remote) return open_remote(parts, root, place.name);
  auto file = TRY_AS(keys::FileRootHolder::open(parts.disk, file_of(root, choice), parts.wrapping),
                     "cannot open the root holder");
  return std::unique_ptr<keys::RootHolder>(std::move(file));
}

/// Two names of one holder are one place: whoever has it has both shares.
Result<void> check_apart(const PrimaryParts& parts, const std::string& root, const Choice& choice) {
  const KnownHolders known = TRY(read_known(parts.disk, root));
  const Known* one = known.find(choice.places[0].name);
  const Known* other = known.find(choice.places[1].name);
  if (one != nullptr && other != nullptr && one->key == other->key)
    return Error{Code::invalid, "both shares would be with one holder, which has two names here"};
  return {};
}

/// Nothing is kept otherwise than asked for.
Result<void> check_passphrase(const PrimaryParts& parts, const std::string& root,
                              const Choice& choice) {
  if (parts.wrapping == nullptr || !TRY(wraps_nothing(parts.disk, root, choice))) return {};
  return Error{Code::denied,
               "nothing here is wrapped in a passphrase: no part of the root is in a file, and the "
               "key to the holders is plain; wrap that first (`keys passphrase`), or give none"};
}

/// The choice in force; what is asked for is remembered before any tree is made under it.
Result<Choice> settle(const PrimaryParts& parts, const std::string& root, const std::string& asked,
                      Tree tree) {
  const Choice now = TRY(remembered_choice(parts.disk, root));
  if (asked.empty()) return now;
  const Choice choice = TRY_AS(parse_choice(asked), "--root-holder");
  if (choice == now) return choice;
  if (tree == Tree::is_there)
    return Error{Code::conflict,
                 "the root of this data is kept elsewhere: leave --root-holder out, or give what "
                 "is in force (it stands in the root directory's file `primary`); `keys move-root` "
                 "moves it"};
  if (choice.split()) TRY(check_apart(parts, root, choice));
  TRY(remember(parts.disk, root, {.choice = choice}));
  return choice;
}

/// Before anything else is done with a root: a copy that is not in force opens what is erased
/// later.
Result<void> clear_rest(const PrimaryParts& parts, const std::string& root) {
  const Remembered now = TRY(remembered(parts.disk, root));
  if (!now.clear) return {};
  TRY_AS(clear_choice(parts, root, *now.clear),
         "the root was being moved, and what keeps the copy that is not in force has not destroyed "
         "it yet");
  return remember(parts.disk, root, {.choice = now.choice});
}

}  // namespace

bool in_a_file(const Choice& choice) {
  return std::ranges::find(choice.places, Place::Kind::file, &Place::kind) != choice.places.end();
}

Result<bool> wraps_nothing(base::Disk& disk, const std::string& root, const Choice& choice) {
  if (in_a_file(choice)) return false;
  const auto holds = look_at_caller_key(disk, root);
  if (!holds.ok() && holds.code() == Code::missing) return true;
  if (!holds.ok()) return holds.error();
  return *holds == keys::RootFileHolds::plain;
}

keys::RootFile file_of(const std::string& root, const Choice& choice) {
  // Apart, so that a share never stands where a root stood, and a move has both.
  return {root, choice.split() ? "share.ktn" : "root.ktn"};
}

Result<std::unique_ptr<keys::RootHolder>> open_choice(const PrimaryParts& parts,
                                                      const std::string& root,
                                                      const Choice& choice) {
  auto first = TRY(open_place(parts, root, choice.places[0], choice));
  if (!choice.split()) return first;
  TRY(check_apart(parts, root, choice));
  auto second = TRY(open_place(parts, root, choice.places[1], choice));
  return std::unique_ptr<keys::RootHolder>(
      std::make_unique<Split>(std::move(first), std::move(second), parts.entropy));
}

Result<void> clear_place(const PrimaryParts& parts, const std::string& root, const Choice& choice,
                         const Place& place) {
  if (place.kind == Place::Kind::file)
    return keys::destroy_root_file(parts.disk, file_of(root, choice));
  const auto remote = TRY(open_remote(parts, root, place.name));
  for (std::size_t slot = 0; slot < 2; ++slot) TRY(remote->destroy(slot));
  return {};
}

Result<void> clear_choice(const PrimaryParts& parts, const std::string& root,
                          const Choice& choice) {
  for (const Place& place : choice.places) TRY(clear_place(parts, root, choice, place));
  return {};
}

Result<std::unique_ptr<keys::RootHolder>> open_primary(const PrimaryParts& parts,
                                                       const std::string& root,
                                                       const std::string& asked, Tree tree) {
  TRY(clear_rest(parts, root));
  const Choice choice = TRY(settle(parts, root, asked, tree));
  TRY(check_passphrase(parts, root, choice));
  auto holder = TRY(open_choice(parts, root, choice));
  // Said now, and clearly: without its root nothing here can be opened.
  const auto read = holder->read();
  if (!read.ok() && choice.places[0].kind == Place::Kind::file && !choice.split())
    return read.error();
  if (!read.ok())
    return Error{read.code(), "the holder that keeps the root does not give it", read.error()};
  return holder;
}

}  // namespace holder
