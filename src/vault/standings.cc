#include "vault/standings.h"

#include "vault/payload.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;
using notice::PurposeSet;
using notice::Standing;

constexpr PurposeSet together(PurposeSet a, PurposeSet b) {
  return PurposeSet(a.bits() | b.bits());
}
constexpr PurposeSet without(PurposeSet a, PurposeSet b) {
  return PurposeSet(a.bits() & ~b.bits());
}
constexpr bool overlap(PurposeSet a, PurposeSet b) { return (a.bits() & b.bits()) != 0; }
constexpr bool empty(PurposeSet set) { return set.bits() == 0; }

/// Consent and objection exist for the purposes that the notice rests on them, and for no others.
Result<void> check(const StandingChange& change, const notice::Policy& policy) {
  if (overlap(change.consents, change.withdraws) || overlap(change.objects, change.agrees))
    return Error{Code::invalid, "a change of standing says yes and no to one purpose"};
  const PurposeSet consent = together(change.consents, change.withdraws);
  if (!empty(without(consent, policy.consent_purposes())))
    return Error{Code::invalid, "a consent is for a purpose that the notice does not rest on it"};
  const PurposeSet objection = together(change.objects, change.agrees);
  if (!empty(without(objection, policy.objectable_purposes())))
    return Error{Code::invalid, "an objection is to a purpose that the notice gives none to"};
  const bool nothing = empty(together(consent, objection)) &&
                       change.restriction == Restriction::as_it_is &&
                       change.confirmation == Confirmation::none;
  if (nothing) return Error{Code::invalid, "a change of standing that changes nothing"};
  return {};
}

Standing changed(Standing standing, const StandingChange& change) {
  standing.consented = without(together(standing.consented, change.consents), change.withdraws);
  standing.withdrawn = without(together(standing.withdrawn, change.withdraws), change.consents);
  standing.objected = without(together(standing.objected, change.objects), change.agrees);
  if (change.restriction != Restriction::as_it_is)
    standing.restricted = change.restriction == Restriction::on;
  if (change.confirmation == Confirmation::hers) standing.unconfirmed = false;
  return standing;
}

}  // namespace

Result<ledger::Ticket> Standings::change(store::Tx& tx, base::OwnerId owner,
                                         const StandingChange& change, const Entry& entry) {
  const notice::Policy& policy = gate_.policy().current();
  TRY(check(change, policy));
  const Standing before = TRY(gate::Gate::standing(tx, owner));
  if (before.erasing || before.erased) return Error{Code::gone, "the data has been erased"};
  Entry told = entry;
  told.content = TRY(standing_content(entry.content, change, policy));
  const ledger::Ticket ticket = TRY(journal_.enter(tx, owner, told, Chain::standing));
  TRY(gate_.set_standing(tx, recorded(), owner, changed(before, change)));
  return ticket;
}

Result<CaughtUp> Standings::catch_up(store::Tx& tx, base::OwnerId owner) {
  CaughtUp found;
  found.entries = TRY(journal_.catch_up(tx, owner, Chain::entries));
  found.standing = TRY(journal_.catch_up(tx, owner, Chain::standing));
  if (found.standing == 0) return found;
  Standing standing = TRY(gate::Gate::standing(tx, owner));
  standing.unconfirmed = true;
  TRY(gate_.set_standing(tx, recorded(), owner, standing));
  return found;
}

}  // namespace vault
