// `notice check` and `notice render`: what an operator does with the notice file before it is
// served.
#pragma once

#include <string>

#include "base/disk.h"

namespace cli {

struct NoticeOptions {
  std::string file;
  bool json = false;
};

/// Prints diagnostics; exit code 0 where the notice is accepted, 1 where refused, 2 unreadable.
int notice_check(base::Disk& disk, const NoticeOptions& options);
/// Prints the page, or JSON; exit codes as above.
int notice_render(base::Disk& disk, const NoticeOptions& options);

}  // namespace cli
