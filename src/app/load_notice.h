// The notice that a command works under: the given file, or the embedded one. Owns nothing; says on
// standard error why a notice cannot be used.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "notice/notice.h"

namespace app {

struct LoadedNotice {
  std::optional<notice::Document> document;
  int exit_code = 0;  // where there is no document: 1 refused, 2 unreadable
};

/// Code::missing, Code::io where the file cannot be read. `file` is empty for the embedded notice.
base::Result<notice::Checked> check_notice_file(const std::string& file);
/// `file` is empty for the embedded notice; `command` opens each line that is printed.
LoadedNotice load_notice(const std::string& file, const char* command);

}  // namespace app
