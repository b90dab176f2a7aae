// A secret that an operator keeps in a file, such as a passphrase: read straight into locked
// memory. Owns nothing. The file is the real one of this machine, since who else may read it is
// asked of its mode.
#pragma once

#include <string>

#include "base/secret_bytes.h"

namespace base {

/// The contents without one newline at the end. Code::denied where others than the owner and its
/// group may read or write the file, Code::too_large over `bytes_max`, Code::invalid where nothing
/// is in it or it is a directory, Code::missing where it is not there.
Result<SecretBytes> read_secret_file(const std::string& path, std::size_t bytes_max);

}  // namespace base
