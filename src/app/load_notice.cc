#include "app/load_notice.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/disk.h"

namespace app {
namespace {

constexpr std::size_t kNoticeBytes = 1 << 20;
constexpr int kRefused = 1;
constexpr int kUnreadable = 2;

}  // namespace

base::Result<notice::Checked> check_notice_file(const std::string& file) {
  if (file.empty()) return notice::check(notice::default_file, notice::default_text());
  base::RealDisk disk;
  const auto bytes = TRY(base::read_file(disk, file, kNoticeBytes));
  return notice::check(file, base::text(bytes));
}

LoadedNotice load_notice(const std::string& file, const char* command) {
  auto checked = check_notice_file(file);
  if (!checked.ok()) {
    fmt::print(stderr, "{}: --notice {}: {}\n", command, file, checked.error().chain());
    return {std::nullopt, kUnreadable};
  }
  if (checked->ok()) return {std::move(checked->document), 0};
  fmt::print(stderr, "{}{}: the notice is refused\n", checked->report(), command);
  return {std::nullopt, kRefused};
}

base::Result<notice::CheckedPlans> check_plans_file(const std::string& file) {
  if (file.empty()) return notice::check_plans({}, notice::default_plans_text());
  base::RealDisk disk;
  const auto bytes = TRY(base::read_file(disk, file, kNoticeBytes));
  return notice::check_plans(file, base::text(bytes));
}

LoadedPlans load_plans(const std::string& file, const char* command) {
  auto checked = check_plans_file(file);
  if (!checked.ok()) {
    fmt::print(stderr, "{}: --plans {}: {}\n", command, file, checked.error().chain());
    return {std::nullopt, kUnreadable};
  }
  if (checked->ok()) return {std::move(checked->plans), 0};
  fmt::print(stderr, "{}{}: the plans are refused\n", checked->report(), command);
  return {std::nullopt, kRefused};
}

}  // namespace app
