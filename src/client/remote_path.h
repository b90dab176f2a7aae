// A path in somebody's workspace, as she types it: names between slashes, taken apart once. Whether
// a slash ends it is kept, since that names a folder alone. Never leads anywhere else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace client {

class RemotePath {
 public:
  /// The top of the workspace.
  RemotePath() = default;
  /// `Clients/offer.txt`, with or without a slash before it. Code::invalid for `.` and `..`,
  /// control characters, and names over 255 bytes.
  static base::Result<RemotePath> parse(std::string_view text);

  bool top() const noexcept { return names_.empty(); }
  /// Whether it names a folder, whatever is there.
  bool folder() const noexcept { return folder_ || top(); }
  std::size_t depth() const noexcept { return names_.size(); }
  /// The last name; not of the top.
  const std::string& name() const { return names_.back(); }
  RemotePath parent() const;
  RemotePath child(std::string name) const;
  RemotePath as_folder() const;
  /// Without a slash at its end, as a file is named.
  RemotePath as_file() const;

  /// As a person writes it.
  std::string text() const;
  /// Percent-encoded, behind /v1/files/.
  std::string url_path() const;

 private:
  std::vector<std::string> names_;
  bool folder_ = false;
};

}  // namespace client
