#include "app/load_notice.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/disk.h"

namespace app {
namespace {

constexpr std::size_t kFileBytes = 1 << 20;
constexpr int kRefused = 1;
constexpr int kUnreadable = 2;

/// Checks a file of the operator's, or what the binary carries where none is named.
template <class Checked>
base::Result<Checked> check_file(const std::string& file, std::string_view own_name,
                                 std::string_view own_text,
                                 Checked (*check)(std::string_view, std::string_view)) {
  if (file.empty()) return check(own_name, own_text);
  base::RealDisk disk;
  const auto bytes = TRY(base::read_file(disk, file, kFileBytes));
  return check(file, base::text(bytes));
}

/// Says on standard error why `checked` cannot be used; what the process exits with then, else 0.
template <class Checked>
int say_why_not(const base::Result<Checked>& checked, const char* command, const char* option,
                const std::string& file, const char* refusal) {
  if (!checked.ok()) {
    fmt::print(stderr, "{}: {} {}: {}\n", command, option, file, checked.error().chain());
    return kUnreadable;
  }
  if (checked->ok()) return 0;
  fmt::print(stderr, "{}{}: {}\n", checked->report(), command, refusal);
  return kRefused;
}

}  // namespace

base::Result<notice::Checked> check_notice_file(const std::string& file) {
  return check_file(file, notice::default_file, notice::default_text(), notice::check);
}

LoadedNotice load_notice(const std::string& file, const char* command) {
  auto checked = check_notice_file(file);
  const int exit = say_why_not(checked, command, "--notice", file, "the notice is refused");
  if (exit != 0) return {std::nullopt, exit};
  return {std::move(checked->document), 0};
}

base::Result<notice::CheckedPlans> check_plans_file(const std::string& file) {
  return check_file(file, {}, notice::default_plans_text(), notice::check_plans);
}

LoadedPlans load_plans(const std::string& file, const char* command) {
  auto checked = check_plans_file(file);
  const int exit = say_why_not(checked, command, "--plans", file, "the plans are refused");
  if (exit != 0) return {std::nullopt, exit};
  return {std::move(checked->plans), 0};
}

}  // namespace app
