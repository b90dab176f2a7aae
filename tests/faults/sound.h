// What must hold of a server's data whatever came between. Owns nothing.
#pragma once

#include "tests/support/served.h"

namespace faults {

/// The program's own commands find the log, the keys and the vault of a stopped server whole.
void expect_sound(const support::Served& server);

}  // namespace faults
