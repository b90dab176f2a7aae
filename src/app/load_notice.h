// The notice that a command works under, and the plans that it serves by: the given files, or the
// embedded ones. Owns nothing; says on standard error why a file cannot be used.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "notice/notice.h"
#include "notice/plans.h"

namespace app {

struct LoadedNotice {
  std::optional<notice::Document> document;
  int exit_code = 0;  // where there is no document: 1 refused, 2 unreadable
};

/// Code::missing, Code::io where the file cannot be read. `file` is empty for the embedded notice.
base::Result<notice::Checked> check_notice_file(const std::string& file);
/// `file` is empty for the embedded notice; `command` opens each line that is printed.
LoadedNotice load_notice(const std::string& file, const char* command);

struct LoadedPlans {
  std::optional<notice::Plans> plans;
  int exit_code = 0;  // as above
};

/// Code::missing, Code::io where the file cannot be read. `file` is empty for the embedded plans.
base::Result<notice::CheckedPlans> check_plans_file(const std::string& file);
LoadedPlans load_plans(const std::string& file, const char* command);

}  // namespace app
