#include "tests/support/browser.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <ctime>
#include <sstream>

#include "tests/support/json.h"

namespace support {
namespace {

constexpr long kSecondsMax = 60;  // a loaded machine is slow, a hanging server is not waited for

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

void append(List& list, const std::string& line) {
  list.reset(curl_slist_append(list.release(), line.c_str()));
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* reply) {
  static_cast<Reply*>(reply)->body.append(data, size * count);
  return size * count;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* to) {
  auto* reply = static_cast<Reply*>(to);
  std::string line(data, size * count);
  while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
  if (line.starts_with("HTTP/")) reply->headers.clear();  // what came before was 100 Continue
  const auto colon = line.find(':');
  if (colon == std::string::npos) return size * count;
  const auto value = line.find_first_not_of(' ', colon + 1);
  reply->headers.push_back(
      {lower(line.substr(0, colon)), value == std::string::npos ? "" : line.substr(value)});
  return size * count;
}

bool changes_something(const std::string& method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

bool has(const Headers& headers, const std::string& name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const Header& each) { return lower(each.name) == name; });
}

}  // namespace

std::string Reply::header(const std::string& name) const {
  const auto found = all(name);
  return found.empty() ? "" : found.front();
}
std::vector<std::string> Reply::all(const std::string& name) const {
  std::vector<std::string> found;
  for (const Header& each : headers)
    if (each.name == name) found.push_back(each.value);
  return found;
}
std::string Reply::at(const std::string& pointer) const { return json_at(body, pointer); }
std::vector<std::string> Reply::keys(const std::string& pointer) const {
  return json_keys(body, pointer);
}
std::string Reply::problem() const {
  return header("content-type") == "application/problem+json" ? at("/type") : "";
}

struct Browser::Impl {
  explicit Impl(std::string its) : origin(std::move(its)), curl(curl_easy_init()) {}
  ~Impl() { curl_easy_cleanup(curl); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  std::string origin;
  CURL* curl;
};

Browser::Browser(std::string origin) : impl_(std::make_unique<Impl>(std::move(origin))) {
  // Its own engine for cookies: it holds __Host- names to their rules, as browsers do.
  curl_easy_setopt(impl_->curl, CURLOPT_COOKIEFILE, "");
}
Browser::~Browser() = default;
Browser::Browser(Browser&&) noexcept = default;
Browser& Browser::operator=(Browser&&) noexcept = default;

Reply Browser::get(const std::string& path, const Headers& headers) {
  return request("GET", path, {}, headers);
}

Reply Browser::request(const std::string& method, const std::string& path, const std::string& body,
                       const Headers& headers) {
  CURL* curl = impl_->curl;
  Reply reply;
  List lines;
  append(lines, "Expect:");
  for (const Header& each : headers)
    if (!each.value.empty()) append(lines, each.name + ": " + each.value);
  if (changes_something(method) && !has(headers, "origin"))
    append(lines, "Origin: " + impl_->origin);
  if (!has(headers, "content-type")) append(lines, "Content-Type:");

  const std::string url = impl_->origin + path;
  const bool sends = changes_something(method) && (method != "DELETE" || !body.empty());
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_IPRESOLVE, CURL_IPRESOLVE_V4);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kSecondsMax);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &reply);
  if (sends) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  } else {
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  }
  curl_easy_setopt(curl, CURLOPT_NOBODY, method == "HEAD" ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  if (curl_easy_perform(curl) != CURLE_OK) return Reply{};
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  return reply;
}

Reply Browser::json(const std::string& method, const std::string& path, const std::string& body) {
  return request(method, path, body, {{"Content-Type", "application/json"}});
}
Reply Browser::form(const std::string& path, const std::string& fields) {
  return request("POST", path, fields, {{"Content-Type", "application/x-www-form-urlencoded"}});
}

std::vector<Cookie> Browser::cookies() const {
  curl_slist* raw = nullptr;
  curl_easy_getinfo(impl_->curl, CURLINFO_COOKIELIST, &raw);
  const List lines(raw);
  std::vector<Cookie> found;
  for (const curl_slist* at = raw; at != nullptr; at = at->next) {
    // domain, subdomains, path, secure, expires, name, value: tab after tab
    std::istringstream line(at->data);
    std::vector<std::string> fields;
    for (std::string field; std::getline(line, field, '\t');) fields.push_back(field);
    if (fields.size() < 6) continue;
    const std::int64_t expires = std::strtoll(fields[4].c_str(), nullptr, 10);
    // Removed ones are listed until the next request.
    if (expires != 0 && expires <= std::time(nullptr)) continue;
    found.push_back({fields[5], fields.size() > 6 ? fields[6] : ""});
  }
  return found;
}

const std::string& Browser::origin() const { return impl_->origin; }

std::string percent_encoded(const std::string& text) {
  constexpr const char* kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
      out.push_back(c);
      continue;
    }
    out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
  }
  return out;
}

}  // namespace support
