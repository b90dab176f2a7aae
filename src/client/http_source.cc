#include "client/http_source.h"

#include <curl/curl.h>

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr long kConnectTimeoutMs = 10'000;
constexpr long kRequestTimeoutMs = 30'000;
constexpr long kSlowestBytesPerSecond = 256;  // for so long: whoever drips is given up early
constexpr long kSlowestSeconds = 5;

/// The body so far; too_large stops the transfer.
struct Body {
  base::Bytes bytes;
  std::size_t bytes_max = 0;
  bool too_large = false;
};

std::size_t on_bytes(char* data, std::size_t size, std::size_t count, void* to) {
  Body& body = *static_cast<Body*>(to);
  const std::size_t total = size * count;
  if (total > body.bytes_max - body.bytes.size()) {
    body.too_large = true;
    return 0;
  }
  body.bytes.insert(body.bytes.end(), data, data + total);
  return total;
}

class HttpSource final : public LogSource {
 public:
  HttpSource(CURL* handle, std::string url) : handle_(handle), url_(std::move(url)) {}
  HttpSource(const HttpSource&) = delete;
  HttpSource& operator=(const HttpSource&) = delete;
  ~HttpSource() override { curl_easy_cleanup(handle_); }

  Result<base::Bytes> get(const std::string& path, std::size_t bytes_max) override {
    const std::string url = url_ + "/" + path;
    Body body;
    body.bytes_max = bytes_max;
    curl_easy_reset(handle_);  // keeps the connection
    curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle_, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
    curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, kRequestTimeoutMs);
    curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_LIMIT, kSlowestBytesPerSecond);
    curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_TIME, kSlowestSeconds);
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_, CURLOPT_USERAGENT, "receipt-verifier/1");
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &on_bytes);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &body);
    const CURLcode outcome = curl_easy_perform(handle_);
    if (body.too_large) return Error{Code::too_large, "the log's answer is too large"};
    if (outcome == CURLE_PEER_FAILED_VERIFICATION)
      return Error{Code::denied, "the log's certificate is not trusted"};
    if (outcome == CURLE_UNSUPPORTED_PROTOCOL && url_.starts_with("http"))  // HTTP/0.9, or none
      return Error{Code::unavailable, "the log does not answer as a log does"};
    if (outcome == CURLE_URL_MALFORMAT || outcome == CURLE_UNSUPPORTED_PROTOCOL)
      return Error{Code::invalid, "the log's URL is malformed"};
    if (outcome == CURLE_OPERATION_TIMEDOUT)
      return Error{Code::unavailable, "the log does not answer in time"};
    if (outcome == CURLE_PARTIAL_FILE || outcome == CURLE_RECV_ERROR)
      return Error{Code::unavailable, "the log's answer is cut short"};
    if (outcome != CURLE_OK) return Error{Code::unavailable, "the log cannot be reached"};
    return judge(std::move(body.bytes));
  }

 private:
  Result<base::Bytes> judge(base::Bytes bytes) {
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200) return bytes;
    if (status == 404 || status == 410) return Error{Code::missing, "the log has no such file"};
    if (status >= 300 && status < 400)
      return Error{Code::denied, "the log redirects, which is not followed"};
    return Error{Code::unavailable, "the log does not answer as a log does"};
  }

  CURL* handle_;
  const std::string url_;
};

}  // namespace

Result<std::unique_ptr<LogSource>> open_http_source(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  // libcurl's own set-up, once a process; it guards itself.
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return Error{Code::internal, "libcurl cannot be set up"};
  CURL* handle = curl_easy_init();
  if (handle == nullptr) return Error{Code::exhausted, "no memory for a connection"};
  return std::unique_ptr<LogSource>(new HttpSource(handle, std::move(url)));
}

}  // namespace client
