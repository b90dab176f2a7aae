// The passphrase that wraps what is secret here (a root's file, the key to the holders), as
// --passphrase-file gives it. Owns nothing.
#pragma once

#include <string>

#include "base/secret_bytes.h"

namespace app {

/// Empty where no file is named; never empty where one is. Bounds and refusals as of
/// base::read_secret_file.
base::Result<base::SecretBytes> read_passphrase(const std::string& file);

}  // namespace app
