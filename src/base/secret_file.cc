#include "base/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/descriptor.h"

namespace base {
namespace {

Result<Descriptor> open_secret(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file && errno == ENOENT) return Error{Code::missing, "the file is not there"};
  struct stat status{};
  if (!file || ::fstat(file.number(), &status) != 0)
    return Error{Code::io, "the file cannot be opened"};
  if (S_ISDIR(status.st_mode)) return Error{Code::invalid, "it is a directory"};
  if ((status.st_mode & S_IRWXO) != 0)
    return Error{Code::denied, "everybody may read or write the file: take that away (chmod 600)"};
  return file;
}

}  // namespace

Result<SecretBytes> read_secret_file(const std::string& path, std::size_t bytes_max) {
  const Descriptor file = TRY(open_secret(path));
  // Room for a newline, and for one byte that shows that there is more.
  SecretBytes all(bytes_max + 3);
  std::size_t filled = 0;
  while (filled < all.size()) {
    const auto read =
        ::read(file.number(), all.mutable_view().data() + filled, all.size() - filled);
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return Error{Code::io, "the file cannot be read"};
    if (read == 0) break;
    filled += static_cast<std::size_t>(read);
  }
  View contents = all.view().first(filled);
  if (!contents.empty() && contents.back() == '\n') {
    contents = contents.first(contents.size() - 1);
    if (!contents.empty() && contents.back() == '\r')
      contents = contents.first(contents.size() - 1);
  }
  if (contents.size() > bytes_max) return Error{Code::too_large, "the file is too long"};
  if (contents.empty()) return Error{Code::invalid, "the file is empty"};
  return SecretBytes::copy_of(contents);
}

}  // namespace base
