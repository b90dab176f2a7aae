// Errors as responses: RFC 9457, and the one mapping from a Code to a status.
#include <string>
#include <string_view>

#include "http/acting.h"
#include "http/http.h"

namespace http {
namespace {

using base::Code;
using base::Literal;

struct Kind {
  int status;
  Literal type;
  Literal title;
};

Kind kind_of(const base::Error& error) {
  if (is_other_account(error)) return {409, "other-account", "You are in another account"};
  switch (error.code()) {
    case Code::invalid:
      return {400, "invalid", "The request is not valid"};
    case Code::unauthenticated:
      return {401, "unauthenticated", "Please log in"};
    case Code::denied:
      return {403, "denied", "This is not allowed"};
    case Code::missing:
      return {404, "missing", "There is no such thing"};
    case Code::conflict:
      return {409, "conflict", "This conflicts with what is there"};
    case Code::stale:
      return {412, "stale", "It has changed meanwhile"};
    case Code::gone:
      return {410, "gone", "This was erased for good"};
    case Code::too_large:
      return {413, "too-large", "This is too large"};
    case Code::unsupported:
      return {415, "unsupported", "This kind is not taken here"};
    case Code::exhausted:
      return {429, "exhausted", "Too many requests"};
    case Code::unavailable:
      return {503, "unavailable", "Not available now"};
    case Code::full:
      return {507, "full", "No space is left"};
    case Code::corrupt:
    case Code::io:
    case Code::internal:
      break;
  }
  return {500, "internal", "Something went wrong on our side"};
}

// Literals of ours hold no control characters; quotes and backslashes they may.
std::string quoted(Literal literal) {
  std::string out = "\"";
  for (const char c : std::string_view(literal.c_str())) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

}  // namespace

Response problem(int status, Literal type, Literal title, Literal detail) {
  Response response;
  response.status = status;
  response.body = R"({"type":"/problems/)" + std::string(type.c_str()) + R"(","title":)" +
                  quoted(title) + R"(,"status":)" + std::to_string(status) + R"(,"detail":)" +
                  quoted(detail) + "}";
  response.headers.emplace_back("Content-Type", "application/problem+json");
  // RFC 9110, 15.5.2: a 401 names a way to authenticate. Bearer opens no dialogue in a browser.
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  response.problem = Problem{type, title, detail};
  return response;
}

Response problem(const base::Error& error) {
  const Kind kind = kind_of(error);
  if (kind.status == 500)
    return problem(kind.status, kind.type, kind.title,
                   "The request could not be carried out. It may be tried again later.");
  Response response = problem(kind.status, kind.type, kind.title, error.reason());
  if (kind.status == 503 || kind.status == 429) response.set("Retry-After", "1");
  return response;
}

}  // namespace http
