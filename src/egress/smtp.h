// Mails handed over to a mail server (RFC 5321) by a child process, which alone speaks to it: the
// server and its place are the child's from its start, the letter comes over a line. Owns the
// child; never says more of a refusal than its numbers.
#pragma once

#include "base/child.h"
#include "base/errand.h"
#include "base/secret_bytes.h"
#include "egress/transport.h"

namespace egress {

enum class Security : std::uint8_t {
  tls,       // from the first byte
  starttls,  // or nothing is handed over
  loopback,  // STARTTLS where it is offered; plain otherwise, on this machine alone
};

struct SmtpServer {
  base::Place place;
  Security security = Security::tls;
};
/// `smtps://host[:465]` or `smtp://host[:587]`. Code::invalid otherwise.
base::Result<SmtpServer> parse_smtp(const std::string& url);

/// As whom we come, and whom we trust.
struct SmtpAccess {
  std::string user;  // empty: without authentication
  base::SecretBytes password;
  std::string authorities;  // PEM; empty: those of the system
};

/// How a child is started for `server`; `arguments` make this program run mail_for_parent().
base::Words smtp_words(base::Words arguments, const SmtpServer& server);

/// Safe from any thread; one letter goes at a time.
class SmtpTransport final : public Transport {
 public:
  SmtpTransport(base::Wait& wait, base::Clock& clock, base::Words words, SmtpAccess access,
                base::Children* starter = nullptr)
      : clock_(clock), access_(std::move(access)), child_(wait, std::move(words), starter) {}
  base::Result<Delivery> deliver(const Letter& letter, const Sender& sender) override;
  /// The server is about to stop: a letter under way has a few seconds more, others wait.
  void leave() { child_.leave(); }

 private:
  base::Clock& clock_;
  SmtpAccess access_;
  base::Errand child_;
};

/// The child's side; `words` are what smtp_words() put behind the arguments. The exit code.
int mail_for_parent(const base::Words& words);

}  // namespace egress
