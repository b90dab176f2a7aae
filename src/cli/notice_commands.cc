#include "cli/notice_commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/standalone.h"
#include "notice/notice.h"
#include "notice/render.h"
#include "pages/pages.h"

namespace cli {
namespace {

constexpr std::size_t kNoticeBytes = 1 << 20;
constexpr int kRefused = 1;
constexpr int kUnreadable = 2;

base::Result<notice::Checked> check(base::Disk& disk, const NoticeOptions& options) {
  const base::Bytes bytes = TRY(base::read_file(disk, options.file, kNoticeBytes));
  return notice::check(options.file, base::text(bytes));
}

int unreadable(const NoticeOptions& options, const base::Error& error) {
  fmt::print(stderr, "notice: {}: {}\n", options.file, error.chain());
  return kUnreadable;
}

std::string as_json(const notice::Checked& checked) {
  nlohmann::ordered_json found = nlohmann::ordered_json::array();
  for (const notice::Diagnostic& diagnostic : checked.diagnostics)
    found.push_back(
        {{"severity", diagnostic.severity == notice::Severity::error ? "error" : "note"},
         {"file", diagnostic.file},
         {"line", diagnostic.at.line},
         {"column", diagnostic.at.column},
         {"message", diagnostic.message},
         {"hint", diagnostic.hint}});
  const nlohmann::ordered_json answer = {{"accepted", checked.ok()}, {"diagnostics", found}};
  return answer.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string summary(const std::string& file, const notice::Document& document) {
  std::size_t clauses = 0;
  for (const notice::Section& section : document.sections) clauses += section.clauses.size();
  return fmt::format(
      "{}: accepted: version {}, {} clauses, {} categories, {} purposes, {} recipients\n", file,
      document.version, clauses, document.categories.size(), document.purposes.size(),
      document.recipients.size());
}

}  // namespace

int notice_check(base::Disk& disk, const NoticeOptions& options) {
  const auto checked = check(disk, options);
  if (!checked.ok()) return unreadable(options, checked.error());
  if (options.json) {
    fmt::print("{}\n", as_json(*checked));
  } else {
    fmt::print(stderr, "{}", checked->report());
    if (checked->ok()) fmt::print("{}", summary(options.file, *checked->document));
  }
  return checked->ok() ? 0 : kRefused;
}

int notice_render(base::Disk& disk, const NoticeOptions& options) {
  const auto checked = check(disk, options);
  if (!checked.ok()) return unreadable(options, checked.error());
  if (!checked->ok()) {
    fmt::print(stderr, "{}", checked->report());
    return kRefused;
  }
  if (options.json) {
    fmt::print("{}\n", notice::render_json(*checked->document));
    return 0;
  }
  const auto pages = pages::Pages::open(*checked->document);
  if (!pages.ok()) return unreadable(options, pages.error());
  fmt::print("{}", standalone((*pages)->notice({}, {}), **pages));
  return 0;
}

}  // namespace cli
