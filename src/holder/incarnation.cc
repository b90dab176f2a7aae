#include "holder/incarnation.h"

#include <charconv>

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kFileMax = 32;

std::string path_of(const std::string& directory) { return directory + "/incarnation"; }
std::string text_of(std::uint64_t incarnation) { return std::to_string(incarnation) + "\n"; }

}  // namespace

Result<std::uint64_t> read_incarnation(base::Disk& disk, const std::string& directory) {
  const auto raw = base::read_file(disk, path_of(directory), kFileMax);
  if (!raw.ok() && raw.code() == Code::missing) return std::uint64_t{1};
  if (!raw.ok() && raw.code() != Code::too_large) return raw.error();
  std::uint64_t number = 0;
  const std::string_view text = raw.ok() ? base::text(*raw) : std::string_view();
  std::from_chars(text.data(), text.data() + text.size(), number);
  // Written again and compared: no sign, no leading zero, nothing behind it.
  if (number == 0 || text != text_of(number))
    return Error{Code::corrupt,
                 "the file `incarnation` of a root directory or a holder is damaged"};
  return number;
}

Result<void> write_incarnation(base::Disk& disk, const std::string& directory,
                               std::uint64_t incarnation) {
  CHECK(incarnation > 0);
  return base::write_file_atomically(disk, path_of(directory), base::view(text_of(incarnation)));
}

}  // namespace holder
