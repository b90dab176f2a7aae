#include "http/http.h"

#include <algorithm>
#include <array>

#include "http/accept.h"
#include "http/form.h"
#include "http/percent.h"

namespace http {

base::Literal to_string(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      break;
  }
  return "OTHER";
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return std::nullopt;
}

std::optional<std::string> Request::cookie(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key != "cookie") continue;
    std::string_view left = value;
    while (!left.empty()) {
      const std::string_view item = left.substr(0, left.find(';'));
      left.remove_prefix(std::min(item.size() + 1, left.size()));
      const std::string_view pair = trimmed(item);
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == name)
        return std::string(pair.substr(equals + 1));
    }
  }
  return std::nullopt;
}

std::optional<std::string> Request::parameter(std::string_view name) const {
  const auto form = Form::parse(query);
  return form.ok() ? form->get(name) : std::nullopt;
}

base::Result<std::string> Request::read_body(std::size_t bytes_max) const {
  CHECK(body != nullptr);
  if (body_size.value_or(0) > bytes_max)
    return base::Error{base::Code::too_large, "the body is too large"};
  std::string out;
  std::array<std::uint8_t, 16 * 1024> piece;
  while (true) {
    const std::size_t size = TRY(body->read(piece));
    if (size == 0) return out;
    if (size > bytes_max - out.size())
      return base::Error{base::Code::too_large, "the body is too large"};
    out += base::text(base::View(piece).first(size));
  }
}

bool Request::prefers_html() const {
  const auto accept = header("accept");
  if (!accept) return false;
  const int html = quality_of(*accept, "text/html");
  return html > quality_of(*accept, "application/json") &&
         html > quality_of(*accept, "application/problem+json");
}

std::string Request::origin() const { return (secure ? "https://" : "http://") + authority; }

Response Response::text(int status, std::string body) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(body), {}};
}

Response Response::html(int status, std::string body) {
  return {status, {{"Content-Type", "text/html; charset=utf-8"}}, std::move(body), {}};
}

Response Response::json(int status, std::string body) {
  return {status, {{"Content-Type", "application/json"}}, std::move(body), {}};
}

Response Response::redirect(std::string location) {
  return {303, {{"Location", std::move(location)}}, {}, {}};
}

Response Response::streamed(int status, std::string content_type,
                            std::unique_ptr<BodySource> source) {
  return {status, {{"Content-Type", std::move(content_type)}}, {}, std::move(source)};
}

Response& Response::set(std::string name, std::string value) {
  if (!equal_ignoring_case(name, "set-cookie"))
    std::erase_if(headers, [&](const auto& h) { return equal_ignoring_case(h.first, name); });
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

std::optional<std::string_view> Response::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (equal_ignoring_case(key, name)) return value;
  return std::nullopt;
}

}  // namespace http
