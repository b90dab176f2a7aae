#include "pages/templates.h"

#include <array>
#include <kainjow/mustache.hpp>

#include "base/result.h"
#include "pages/web.h"

namespace pages {
namespace {

namespace mustache = kainjow::mustache;

constexpr std::array names = {"account", "app", "cancel", "change", "check_mail", "check_receipt",
                              "declaration", "errors", "files", "follow", "foot", "head", "home",
                              "login", "logo", "notice", "notice_body", "problem", "problem_type",
                              "promises", "receipt", "recover", "registers", "side", "signup",
                              "terms", "top", "verify",
                              // signing in
                              "arrival", "code", "second_step",
                              // the accounts of a person
                              "accounts", "invitation", "leave"};

mustache::data to_data(const Values& values);

struct Convert {
  mustache::data operator()(const std::string& text) const { return {text}; }
  mustache::data operator()(bool flag) const { return {flag}; }
  mustache::data operator()(const Values& group) const { return to_data(group); }
  mustache::data operator()(const Values::List& list) const {
    mustache::data out(mustache::data::type::list);
    for (const Values& item : list) out.push_back(to_data(item));
    return out;
  }
};

mustache::data to_data(const Values& values) {
  mustache::data out(mustache::data::type::object);
  for (const auto& [name, value] : values.all()) out.set(name, std::visit(Convert{}, value));
  return out;
}

}  // namespace

Templates::Templates() {
  for (const char* name : names) {
    const std::string text(web::embedded("web/templates/" + std::string(name) + ".mustache"));
    CHECK(!text.empty());
    CHECK(mustache::mustache(text).is_valid());
    texts_.emplace(name, text);
  }
}

std::string Templates::render(std::string_view name, const Values& values) const {
  const auto text = texts_.find(name);
  CHECK(text != texts_.end());
  mustache::data data = to_data(values);
  // `{{> /head}}`: the slash keeps the names of parts apart from those of values.
  for (const auto& [part, source] : texts_)
    data.set("/" + part, mustache::data(mustache::partial([&source] { return source; })));
  mustache::mustache page(text->second);
  std::string out = page.render(data);
  CHECK(page.error_message().empty());
  return out;
}

}  // namespace pages
