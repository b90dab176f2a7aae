#include "app/passphrase.h"

#include "base/secret_file.h"

namespace app {
namespace {

constexpr std::size_t kPassphraseMax = 1000;

}  // namespace

base::Result<base::SecretBytes> read_passphrase(const std::string& file) {
  if (file.empty()) return base::SecretBytes();
  auto secret = TRY_AS(base::read_secret_file(file, kPassphraseMax), "--passphrase-file");
  return secret;
}

}  // namespace app
