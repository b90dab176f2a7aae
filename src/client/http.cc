#include "client/http.h"

#include <curl/curl.h>

#include <algorithm>

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kHeadBytes = 64UL << 10;
constexpr std::size_t kRefusalBytes = 64UL << 10;
// What is smaller is sent with its head, whatever the server would say to that alone (Expect).
constexpr std::uint64_t kAtOnceBytes = 1UL << 20;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

/// One exchange under way.
struct Exchange {
  CURL* handle;
  const Http::Take& take;
  Outgoing* body;
  Answer answer = {};
  std::size_t head_bytes = 0;
  std::optional<Error> failed = {};
};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::size_t on_head(char* data, std::size_t size, std::size_t count, void* to) {
  Exchange& exchange = *static_cast<Exchange*>(to);
  const std::string_view line(data, size * count);
  exchange.head_bytes += line.size();
  if (exchange.head_bytes > kHeadBytes) {
    exchange.failed = Error{Code::unavailable, "the server's head is too large"};
    return 0;
  }
  Head& head = exchange.answer.head;
  if (line.starts_with("HTTP/")) {  // the next one, after 100 Continue
    head.fields.clear();
    return line.size();
  }
  const auto colon = line.find(':');
  if (colon == line.npos) return line.size();
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  head.fields.emplace_back(std::move(name), trimmed(line.substr(colon + 1)));
  return line.size();
}

std::size_t on_bytes(char* data, std::size_t size, std::size_t count, void* to) {
  Exchange& exchange = *static_cast<Exchange*>(to);
  const std::size_t total = size * count;
  Head& head = exchange.answer.head;
  curl_easy_getinfo(exchange.handle, CURLINFO_RESPONSE_CODE, &head.status);
  if (!head.good()) {
    std::string& body = exchange.answer.body;
    body.append(data, std::min(total, kRefusalBytes - body.size()));
    return total;
  }
  const auto taken = exchange.take(head, base::view(std::string_view(data, total)));
  if (taken.ok()) return total;
  exchange.failed = taken.error();
  return 0;
}

std::size_t on_room(char* room, std::size_t size, std::size_t count, void* from) {
  Exchange& exchange = *static_cast<Exchange*>(from);
  const auto read = exchange.body->read({reinterpret_cast<std::uint8_t*>(room), size * count});
  if (read.ok()) return *read;
  exchange.failed = read.error();
  return CURL_READFUNC_ABORT;
}

/// libcurl begins again where a connection that it had kept was closed meanwhile.
int on_seek(void* from, curl_off_t offset, int origin) {
  Exchange& exchange = *static_cast<Exchange*>(from);
  if (offset != 0 || origin != SEEK_SET) return CURL_SEEKFUNC_FAIL;
  const auto rewound = exchange.body->rewind();
  if (rewound.ok()) return CURL_SEEKFUNC_OK;
  exchange.failed = rewound.error();
  return CURL_SEEKFUNC_FAIL;
}

/// What is wrong with the certificate; the numbers are OpenSSL's (X509_V_ERR_…).
Error distrust(CURL* handle) {
  long why = 0;
  curl_easy_getinfo(handle, CURLINFO_SSL_VERIFYRESULT, &why);
  switch (why) {
    case 9:
      return {Code::denied, "the server's certificate is not trusted: it is not valid yet"};
    case 10:
      return {Code::denied, "the server's certificate is not trusted: it has run out"};
    case 18:
    case 19:
      return {Code::denied, "the server's certificate is not trusted: it is signed by itself"};
    case 2:
    case 20:
    case 21:
      return {Code::denied,
              "the server's certificate is not trusted: nobody that this machine trusts signed it"};
    case 0:
    case 1:  // libcurl's own look at the name comes before it asks for OpenSSL's number
    case 62:
    case 64:
      return {Code::denied, "the server's certificate is not trusted: it is for another host"};
    default:
      return {Code::denied, "the server's certificate is not trusted"};
  }
}

Error unconnected(CURL* handle) {
  long why = 0;
  curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &why);
  if (why == EACCES || why == EPERM) return {Code::denied, "this user may not connect"};
  return {Code::unavailable, "nobody answers there"};
}

/// The error that an outcome of libcurl's is; nothing for none.
std::optional<Error> error_of(CURL* handle, CURLcode outcome) {
  switch (outcome) {
    case CURLE_OK:
      return std::nullopt;
    case CURLE_PEER_FAILED_VERIFICATION:
      return distrust(handle);
    case CURLE_SSL_CACERT_BADFILE:
      return Error{Code::invalid, "no certificate can be read from the file that --ca names"};
    case CURLE_SSL_CONNECT_ERROR:
      return Error{Code::unavailable, "the server does not speak TLS as it should"};
    case CURLE_URL_MALFORMAT:
      return Error{Code::invalid, "the URL is malformed"};
    case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP/0.9
    case CURLE_WEIRD_SERVER_REPLY:
      return Error{Code::unavailable, "what answers there does not speak HTTP"};
    case CURLE_COULDNT_RESOLVE_HOST:
      return Error{Code::unavailable, "there is no such host, or its name cannot be looked up now"};
    case CURLE_COULDNT_CONNECT:
      return unconnected(handle);
    case CURLE_OPERATION_TIMEDOUT:
      return Error{Code::unavailable, "the server does not answer in time"};
    case CURLE_GOT_NOTHING:
      return Error{Code::unavailable, "the server ended the connection without an answer"};
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return Error{Code::unavailable, "the connection broke: what was under way is cut short"};
    default:
      return Error{Code::unavailable, "the server does not answer as it should"};
  }
}

