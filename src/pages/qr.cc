#include "pages/qr.h"

#include <qrencode.h>

#include <memory>

namespace pages {
namespace {

constexpr std::size_t kQuiet = 4;  // modules of nothing around it (ISO/IEC 18004)

struct Free {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

base::Result<QrCode> qr_code(std::string_view text) {
  const std::unique_ptr<QRcode, Free> code(QRcode_encodeData(
      static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()),
      /*version=*/0, QR_ECLEVEL_M));
  if (code == nullptr) return base::Error{base::Code::too_large, "too long for a QR code"};
  const auto width = static_cast<std::size_t>(code->width);
  QrCode out{width + 2 * kQuiet, {}};
  for (std::size_t y = 0; y < width; ++y) {
    for (std::size_t x = 0; x < width;) {
      std::size_t run = 0;
      while (x + run < width && (code->data[y * width + x + run] & 1U) != 0) ++run;
      if (run == 0) {
        ++x;
        continue;
      }
      const std::string length = std::to_string(run);
      out.path += "M" + std::to_string(x + kQuiet) + " " + std::to_string(y + kQuiet) + "h" +
                  length + "v1h-" + length + "z";
      x += run;
    }
  }
  return out;
}

}  // namespace pages
