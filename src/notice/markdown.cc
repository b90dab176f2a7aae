#include "notice/markdown.h"

#include <md4c-html.h>
#include <md4c.h>

#include "base/result.h"

namespace notice {
namespace {

constexpr unsigned parser_flags = MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS;

void append(const MD_CHAR* text, MD_SIZE size, void* out) {
  static_cast<std::string*>(out)->append(text, size);
}

bool safe_link(std::string_view href) {
  return href.starts_with("https://") || href.starts_with("mailto:") || href.starts_with('#') ||
         (href.starts_with('/') && !href.starts_with("//"));
}

using Faults = std::vector<std::string>;

int enter_block(MD_BLOCKTYPE type, void* /*detail*/, void* faults) {
  if (type == MD_BLOCK_HTML) {
    static_cast<Faults*>(faults)->push_back("HTML is not allowed in prose");
  }
  return 0;
}

int enter_span(MD_SPANTYPE type, void* detail, void* faults) {
  if (type == MD_SPAN_IMG) {
    static_cast<Faults*>(faults)->push_back("images are not allowed in prose");
  }
  if (type == MD_SPAN_A) {
    const MD_ATTRIBUTE& href = static_cast<MD_SPAN_A_DETAIL*>(detail)->href;
    if (!safe_link(std::string_view(href.text, href.size))) {
      static_cast<Faults*>(faults)->push_back("a link has to begin with https://, mailto:, / or #");
    }
  }
  return 0;
}

int leave_block(MD_BLOCKTYPE /*type*/, void* /*detail*/, void* /*faults*/) { return 0; }
int leave_span(MD_SPANTYPE /*type*/, void* /*detail*/, void* /*faults*/) { return 0; }

int text(MD_TEXTTYPE type, const MD_CHAR* /*text*/, MD_SIZE /*size*/, void* faults) {
  if (type == MD_TEXT_HTML) {
    auto* list = static_cast<Faults*>(faults);
    if (list->empty()) list->push_back("HTML is not allowed in prose");
  }
  return 0;
}

}  // namespace

std::string html(std::string_view markdown) {
  std::string out;
  const int failed = md_html(markdown.data(), static_cast<MD_SIZE>(markdown.size()), append, &out,
                             parser_flags, 0);
  CHECK(failed == 0);
  return out;
}

std::string html_line(std::string_view markdown) {
  std::string out = html(markdown);
  constexpr std::string_view open = "<p>";
  constexpr std::string_view close = "</p>\n";
  const bool one_paragraph =
      out.starts_with(open) && out.ends_with(close) && out.find(open, 1) == std::string::npos;
  if (!one_paragraph) return out;
  return out.substr(open.size(), out.size() - open.size() - close.size());
}

std::vector<std::string> markdown_faults(std::string_view markdown) {
  Faults faults;
  MD_PARSER parser{};
  // Raw HTML is recognised here, so that it can be named; html() would print it as text.
  parser.flags = MD_FLAG_NOINDENTEDCODEBLOCKS;
  parser.enter_block = enter_block;
  parser.leave_block = leave_block;
  parser.enter_span = enter_span;
  parser.leave_span = leave_span;
  parser.text = text;
  const int failed =
      md_parse(markdown.data(), static_cast<MD_SIZE>(markdown.size()), &parser, &faults);
  if (failed != 0) faults.push_back("the Markdown cannot be read");
  return faults;
}

}  // namespace notice
