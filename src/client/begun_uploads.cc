#include "client/begun_uploads.h"

#include "base/crypto.h"
#include "base/host.h"

namespace client {
namespace {

using base::Code;
using base::Result;

constexpr std::size_t kIdBytes = 64;
// Longer than any server keeps what came of one.
constexpr base::Duration kLives = std::chrono::days(8);

bool plain(std::string_view id) {
  for (const char c : id)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return false;
  return !id.empty();
}

}  // namespace

Result<std::string> BegunUploads::key_of(const std::string& file, const std::string& place) {
  const auto status = TRY(base::file_status(file, base::Links::follow));
  std::string all = base::absolute_path(file);
  for (const std::uint64_t number :
       {status.device, status.inode,
        static_cast<std::uint64_t>(status.changed.time_since_epoch().count())})
    all += "\n" + std::to_string(number);
  all += "\n" + place;
  return base::hex(base::sha256(base::view(all)));
}

Result<std::string> BegunUploads::find(const std::string& key) {
  const auto bytes = base::read_file(disk_, file(key), kIdBytes);
  if (!bytes.ok() && (bytes.code() == Code::missing || bytes.code() == Code::too_large))
    return std::string();
  if (!bytes.ok()) return bytes.error();
  const std::string id(base::text(*bytes));
  return plain(id) ? id : std::string();
}

Result<void> BegunUploads::keep(const std::string& key, const std::string& id) {
  TRY(disk_.make_directory(directory_));
  TRY(base::write_file_atomically(disk_, file(key), base::view(id)));
  const auto now = TRY(base::file_status(file(key)));
  for (const std::string& name : TRY(disk_.list(directory_))) {
    const auto other = base::file_status(file(name));
    if (other.ok() && other->regular && now.changed - other->changed > kLives)
      (void)disk_.remove(file(name)).ok();  // another run may have been at it first
  }
  return {};
}

Result<void> BegunUploads::forget(const std::string& key) {
  const auto removed = disk_.remove(file(key));
  if (!removed.ok() && removed.code() == Code::missing) return {};
  return removed;
}

}  // namespace client
