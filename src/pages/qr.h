// A QR code as the path of an SVG, over libqrencode: what it says never leaves the page. Owns
// nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pages {

struct QrCode {
  std::size_t side = 0;  // modules of the whole square, with its quiet zone
  std::string path;      // of the dark modules: one unit each
};

/// Code::too_large where the text does not fit into any QR code (some 2,900 bytes).
base::Result<QrCode> qr_code(std::string_view text);

}  // namespace pages
