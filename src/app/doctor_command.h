// `doctor`: looks at a data directory, its root and the machine, and says what to mend. Reads only,
// beside a running server too, and prints nothing that anybody keeps there.
#pragma once

#include "app/examine.h"

namespace app {

/// Exit code: 0 no error was found (there may be warnings), 1 errors were, 2 it was not said of
/// what.
int doctor_command(const DoctorOptions& options);

}  // namespace app
