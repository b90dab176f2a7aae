// Files of people to import, as JSON (tests/fuzz/import_file.h).
#include "accounts/import_json.h"
#include "tests/fuzz/import_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::check_import_file(accounts::read_import_json, data, size);
  return 0;
}
