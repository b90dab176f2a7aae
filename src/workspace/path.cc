#include "workspace/path.h"

namespace workspace {
namespace {

constexpr std::size_t kPathBytes = 4096;  // as http has it for a request's
constexpr std::size_t kNameBytes = 255;
constexpr std::size_t kDepth = 64;

base::Result<void> check(std::string_view name) {
  if (name.empty()) return base::Error{base::Code::invalid, "path: a name is empty"};
  if (name == "." || name == "..")
    return base::Error{base::Code::invalid, "path: dot segments name nothing"};
  if (name.size() > kNameBytes)
    return base::Error{base::Code::invalid, "path: a name has at most 255 bytes"};
  for (const char c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      return base::Error{base::Code::invalid, "path: a name has no control characters"};
  return {};
}

base::Error too_deep() { return {base::Code::invalid, "path: at most 64 folders deep"}; }

}  // namespace

base::Result<Path> Path::parse(std::string_view text) {
  Path path;
  if (text.ends_with('/')) text.remove_suffix(1);
  if (text.size() > kPathBytes)
    return base::Error{base::Code::invalid, "path: at most 4096 bytes in all"};
  path.text_ = Name(std::string(text));
  while (!text.empty()) {
    const auto slash = text.find('/');
    const std::string_view name = text.substr(0, slash);
    TRY(check(name));
    if (path.names_.size() == kDepth) return too_deep();
    path.names_.emplace_back(std::string(name));
    if (slash == std::string_view::npos) break;
    text.remove_prefix(slash + 1);
    if (text.empty()) return base::Error{base::Code::invalid, "path: a name is empty"};
  }
  return path;
}

Path Path::parent() const {
  Path above = *this;
  if (!above.names_.empty()) above.names_.pop_back();
  above.text_ = Name();
  return above;
}

base::Result<Path> Path::child(const Name& name) const {
  if (names_.size() == kDepth) return too_deep();
  Path below = *this;
  below.names_.push_back(name);
  below.text_ = Name();
  return below;
}

}  // namespace workspace
