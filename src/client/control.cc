#include "client/control.h"

#include <sys/un.h>

#include "client/http.h"

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kAnswerBytes = 16UL << 20;
constexpr Patience kAtOnce = {.whole_ms = 60'000};
// Of a file on its way, nothing moves while the server makes a batch of accounts.
constexpr Patience kForAFile = {.slowest_seconds = 300};

/// What went wrong, as whoever runs the server can do something about it.
Error explained(Error error, Ended ended) {
  if (ended == Ended::unreached && error.code() == Code::denied)
    return {Code::denied,
            "the server does not take this user: run the command as the user who runs the server"};
  if (ended == Ended::unreached)
    return {Code::missing, "nothing serves --data now: start the server (scalign serve) first"};
  // It closes the connection of whoever is not the user that it runs as.
  if (ended == Ended::cut_short)
    return {Code::unavailable,
            "the server ended the connection: it was stopped, or runs as another user than this "
            "command"};
  return error;
}

/// A file on its way, once: sent again, it would make everything twice.
class OutgoingOnce final : public Outgoing {
 public:
  OutgoingOnce(base::File& file, std::uint64_t size, const ControlClient::Progress& progress)
      : file_(file), size_(size), progress_(progress) {}
  std::optional<std::uint64_t> size() const override { return size_; }
  Result<std::size_t> read(base::Mutable out) override {
    const std::size_t got = TRY(file_.read_at(sent_, out));
    sent_ += got;
    if (progress_) progress_(sent_);
    return got;
  }
  Result<void> rewind() override {
    if (sent_ == 0) return {};
    return Error{Code::unavailable, "the server ended the connection in the middle of the file"};
  }

 private:
  base::File& file_;
  std::uint64_t size_;
  const ControlClient::Progress& progress_;
  std::uint64_t sent_ = 0;
};

}  // namespace

struct ControlClient::Impl {
  Result<ControlAnswer> ask(const char* method, const std::string& path, const char* content_type,
                            Outgoing* body, const Patience& patience, Reuse reuse = Reuse::yes);
  Http http;
};

Result<ControlAnswer> ControlClient::Impl::ask(const char* method, const std::string& path,
                                               const char* content_type, Outgoing* body,
                                               const Patience& patience, Reuse reuse) {
  Asking asking;
  asking.method = method;
  asking.url = "http://localhost" + path;
  if (body != nullptr)
    asking.headers = {"Origin: http://localhost", std::string("Content-Type: ") + content_type};
  asking.body = body;
  asking.patience = patience;
  asking.reuse = reuse;
  auto answer = http.ask(asking, kAnswerBytes);
  if (!answer.ok()) return explained(answer.error(), http.ended());
  return ControlAnswer{answer->head.status, std::move(answer->body)};
}

ControlClient::ControlClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ControlClient::ControlClient(ControlClient&&) noexcept = default;
ControlClient::~ControlClient() = default;

Result<ControlClient> ControlClient::open(std::string socket) {
  if (socket.size() >= sizeof(sockaddr_un::sun_path))
    return Error{Code::invalid, "--data: this path is too long for a socket; go there, and say ."};
  Connecting connecting;
  connecting.proxy = Proxy::none;
  connecting.unix_socket = std::move(socket);
  auto http = TRY(Http::open(std::move(connecting)));
  return ControlClient(std::make_unique<Impl>(std::move(http)));
}

Result<ControlAnswer> ControlClient::get(const std::string& path) {
  return impl_->ask("GET", path, nullptr, nullptr, kAtOnce);
}

Result<ControlAnswer> ControlClient::post(const std::string& path, const std::string& json) {
  OutgoingText body(base::view(json));
  return impl_->ask("POST", path, "application/json", &body, kAtOnce);
}

Result<ControlAnswer> ControlClient::send(const std::string& path, const char* content_type,
                                          base::File& file, const Progress& progress) {
  const auto size = TRY(file.size());
  OutgoingOnce body(file, size, progress);
  return impl_->ask("POST", path, content_type, &body, kForAFile, Reuse::no);
}

}  // namespace client
