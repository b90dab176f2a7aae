// The pages that carry the web application: shells without a word about anybody, which name the
// scripts and sheets that Vite has built of web/app, and hand the application what it needs of the
// notice (whose service it is, which terms and notice are in force). One is for who has an account,
// the other for who follows a link, and has nothing of the first. Owns nothing; they are made once.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "notice/document.h"
#include "pages/assets.h"
#include "pages/templates.h"

namespace pages {

/// Adds the application's files, and the manifest by which a browser can install it. CHECKs that
/// they were built: they are part of the program.
void add_application(Assets& assets, const notice::Document& document);

/// The shells, of assets that were added: each says where the same is to be had without script.
class Application {
 public:
  Application(const Assets& assets, const Templates& templates, const notice::Document& document);

  /// That of the address `path`.
  const std::string& at(std::string_view path) const;
  /// Those that have a shell of their own; all others below /app have that of /app.
  std::vector<std::string> addresses() const;
  /// That for whoever follows a link, wherever it leads.
  const std::string& link() const { return link_; }

 private:
  std::map<std::string, std::string, std::less<>> shells_;
  std::string link_;
};

}  // namespace pages
