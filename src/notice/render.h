// The notice for readers: as JSON for programs, as a model for the page's template. Owns nothing;
// makes no HTML page itself, only the HTML of the prose.
#pragma once

#include <string>
#include <string_view>

#include "notice/document.h"

namespace notice {

/// The whole notice as JSON, prose in Markdown and every language, as served at /notice.json.
std::string render_json(const Document& document);

/// What the page's template shows, as JSON, in one language. Strings named `…_html` are HTML, made
/// from Markdown, to be placed unescaped; all others are plain text, to be escaped. A summary is to
/// be read after "In short:". Lists that may be empty stand beside `has_…` for templates without
/// logic.
std::string page_model_json(const Document& document, std::string_view language);

}  // namespace notice
