#include "app/load_notice.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/disk.h"
#include "notice/notice.h"

namespace app {
namespace {

constexpr std::size_t kNoticeBytes = 1 << 20;
constexpr int kRefused = 1;
constexpr int kUnreadable = 2;

}  // namespace

LoadedNotice load_notice(const std::string& file, const char* command) {
  std::string name(notice::default_file);
  std::string text(notice::default_text());
  if (!file.empty()) {
    base::RealDisk disk;
    const auto bytes = base::read_file(disk, file, kNoticeBytes);
    if (!bytes.ok()) {
      fmt::print(stderr, "{}: --notice {}: {}\n", command, file, bytes.error().chain());
      return {std::nullopt, kUnreadable};
    }
    name = file;
    text = base::text(*bytes);
  }
  notice::Checked checked = notice::check(name, text);
  if (checked.ok()) return {std::move(checked.document), 0};
  fmt::print(stderr, "{}{}: the notice is refused\n", checked.report(), command);
  return {std::nullopt, kRefused};
}

}  // namespace app
