// How a command ends that could not do what it was asked. Owns the words' form and the exit code;
// never decides what is a failure.
#pragma once

#include "base/result.h"

namespace app {

/// Says why on the error output, and answers the exit code, 2.
int failed(const char* command, const base::Error& error);

}  // namespace app