Ended end_of(CURLcode outcome) {
  switch (outcome) {
    case CURLE_COULDNT_CONNECT:
      return Ended::unreached;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return Ended::cut_short;
    default:
      return Ended::otherwise;
  }
}

}  // namespace

Result<std::size_t> OutgoingText::read(base::Mutable out) {
  const std::size_t size = std::min(out.size(), text_.size() - at_);
  std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_), size, out.begin());
  at_ += size;
  return size;
}

std::optional<std::string_view> Head::field(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  if (found == fields.end()) return std::nullopt;
  return std::string_view(found->second);
}

struct Http::Impl {
  ~Impl() { curl_easy_cleanup(handle); }
  void connect_by(const Patience& patience) const;
  void send(const Asking& asking, Exchange& exchange) const;

  CURL* handle = nullptr;
  Connecting connecting;
  Ended ended = Ended::otherwise;
};

void Http::Impl::connect_by(const Patience& patience) const {
  curl_easy_reset(handle);  // keeps the connection
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, connecting.user_agent);
  if (connecting.proxy == Proxy::none) curl_easy_setopt(handle, CURLOPT_PROXY, "");
  if (!connecting.ca_file.empty())
    curl_easy_setopt(handle, CURLOPT_CAINFO, connecting.ca_file.c_str());
  if (!connecting.unix_socket.empty())
    curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, connecting.unix_socket.c_str());
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, patience.connect_ms);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, patience.whole_ms);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, patience.slowest_bytes_per_second);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, patience.slowest_seconds);
}

void Http::Impl::send(const Asking& asking, Exchange& exchange) const {
  curl_easy_setopt(handle, CURLOPT_URL, asking.url.c_str());
  curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, asking.reuse == Reuse::no ? 1L : 0L);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &on_head);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_bytes);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &exchange);
  if (std::string_view(asking.method) == "HEAD") curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  if (asking.body != nullptr) {
    const auto size = asking.body->size();
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_UPLOAD_BUFFERSIZE, 256L << 10);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, &on_room);
    curl_easy_setopt(handle, CURLOPT_READDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, &on_seek);
    curl_easy_setopt(handle, CURLOPT_SEEKDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE,
                     size ? static_cast<curl_off_t>(*size) : curl_off_t{-1});
  }
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, asking.method);
}

Http::Http(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Http::Http(Http&&) noexcept = default;
Http::~Http() = default;
Ended Http::ended() const noexcept { return impl_->ended; }

Result<Http> Http::open(Connecting connecting) {
  auto impl = std::make_unique<Impl>();
  impl->connecting = std::move(connecting);
  // libcurl's own set-up, once a process; it guards itself.
  if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) impl->handle = curl_easy_init();
  if (impl->handle == nullptr) return Error{Code::internal, "libcurl cannot be set up"};
  return Http(std::move(impl));
}

Result<Answer> Http::ask(const Asking& asking, const Take& take) {
  Exchange exchange{impl_->handle, take, asking.body};
  HeaderList headers;
  for (const std::string& line : asking.headers)
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
  if (asking.body != nullptr && asking.body->size().value_or(kAtOnceBytes) < kAtOnceBytes)
    headers.reset(curl_slist_append(headers.release(), "Expect:"));
  impl_->connect_by(asking.patience);
  impl_->send(asking, exchange);
  curl_easy_setopt(impl_->handle, CURLOPT_HTTPHEADER, headers.get());
  const CURLcode outcome = curl_easy_perform(impl_->handle);
  impl_->ended = exchange.failed ? Ended::otherwise : end_of(outcome);
  if (exchange.failed) return std::move(*exchange.failed);
  if (auto failed = error_of(impl_->handle, outcome)) return std::move(*failed);
  curl_easy_getinfo(impl_->handle, CURLINFO_RESPONSE_CODE, &exchange.answer.head.status);
  return std::move(exchange.answer);
}

Result<Answer> Http::ask(const Asking& asking, std::size_t bytes_max) {
  std::string body;
  Answer answer = TRY(ask(asking, [&](const Head&, base::View piece) -> Result<void> {
    if (piece.size() > bytes_max - body.size())
      return Error{Code::too_large, "the server's answer is too large"};
    body += base::text(piece);
    return {};
  }));
  if (answer.head.good()) answer.body = std::move(body);
  return answer;
}

}  // namespace client
