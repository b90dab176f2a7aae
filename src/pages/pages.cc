#include "pages/pages.h"

#include <array>

#include "http/http.h"
#include "notice/markdown.h"
#include "pages/application.h"
#include "pages/brand.h"
#include "pages/impl.h"
#include "pages/web.h"
#include "pages/words.h"

namespace pages {
namespace {

constexpr std::array sheets = {"tokens", "fonts",   "base", "shell",  "form", "files",
                               "access", "receipt", "home", "notice", "print"};
constexpr std::array font_files = {"serif.woff2", "grotesk.woff2", "mono.woff2", "serif-ext.woff2",
                                   "grotesk-ext.woff2"};
constexpr std::array scripts = {"notice.js"};

std::string text_of(const std::string& path) {
  const std::string_view bytes = web::embedded(path);
  CHECK(!bytes.empty());
  return std::string(bytes);
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  CHECK(at != std::string::npos);
  text.replace(at, from.size(), to);
}

// One style sheet for all pages: it is small, and cached for good after the first.
void add_files(Assets& assets) {
  std::string site;
  for (const char* sheet : sheets) site += text_of("web/css/" + std::string(sheet) + ".css");
  for (const char* name : font_files) {
    const std::string_view font = fonts::embedded(name);
    CHECK(!font.empty());
    replace(site, "/assets/" + std::string(name), assets.add(name, std::string(font)));
  }
  assets.add("site.css", std::move(site));
  for (const char* name : scripts) assets.add(name, text_of("web/js/" + std::string(name)));
}

std::string_view menu_name(Place place) {
  switch (place) {
    case Place::notice:
      return "notice";
    case Place::login:
      return "login";
    case Place::files:
      return "files";
    case Place::account:
      return "account";
    case Place::none:
      break;
  }
  return {};
}

Values operator_values(const notice::Operator& who, std::string_view language) {
  Values out;
  out.text("name", who.name)
      .text("number", who.organisation_number)
      .text("street", who.address.street)
      .text("postal_code", who.address.postal_code)
      .text("city", who.address.city)
      .text("country", notice::in(who.address.country_name, language))
      .text("contact", who.contact);
  return out;
}

}  // namespace

Pages::Pages(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pages::~Pages() = default;

base::Result<std::unique_ptr<Pages>> Pages::open(const notice::Document& document) {
  auto impl = std::make_unique<Impl>(document);
  std::string brand = TRY(brand_css(document.operator_.brand));
  std::string logo = TRY(logo_svg(document.operator_.brand));
  add_files(impl->assets);
  impl->assets.add("brand.css", std::move(brand));
  impl->assets.add("logo.svg", std::move(logo));
  add_application(impl->assets, document);
  impl->application.emplace(impl->assets, impl->templates, document);
  // Made once: it is long, and the page that most people look at.
  for (const std::string& language : document.languages)
    impl->unmarked.emplace(language, impl->notice_html(language, {}));
  return std::unique_ptr<Pages>(new Pages(std::move(impl)));
}

std::optional<Asset> Pages::asset(std::string_view path, std::string_view accept_encoding) const {
  return impl_->assets.find(path, accept_encoding);
}

std::vector<std::string> Pages::asset_addresses() const { return impl_->assets.addresses(); }

const std::string& Pages::application(std::string_view path) const {
  return impl_->application->at(path);
}

std::vector<std::string> Pages::application_addresses() const {
  return impl_->application->addresses();
}

const std::string& Pages::link() const { return impl_->application->link(); }

std::string Pages::asset_path(std::string_view name) const { return impl_->assets.path(name); }

Values Pages::Impl::frame(const Visitor& visitor, std::string title, Place place) const {
  const notice::Operator& who = document.operator_;
  Values values;
  values.text("lang", visitor.language)
      .text("title", std::move(title))
      .text("brand", who.brand.name)
      .text("logo_view_box", who.brand.logo_view_box)
      .text("logo_path", who.brand.logo_path)
      .group("operator", operator_values(who, visitor.language));
  Values links;
  links.text("site", assets.path("site.css"))
      .text("brand", assets.path("brand.css"))
      .text("logo", assets.path("logo.svg"))
      .text("serif", assets.path("serif.woff2"))
      .text("grotesk", assets.path("grotesk.woff2"));
  values.group("asset", std::move(links));
  if (visitor.name) values.group("me", Values().text("name", http::Door::open(*visitor.name)));
  if (const std::string_view name = menu_name(place); !name.empty())
    values.group("at", Values().flag(std::string(name), true));
  return values;
}

void Pages::Impl::promise(Values& values, const Visitor& visitor,
                          std::initializer_list<std::string_view> clauses) const {
  Values::List list;
  for (const std::string_view id : clauses) {
    const notice::Clause* clause = document.clause(id);
    if (clause == nullptr) continue;
    list.push_back(
        Values()
            .text("id", clause->id)
            .text("title", notice::in(clause->title, visitor.language))
            .text("summary", notice::html_line(notice::in(clause->summary, visitor.language))));
  }
  values.list("promises", std::move(list));
}

std::string Pages::home(const Visitor& visitor) const {
  Values values = impl_->frame(visitor, "Promises that run", Place::none);
  values.group("description",
               Values().text("text",
                             "Files for your business, on a server that can do only what its "
                             "privacy notice says."));
  const notice::Document& document = impl_->document;
  std::size_t count = 0;
  for (const notice::Section& section : document.sections) count += section.clauses.size();
  for (const notice::Section& section : document.sections) {
    for (const notice::Clause& clause : section.clauses) {
      if (clause.id != "RETN-1") continue;
      const std::string& language = visitor.language;
      values.group("excerpt",
                   Values()
                       .text("section", notice::in(section.title, language))
                       .text("id", clause.id)
                       .text("title", notice::in(clause.title, language))
                       .text("summary", notice::html_line(notice::in(clause.summary, language)))
                       .text("html", notice::html(notice::in(clause.text, language)))
                       .text("count", number(count)));
    }
  }
  return impl_->templates.render("home", values);
}

std::string Pages::Impl::notice_html(std::string_view language, const Marks& marks) const {
  if (const auto made = unmarked.find(language); marks.empty() && made != unmarked.end())
    return made->second;
  Values model = notice_model(document, language);
  put_marks(model, marks);
  return templates.render("notice_body", model);
}

std::string Pages::notice(const Visitor& visitor, const Marks& marks) const {
  const notice::Document& document = impl_->document;
  Values values = impl_->frame(visitor, "Notice", Place::notice);
  values.group("description",
               Values().text("text", notice::in(document.page_lead, visitor.language)));
  values.group("script", Values().text("path", impl_->assets.path("notice.js")));
  values.text("notice_html", impl_->notice_html(visitor.language, marks));
  return impl_->templates.render("notice", values);
}

}  // namespace pages
