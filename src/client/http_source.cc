#include "client/http_source.h"

#include "client/http.h"

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

// Whoever drips is given up early.
constexpr Patience kPatience = {.connect_ms = 10'000,
                                .whole_ms = 30'000,
                                .slowest_bytes_per_second = 256,
                                .slowest_seconds = 5};

class HttpSource final : public LogSource {
 public:
  HttpSource(Http http, std::string url) : http_(std::move(http)), url_(std::move(url)) {}

  Result<base::Bytes> get(const std::string& path, std::size_t bytes_max) override {
    Asking asking;
    asking.url = url_ + "/" + path;
    asking.patience = kPatience;
    const Answer answer = TRY_AS(http_.ask(asking, bytes_max), "the log cannot be read");
    const long status = answer.head.status;
    if (status == 200) return base::copy(base::view(answer.body));
    if (status == 404 || status == 410) return Error{Code::missing, "the log has no such file"};
    if (status >= 300 && status < 400)
      return Error{Code::denied, "the log redirects, which is not followed"};
    return Error{Code::unavailable, "the log does not answer as a log does"};
  }

 private:
  Http http_;
  const std::string url_;
};

}  // namespace

Result<std::unique_ptr<LogSource>> open_http_source(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  Connecting connecting;
  connecting.user_agent = "receipt-verifier/1";
  auto http = TRY(Http::open(std::move(connecting)));
  return std::unique_ptr<LogSource>(new HttpSource(std::move(http), std::move(url)));
}

}  // namespace client
