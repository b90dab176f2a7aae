// Prose: Markdown to HTML, without raw HTML, images or links that run code. Owns nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace notice {

/// HTML paragraphs, safe to place in a page as they are.
std::string html(std::string_view markdown);
/// As html(), for one line: without the paragraph around it.
std::string html_line(std::string_view markdown);

/// What the text may not contain, one sentence a fault; empty where all is well.
std::vector<std::string> markdown_faults(std::string_view markdown);

}  // namespace notice
