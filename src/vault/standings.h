// How a person stands, changed: her consents, her objections, a restriction. The one way in which
// that happens, so that no change is without its entry in her standing chain of the log (the gate
// takes a change only with a proof that this class makes). Owns no table: the bits are the gate's.
#pragma once

#include "vault/journal.h"

namespace vault {

class Standings {
 public:
  Standings(gate::Gate& gate, Journal& journal) : gate_(gate), journal_(journal) {}

  base::Result<ledger::Ticket> change(store::Tx& tx, base::OwnerId owner,
                                      const StandingChange& change, const Entry& entry);
  base::Result<CaughtUp> catch_up(store::Tx& tx, base::OwnerId owner);

 private:
  static gate::Recorded recorded() { return {}; }
  gate::Gate& gate_;
  Journal& journal_;
};

}  // namespace vault
