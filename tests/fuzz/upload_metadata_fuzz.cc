// The Upload-Metadata header of an upload in several requests.
#include <cstddef>
#include <cstdint>

#include "api/upload_metadata.h"
#include "base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto metadata = api::parse_upload_metadata(base::text({data, size}));
  if (metadata.ok()) CHECK(!metadata->path.empty());
  return 0;
}
