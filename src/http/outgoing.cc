#include "http/outgoing.h"

#include <algorithm>
#include <exception>

#include "http/percent.h"
#include "http/security.h"

namespace http {
namespace {

struct Reason {
  int status;
  const char* text;
};

// Every status that the server answers with.
constexpr Reason kReasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

const char* reason_of(int status) {
  const auto* known = std::ranges::find(kReasons, status, &Reason::status);
  return known != std::end(kReasons) ? known->text : "";  // RFC 9112, 4: a client ignores it
}

bool is_token(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").contains(c);
  });
}

bool is_value(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7f) || c == '\t';
  });
}

bool sendable(const Response& response) {
  return response.status >= 200 && response.status <= 599 &&
         std::ranges::all_of(response.headers, [](const auto& header) {
           return is_token(header.first) && is_value(header.second);
         });
}

Response defect() { return problem({base::Code::internal, "the response could not be made"}); }

// Headers that say how the message is framed are ours alone.
bool frames(std::string_view name) {
  for (const std::string_view own : {"content-length", "transfer-encoding", "connection",
                                     "keep-alive", "date", "x-request-id", "trailer", "upgrade"})
    if (equal_ignoring_case(name, own)) return true;
  return false;
}

void as_page(const Service& service, const Request& request, Response& response) {
  if (!response.problem || !service.options.error_page || !request.prefers_html()) return;
  Response page = service.options.error_page(request, response);
  page.status = response.status;
  for (auto& [name, value] : response.headers)
    if (!page.header(name)) page.headers.emplace_back(std::move(name), std::move(value));
  response = std::move(page);
}

bool has_no_body(int status) { return status == 204 || status == 304; }

std::string content_length(const Request& request, const Response& response) {
  // A HEAD handler may know the size without having opened anything.
  if (request.method == Method::head && !response.stream && response.body.empty())
    if (const auto said = response.header("content-length")) return std::string(*said);
  return std::to_string(response.stream ? response.stream->size() : response.body.size());
}

}  // namespace

void complete(const Service& service, const Request& request, Response& response) {
  try {
    as_page(service, request, response);
    for (auto& [name, value] : request.on_answer) response.set(name, value);
    if (service.finish) service.finish(request, response);
  } catch (...) {
    // What third-party code says may hold anything: it does not go to the log.
    service.log.error("response_failed", {{"id", request.id}});
    response = defect();
  }
  if (!sendable(response)) {
    service.log.error("response_not_sendable", {{"id", request.id}, {"status", response.status}});
    response = defect();
  }
  add_security_headers(request, response);
}

Body body_of(const Request& request, const Response& response) {
  return request.method == Method::head || has_no_body(response.status) ? Body::none
                                                                        : Body::follows;
}

std::string serialize_head(const Service& service, const Request& request, const Response& response,
                           Head::After after) {
  std::string out;
  out.reserve(1024);
  out += "HTTP/1.1 " + std::to_string(response.status) + " " + reason_of(response.status) + "\r\n";
  const auto line = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  for (const auto& [name, value] : response.headers)
    if (!frames(name)) line(name, value);
  if (!has_no_body(response.status)) line("Content-Length", content_length(request, response));
  if (service.options.clock != nullptr) line("Date", base::http_date(service.options.clock->now()));
  line("X-Request-Id", request.id.str());
  line("Connection", after == Head::After::keep ? "keep-alive" : "close");
  return out += "\r\n";
}

}  // namespace http
