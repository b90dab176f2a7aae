#include <kainjow/mustache.hpp>

#include "base/result.h"
#include "egress/templates.h"

namespace egress {

std::string_view embedded(std::string_view path);

std::string letter_html(const std::map<std::string, std::string>& values,
                        const std::map<std::string, bool>& parts,
                        const std::vector<std::string>& told) {
  namespace mustache = kainjow::mustache;
  mustache::mustache page{std::string(embedded("web/mail/letter.mustache"))};
  CHECK(page.is_valid());
  mustache::data data(mustache::data::type::object);
  for (const auto& [name, value] : values) data.set(name, value);
  for (const auto& [name, shown] : parts) data.set(name, shown);
  mustache::data paragraphs(mustache::data::type::list);
  for (const std::string& text : told) paragraphs.push_back({"paragraph", text});
  data.set("told", paragraphs);
  std::string html = page.render(data);
  CHECK(page.error_message().empty());
  return html;
}

}  // namespace egress
