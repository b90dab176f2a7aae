// One connection as the holder's server has it: bytes in, at most one request at a time, bytes out.
// Owns the session and its buffers, which are wiped; decides nothing about requests.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "holder/dispatch.h"
#include "holder/frame.h"
#include "holder/tls.h"

namespace holder {

class Guest {
 public:
  Guest(Session its_session, std::string its_address)
      : address(std::move(its_address)), session_(std::move(its_session)) {}
  Guest(Guest&&) = default;
  Guest& operator=(Guest&&) = default;
  ~Guest();

  /// Goes on as far as it can without waiting: hands, what is to be sent, what has come. Code::io
  /// at the end, another code where the peer speaks nonsense.
  base::Result<void> advance();
  /// The request that is there, lent until answered(); nothing where there is none.
  base::Result<std::optional<Frame>> request();
  /// Takes the answer to the request that request() gave. Wipes `bytes` in the end.
  void answered(base::Bytes bytes, std::size_t request_size);

  bool greeted() const noexcept { return greeted_; }
  bool sending() const noexcept { return !out_.empty(); }
  bool receiving() const noexcept { return filled_ > 0; }
  Need need() const noexcept { return need_; }
  const Session& session() const noexcept { return session_; }

  std::string address;         // to bound how many come from one; never logged
  std::optional<Lane> lane{};  // once it has begun
  base::Time until{};          // ended then
  bool leaving = false;        // ended as soon as all is sent

 private:
  base::Result<void> send();
  base::Result<void> receive();

  Session session_;
  bool greeted_ = false;
  Need need_ = Need::readable;
  base::Bytes in_;
  std::size_t filled_ = 0;
  base::Bytes out_;
  std::size_t sent_ = 0;
};

}  // namespace holder
