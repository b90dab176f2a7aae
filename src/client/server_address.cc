#include "client/server_address.h"

#include <curl/curl.h>

#include <memory>
#include <optional>

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

/// A part of the URL, where it has it.
std::optional<std::string> part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK || text == nullptr) return std::nullopt;
  std::string found = text;
  curl_free(text);
  return found;
}

/// This machine, by a name that no name server is asked for.
bool loopback(const std::string& host) {
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

}  // namespace

Result<ServerAddress> ServerAddress::parse(const std::string& text) {
  for (const char c : text)
    if (c <= 0x20 || c == 0x7f) return Error{Code::invalid, "an address has letters alone in it"};
  const Url url(curl_url());
  const std::string whole = text.find("://") == text.npos ? "https://" + text : text;
  if (url == nullptr ||
      curl_url_set(url.get(), CURLUPART_URL, whole.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return Error{Code::invalid, "this is no address; give https://HOST"};
  const auto scheme = part_of(url.get(), CURLUPART_SCHEME);
  const auto host = part_of(url.get(), CURLUPART_HOST);
  if (!scheme || !host || host->empty() || (*scheme != "https" && *scheme != "http"))
    return Error{Code::invalid, "this is no address of a service; give https://HOST"};
  if (part_of(url.get(), CURLUPART_USER) || part_of(url.get(), CURLUPART_PASSWORD))
    return Error{Code::invalid, "give the address alone: no name and no password in it"};
  if (part_of(url.get(), CURLUPART_PATH).value_or("/") != "/" ||
      part_of(url.get(), CURLUPART_QUERY) || part_of(url.get(), CURLUPART_FRAGMENT))
    return Error{Code::invalid, "give the address of the service alone, without a path"};
  std::string lower = *host;
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (*scheme == "http" && !loopback(lower))
    return Error{Code::denied,
                 "plain HTTP is for this machine alone: whoever is between could read everything. "
                 "Give https://HOST"};
  const auto port = part_of(url.get(), CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
  return ServerAddress(*scheme + "://" + lower + (port ? ":" + *port : std::string()));
}

}  // namespace client
