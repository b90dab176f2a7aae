// How a person stands changes with its entry in the log alone: nobody else has the proof.
// expect: calling a private constructor|private constructor
#include "either.h"
#include "gate/gate.h"

base::Result<void> change(gate::Gate& gate, store::Tx& tx, const gate::Recorded& recorded,
                          base::OwnerId owner, const notice::Standing& standing) {
  return gate.set_standing(tx, EITHER(recorded, gate::Recorded()), owner, standing);
}
