// The page that carries the web application: a shell without a word about anybody, which names the
// scripts and sheets that Vite has built of web/app, and hands the application what it needs of the
// notice (whose service it is, which terms and notice are in force). Owns nothing; it is made once.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

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

 private:
  std::map<std::string, std::string, std::less<>> shells_;
};

}  // namespace pages
