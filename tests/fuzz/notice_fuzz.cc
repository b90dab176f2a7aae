// Any bytes as a notice: check() must answer, in bounded time and memory, and whatever it accepts
// must compile and render.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "notice/notice.h"
#include "notice/policy.h"
#include "notice/render.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  notice::Checked checked = notice::check("fuzz.yaml", text);
  const std::string report = checked.report();
  if (!checked.ok()) {
    // A refusal always says why.
    if (report.find(": error: ") == std::string::npos) std::abort();
    return 0;
  }
  const auto policy = notice::Policy::compile(std::move(*checked.document));
  if (notice::render_json(policy.document()).empty()) std::abort();
  if (notice::page_model_json(policy.document(), "en").empty()) std::abort();
  return 0;
}
