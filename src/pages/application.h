// The pages that carry the web application: shells without a word about anybody, which name the
// scripts and sheets that Vite has built of web/app, and hand the application what it needs of the
// notice (whose service it is, which terms and notice are in force). One is for who has an account,
// the other for who follows a link, and has nothing of the first. Owns nothing; they are made once.
#pragma once

#include <cstdint>
#include <string>

#include "notice/document.h"
#include "pages/assets.h"
#include "pages/templates.h"

namespace pages {

/// Adds the application's files, and the manifest by which a browser can install it. CHECKs that
/// they were built: they are part of the program.
void add_application(Assets& assets, const notice::Document& document);

enum class Shell : std::uint8_t { application, link };

/// The shell, of assets that were added.
std::string application_page(const Assets& assets, const Templates& templates,
                             const notice::Document& document, Shell shell);

}  // namespace pages
