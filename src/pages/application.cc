#include "pages/application.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "pages/web.h"

namespace pages {
namespace {

constexpr std::string_view kManifest = "manifest.json";

/// Who has an account, or who follows a link.
enum class Shell : std::uint8_t { application, link };

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

/// What of the application has a page that needs no script, and where that is.
struct Plain {
  std::string_view screen, page, text, link;
};
constexpr std::string_view kTypeIt = "Type the code that stands in the mail, below the link.";
constexpr std::array kPlain{
    Plain{"/app", "/files", "Your files and your account are there without it, too.",
          "Files without script"},
    Plain{"/app/signup", "/signup", "An account is made without it, too.", "Create an account"},
    Plain{"/app/recover", "/recover", "A new password is asked for without it, too.",
          "Ask for a new password"},
    Plain{"/app/verify", "/verify", kTypeIt, "Confirm your address"},
    Plain{"/app/recover/password", "/recover/password", kTypeIt, "Set a new password"},
    Plain{"/app/address/confirm", "/address/confirm", kTypeIt, "Confirm the address"},
    Plain{"/app/address/undo", "/address/undo", kTypeIt, "Undo the change"},
    Plain{"/app/invitation", "/invitation", kTypeIt, "See the invitation"},
};

std::string application_page(const Assets& assets, const Templates& templates,
                             const notice::Document& document, Shell shell,
                             const std::optional<Plain>& plain) {
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
  if (plain)
    values.group("plain", Values()
                              .text("page", std::string(plain->page))
                              .text("text", std::string(plain->text))
                              .text("link", std::string(plain->link)));
  return templates.render("app", values);
}

}  // namespace

void add_application(Assets& assets, const notice::Document& document) {
  for (const std::string_view name : application::names())
    if (name != kManifest) assets.add_hashed(name, std::string(application::embedded(name)));
  assets.add("app.webmanifest", web_manifest(assets, document));
}

Application::Application(const Assets& assets, const Templates& templates,
                         const notice::Document& document)
    : link_(application_page(assets, templates, document, Shell::link, std::nullopt)) {
  for (const Plain& plain : kPlain)
    shells_.emplace(plain.screen,
                    application_page(assets, templates, document, Shell::application, plain));
}

std::vector<std::string> Application::addresses() const {
  std::vector<std::string> all;
  for (const auto& [address, shell] : shells_) all.push_back(address);
  return all;
}

const std::string& Application::at(std::string_view path) const {
  const auto found = shells_.find(path);
  return found == shells_.end() ? shells_.find("/app")->second : found->second;
}

}  // namespace pages
