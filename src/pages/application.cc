#include "pages/application.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "pages/web.h"

namespace pages {
namespace {

constexpr std::string_view kManifest = "manifest.json";

std::string entry_name(Shell shell) {
  return shell == Shell::link ? "src/link/main.ts" : "src/main.ts";
}

/// What the page begins with: a script, those that it asks for at once, and sheets.
struct Entry {
  std::string script;
  std::vector<std::string> more;
  std::vector<std::string> sheets;
};

/// Once, however many ask for it.
bool add_new(std::vector<std::string>& list, const std::string& name) {
  if (std::ranges::find(list, name) != list.end()) return false;
  list.push_back(name);
  return true;
}

void add_needs(const nlohmann::json& manifest, const nlohmann::json& chunk, Entry& entry) {
  for (const auto& sheet : chunk.value("css", nlohmann::json::array()))
    add_new(entry.sheets, sheet.get<std::string>());
  for (const auto& name : chunk.value("imports", nlohmann::json::array())) {
    const auto& needed = manifest.at(name.get<std::string>());
    if (add_new(entry.more, needed.at("file").get<std::string>()))
      add_needs(manifest, needed, entry);
  }
}

Entry entry(Shell shell) {
  const auto manifest = nlohmann::json::parse(application::embedded(kManifest), nullptr, false);
  const std::string name = entry_name(shell);
  CHECK(!manifest.is_discarded() && manifest.contains(name));
  Entry entry;
  const auto& chunk = manifest.at(name);
  entry.script = chunk.at("file").get<std::string>();
  add_needs(manifest, chunk, entry);
  return entry;
}

Values::List paths(const Assets& assets, const std::vector<std::string>& names) {
  Values::List list;
  for (const std::string& name : names) list.push_back(Values().text("path", assets.path(name)));
  return list;
}

/// What a browser asks for that installs it (W3C Web Application Manifest).
std::string web_manifest(const Assets& assets, const notice::Document& document) {
  const nlohmann::json manifest = {
      {"name", document.operator_.brand.name},
      {"short_name", document.operator_.brand.name},
      {"id", "/app"},
      {"start_url", "/app"},
      {"scope", "/"},
      {"display", "standalone"},
      {"background_color", "#fbfaf6"},
      {"theme_color", "#fbfaf6"},
      {"icons", {{{"src", assets.path("logo.svg")}, {"sizes", "any"}, {"type", "image/svg+xml"}}}}};
  return manifest.dump();
}

}  // namespace

void add_application(Assets& assets, const notice::Document& document) {
  for (const std::string_view name : application::names())
    if (name != kManifest) assets.add_hashed(name, std::string(application::embedded(name)));
  assets.add("app.webmanifest", web_manifest(assets, document));
}

std::string application_page(const Assets& assets, const Templates& templates,
                             const notice::Document& document, Shell shell) {
  const Entry begins = entry(shell);
  const notice::Brand& brand = document.operator_.brand;
  Values values;
  values.text("brand", brand.name)
      .text("logo_view_box", brand.logo_view_box)
      .text("logo_path", brand.logo_path)
      .text("terms", std::to_string(document.terms.version))
      .text("notice", std::to_string(document.version))
      .text("site", assets.path("site.css"))
      .text("accent", assets.path("brand.css"))
      .text("logo", assets.path("logo.svg"))
      .text("serif", assets.path("serif.woff2"))
      .text("grotesk", assets.path("grotesk.woff2"))
      .text("manifest", assets.path("app.webmanifest"))
      .text("script", assets.path(begins.script))
      .flag("account", shell == Shell::application)
      .flag("link", shell == Shell::link)
      .list("more", paths(assets, begins.more))
      .list("sheets", paths(assets, begins.sheets));
  return templates.render("app", values);
}

}  // namespace pages
