// A request's body as it comes in. Incoming takes it from the connection, on the connection's
// executor; Upload lets a handler on the pool wait for it. One piece at a time and only when
// somebody waits: the socket itself is the bounded buffer.
#pragma once

#include <memory>
#include <optional>

#include "http/body_decoder.h"
#include "http/http.h"
#include "http/inbox.h"
#include "http/memory_body.h"
#include "http/service.h"
#include "http/transport.h"
#include "http/upload_places.h"

namespace http {

class Incoming {
 public:
  Incoming(const Service& service, Transport& transport, Inbox& inbox, const Head& head);

  /// One piece into `out`; 0 at the end. Answers `Expect: 100-continue` before the first wait.
  Async<base::Result<std::size_t>> pull(base::Mutable out);
  /// What comes first of it, at most `bytes_max`, within one stall time. Framing that breaks is
  /// told by the next pull().
  Async<base::Result<std::string>> pull_ahead(std::size_t bytes_max);
  /// Reads and drops at most `bytes_max`; true where that was all.
  Async<bool> discard(std::uint64_t bytes_max);

  bool done() const { return decoder_.done(); }
  /// How much is still to come; nothing where only the end will tell.
  std::optional<std::uint64_t> left() const;
  /// The client waits for leave to send, and has got none.
  bool unasked() const { return expects_; }
  std::uint64_t total() const { return total_; }

 private:
  Async<base::Result<std::size_t>> next(base::Mutable out);
  Async<base::Result<void>> give_leave();
  bool too_slow();

  const Service& service_;
  Transport& transport_;
  Inbox& inbox_;
  BodyDecoder decoder_;
  bool expects_;
  std::uint64_t total_ = 0;
  base::Duration waited_{};            // since the rate was looked at
  std::uint64_t total_before_ = 0;     // what had come then
  std::optional<base::Error> broken_;  // framing that broke cannot be taken up again
};

class Upload final : public BodyReader {
 public:
  /// `ahead`: what has been pulled of it already.
  Upload(Service& service, std::shared_ptr<Transport> transport, Incoming& incoming,
         UploadPlaces::Place place, std::string ahead);
  /// On the pool only.
  base::Result<std::size_t> read(base::Mutable out) override;
  bool charge(std::string_view whom) override { return place_.charge(whom); }
  void stop() override;

 private:
  /// Where a piece comes to, which may be after the upload's end.
  struct Arrival;
  Async<void> pull(base::Mutable out, std::shared_ptr<Arrival> arrival);
  std::shared_ptr<Arrival> begin(base::Mutable out);

  std::shared_ptr<Transport> transport_;
  Incoming& incoming_;
  UploadPlaces::Place place_;
  MemoryBody ahead_;
  base::Wait& wait_;
  base::Mutex mutex_;
  bool stopped_ = false;
};

}  // namespace http
