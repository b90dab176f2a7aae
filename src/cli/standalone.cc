#include "cli/standalone.h"

#include <string_view>

namespace cli {
namespace {

/// The value of `href="…"` in a tag.
std::string_view href_of(std::string_view tag) {
  constexpr std::string_view kStart = "href=\"";
  const auto at = tag.find(kStart);
  if (at == tag.npos) return {};
  const std::string_view value = tag.substr(at + kStart.size());
  return value.substr(0, value.find('"'));
}

/// What stands in a tag's place in a file of its own.
std::string replaced(std::string_view tag, const pages::Pages& pages) {
  if (tag.find("rel=\"stylesheet\"") == tag.npos) return {};
  const auto style = pages.asset(href_of(tag), "identity");
  if (!style) return {};
  return "<style>\n" + std::string(style->body) + "</style>";
}

}  // namespace

std::string standalone(const std::string& html, const pages::Pages& pages) {
  // The page is ours: its head has <link …> and <script …></script>, each on one line.
  std::string out;
  std::string_view left = html;
  while (true) {
    const auto link = std::min(left.find("<link "), left.find("<script "));
    if (link == left.npos) break;
    out += left.substr(0, link);
    left.remove_prefix(link);
    const bool script = left.starts_with("<script");
    const auto end = script ? left.find("</script>") + 9 : left.find('>') + 1;
    if (!script) out += replaced(left.substr(0, end), pages);
    left.remove_prefix(end);
  }
  return out + std::string(left);
}

}  // namespace cli
