#include "client/remote_path.h"

#include "client/printable.h"

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

/// RFC 3986: all but the unreserved.
std::string percent_encoded(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<std::uint8_t>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
      continue;
    }
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

}  // namespace

Result<RemotePath> RemotePath::parse(std::string_view text) {
  RemotePath path;
  path.folder_ = text.ends_with('/');
  while (!text.empty()) {
    const auto end = std::min(text.find('/'), text.size());
    const std::string_view name = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (name.empty()) continue;
    if (!safe_file_name(name))
      return Error{Code::invalid,
                   "a name has 1 to 255 bytes without control characters, and is not . or .."};
    path.names_.emplace_back(name);
  }
  return path;
}

RemotePath RemotePath::parent() const {
  RemotePath parent = *this;
  if (!parent.names_.empty()) parent.names_.pop_back();
  parent.folder_ = true;
  return parent;
}

RemotePath RemotePath::child(std::string name) const {
  RemotePath child = *this;
  child.names_.push_back(std::move(name));
  child.folder_ = false;
  return child;
}

RemotePath RemotePath::as_folder() const {
  RemotePath folder = *this;
  folder.folder_ = true;
  return folder;
}

RemotePath RemotePath::as_file() const {
  RemotePath file = *this;
  file.folder_ = false;
  return file;
}

std::string RemotePath::text() const {
  std::string text;
  for (const std::string& name : names_) text += (text.empty() ? "" : "/") + name;
  return folder() ? text + "/" : text;
}

std::string RemotePath::url_path() const {
  std::string path = "/v1/files/";
  for (std::size_t i = 0; i < names_.size(); ++i)
    path += (i == 0 ? "" : "/") + percent_encoded(names_[i]);
  return folder_ && !top() ? path + "/" : path;
}

}  // namespace client
