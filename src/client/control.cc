#include "client/control.h"

#include <curl/curl.h>
#include <sys/un.h>

#include <cerrno>
#include <optional>

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kAnswerBytes = 16UL << 20;
constexpr long kConnectTimeoutMs = 10'000;
constexpr long kAnswerTimeoutMs = 60'000;
// Of a file on its way, nothing moves while the server makes a batch of accounts.
constexpr long kStandstillSeconds = 300;

Error nobody_serves() {
  return {Code::missing, "nothing serves --data now: start the server (scalign serve) first"};
}
Error other_user() {
  return {Code::denied,
          "the server does not take this user: run the command as the user who runs the server"};
}

struct Body {
  std::string bytes;
  bool too_large = false;
};

std::size_t on_bytes(char* data, std::size_t size, std::size_t count, void* to) {
  Body& body = *static_cast<Body*>(to);
  if (size * count > kAnswerBytes - body.bytes.size()) {
    body.too_large = true;
    return 0;
  }
  body.bytes.append(data, size * count);
  return size * count;
}

/// A file on its way.
struct Outgoing {
  base::File& file;
  const ControlClient::Progress& progress;
  std::uint64_t sent = 0;
  std::optional<Error> failed = {};
};

std::size_t on_room(char* room, std::size_t size, std::size_t count, void* from) {
  Outgoing& outgoing = *static_cast<Outgoing*>(from);
  const auto read =
      outgoing.file.read_at(outgoing.sent, {reinterpret_cast<std::uint8_t*>(room), size * count});
  if (!read.ok()) {
    outgoing.failed = read.error();
    return CURL_READFUNC_ABORT;
  }
  outgoing.sent += *read;
  if (outgoing.progress) outgoing.progress(outgoing.sent);
  return *read;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

HeaderList headers_of(const char* content_type) {
  HeaderList list(curl_slist_append(nullptr, "Origin: http://localhost"));
  const std::string type = std::string("Content-Type: ") + content_type;
  return HeaderList(curl_slist_append(list.release(), type.c_str()));
}

}  // namespace

struct ControlClient::Impl {
  ~Impl() { curl_easy_cleanup(handle); }
  void prepare(const std::string& url, Body& body) const;
  Result<ControlAnswer> perform(Body& body) const;

  CURL* handle = nullptr;
  std::string socket;
};

void ControlClient::Impl::prepare(const std::string& url, Body& body) const {
  curl_easy_reset(handle);  // keeps the connection
  curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http");
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, kAnswerTimeoutMs);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &on_bytes);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &body);
}

Result<ControlAnswer> ControlClient::Impl::perform(Body& body) const {
  const CURLcode outcome = curl_easy_perform(handle);
  if (body.too_large) return Error{Code::too_large, "the server's answer is too large"};
  if (outcome == CURLE_COULDNT_CONNECT) {
    long why = 0;
    curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &why);
    return why == EACCES || why == EPERM ? other_user() : nobody_serves();
  }
  // It closes the connection of whoever is not the user that it runs as.
  if (outcome == CURLE_GOT_NOTHING || outcome == CURLE_RECV_ERROR || outcome == CURLE_SEND_ERROR)
    return Error{Code::unavailable,
                 "the server ended the connection: it was stopped, or runs as another user than "
                 "this command"};
  if (outcome == CURLE_OPERATION_TIMEDOUT)
    return Error{Code::unavailable, "the server does not answer in time"};
  if (outcome != CURLE_OK)
    return Error{Code::unavailable, "the server does not answer as it should"};
  ControlAnswer answer;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
  answer.body = std::move(body.bytes);
  return answer;
}

ControlClient::ControlClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ControlClient::ControlClient(ControlClient&&) noexcept = default;
ControlClient::~ControlClient() = default;

Result<ControlClient> ControlClient::open(std::string socket) {
  auto impl = std::make_unique<Impl>();
  impl->socket = std::move(socket);
  if (impl->socket.size() >= sizeof(sockaddr_un::sun_path))
    return Error{Code::invalid, "--data: this path is too long for a socket; go there, and say ."};
  if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) impl->handle = curl_easy_init();
  if (impl->handle == nullptr) return Error{Code::internal, "libcurl cannot be set up"};
  return ControlClient(std::move(impl));
}

Result<ControlAnswer> ControlClient::get(const std::string& path) {
  Body body;
  impl_->prepare("http://localhost" + path, body);
  return impl_->perform(body);
}

Result<ControlAnswer> ControlClient::post(const std::string& path, const std::string& json) {
  Body body;
  impl_->prepare("http://localhost" + path, body);
  const HeaderList headers = headers_of("application/json");
  curl_easy_setopt(impl_->handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(impl_->handle, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(json.size()));
  curl_easy_setopt(impl_->handle, CURLOPT_POSTFIELDS, json.c_str());
  return impl_->perform(body);
}

Result<ControlAnswer> ControlClient::send(const std::string& path, const char* content_type,
                                          base::File& file, const Progress& progress) {
  const auto size = TRY(file.size());
  Body body;
  Outgoing outgoing{file, progress};
  impl_->prepare("http://localhost" + path, body);
  const HeaderList headers = headers_of(content_type);
  curl_easy_setopt(impl_->handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(impl_->handle, CURLOPT_POST, 1L);
  // On a connection that was used before, libcurl would begin again by itself when it breaks.
  curl_easy_setopt(impl_->handle, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(impl_->handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(size));
  curl_easy_setopt(impl_->handle, CURLOPT_READFUNCTION, &on_room);
  curl_easy_setopt(impl_->handle, CURLOPT_READDATA, &outgoing);
  curl_easy_setopt(impl_->handle, CURLOPT_TIMEOUT_MS, 0L);
  curl_easy_setopt(impl_->handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(impl_->handle, CURLOPT_LOW_SPEED_TIME, kStandstillSeconds);
  auto answer = impl_->perform(body);
  if (outgoing.failed) return *outgoing.failed;
  return answer;
}

}  // namespace client
