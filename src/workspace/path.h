// The path of a file in a workspace: names that are personal, taken apart once, at the edge.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/personal.h"
#include "base/result.h"

namespace workspace {

using Name = base::Personal<std::string>;

class Path {
 public:
  /// `a/b/c`, decoded: names of 1 to 255 bytes without slash, control characters, `.` and `..`; at
  /// most 64 of them, and 4096 bytes in all. Empty is the workspace's root. Code::invalid
  /// otherwise.
  static base::Result<Path> parse(std::string_view text);

  /// As it was parsed, without a slash at the end; empty where it was made in another way.
  const Name& text() const noexcept { return text_; }
  const std::vector<Name>& names() const noexcept { return names_; }
  bool root() const noexcept { return names_.empty(); }
  /// Everything but the last name.
  Path parent() const;
  /// What has that name in this folder. Code::invalid where that is too deep.
  base::Result<Path> child(const Name& name) const;

 private:
  std::vector<Name> names_;
  Name text_;
};

}  // namespace workspace
