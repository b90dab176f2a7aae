#include <algorithm>

#include "app/outside.h"
#include "app/passphrase.h"
#include "app/takeover.h"
#include "holder/caller_key.h"
#include "holder/known.h"

namespace app {

using base::Code;
using base::Error;
using base::Result;

namespace {

// A thousand pages are read and sealed for an answer: a restore has time.
constexpr holder::Link::Limits kLimits{.reach = std::chrono::seconds(10),
                                       .answer = std::chrono::minutes(2)};

}  // namespace

struct RestoreLine::Impl {
  Impl(holder::Identity its_identity, holder::Known its_known)
      : identity(std::move(its_identity)),
        known(std::move(its_known)),
        dial(dial_arguments()),
        dialer(wait, dial, known.place),
        link(
            identity, [this](base::Duration at_most) { return dialer.dial(at_most); },
            {known.key, holder::Lane::restore, {}}, steady, wait, kLimits) {}

  base::ThreadWait wait;
  base::SteadyClock steady;
  const holder::Identity identity;
  const holder::Known known;
  const std::vector<std::string> dial;
  base::Dialer dialer;
  holder::Link link;
};

RestoreLine::RestoreLine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RestoreLine::~RestoreLine() = default;
holder::Link& RestoreLine::link() { return impl_->link; }
const std::string& RestoreLine::name() const { return impl_->known.name; }

Result<std::unique_ptr<RestoreLine>> RestoreLine::open(base::Disk& disk, const std::string& root,
                                                       const std::string& holder,
                                                       const std::string& passphrase_file) {
  const holder::KnownHolders all = TRY(holder::read_known(disk, root));
  const auto place = base::parse_place(holder);
  const auto found = std::ranges::find_if(all.all, [&](const holder::Known& one) {
    return one.name == holder ||
           (place.ok() && one.place.host == place->host && one.place.port == place->port);
  });
  if (found == all.all.end())
    return Error{Code::missing,
                 "no such holder is known here: pair with it first (holder pair there, holder add "
                 "here)"};
  base::SystemEntropy entropy;
  const PassphraseWrapping wrapping(TRY(read_passphrase(passphrase_file)), entropy);
  auto identity = TRY(holder::caller_identity(disk, entropy, root, wrapping.get()));
  return std::unique_ptr<RestoreLine>(
      new RestoreLine(std::make_unique<Impl>(std::move(identity), *found)));
}

HeldRoot::HeldRoot(keys::Root root) { slots_[0] = std::move(root); }

Result<std::array<std::optional<keys::Root>, 2>> HeldRoot::read() {
  std::array<std::optional<keys::Root>, 2> roots;
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i]) roots[i] = keys::Root{slots_[i]->epoch, slots_[i]->key.clone(), slots_[i]->page};
  return roots;
}

Result<void> HeldRoot::write(std::size_t slot, const keys::Root& root) {
  slots_.at(slot) = keys::Root{root.epoch, root.key.clone(), root.page};
  return {};
}

Result<void> HeldRoot::destroy(std::size_t slot) {
  slots_.at(slot).reset();
  return {};
}

}  // namespace app
