#include "http/form.h"

#include "http/percent.h"

namespace http {

base::Result<Form> Form::parse(std::string_view text) {
  Form form;
  while (!text.empty()) {
    const std::string_view field = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(field.size() + 1, text.size()));
    if (field.empty()) continue;
    if (form.fields_.size() == fields_max)
      return base::Error{base::Code::too_large, "too many fields"};
    const std::string_view name = field.substr(0, field.find('='));
    const std::string_view value = field.substr(std::min(name.size() + 1, field.size()));
    std::string decoded_name = TRY(percent_decode(name, Plus::space));
    std::string decoded_value = TRY(percent_decode(value, Plus::space));
    if (!valid_utf8(decoded_name) || !valid_utf8(decoded_value))
      return base::Error{base::Code::invalid, "a field is not UTF-8"};
    form.fields_.emplace_back(std::move(decoded_name), std::move(decoded_value));
  }
  return form;
}

std::optional<std::string> Form::get(std::string_view name) const {
  for (const auto& [key, value] : fields_)
    if (key == name) return value;
  return std::nullopt;
}

}  // namespace http
