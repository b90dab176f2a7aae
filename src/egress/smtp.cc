#include "egress/smtp.h"

#include <array>

#include "egress/door.h"
#include "egress/mime.h"
#include "egress/smtp_message.h"

namespace egress {
namespace {

// Above what the child allows itself, so that it is the child that says what happened.
constexpr base::Duration kAnswer = std::chrono::seconds(75);

constexpr std::array kSecurity = {"tls", "starttls", "loopback"};

}  // namespace

base::Result<SmtpServer> parse_smtp(const std::string& url) {
  const base::Error wrong{base::Code::invalid,
                          "give smtp://host:587 (STARTTLS) or smtps://host:465 (TLS)"};
  const bool tls = url.starts_with("smtps://");
  if (!tls && !url.starts_with("smtp://")) return wrong;
  std::string place = url.substr(url.find("://") + 3);
  if (place.ends_with('/')) place.pop_back();
  // A user and a password in here would stand in the list of processes.
  if (place.find_first_of("/@?# %") != std::string::npos) return wrong;
  const auto bracket = place.rfind(']');
  const auto colon = place.rfind(':');
  if (colon == std::string::npos || (bracket != std::string::npos && colon < bracket))
    place += tls ? ":465" : ":587";
  const auto parsed = base::parse_place(place);
  if (!parsed.ok()) return wrong;
  return SmtpServer{*parsed, tls ? Security::tls : Security::starttls};
}

base::Words smtp_words(base::Words arguments, const SmtpServer& server) {
  arguments.insert(arguments.end(), {kSecurity.at(static_cast<std::size_t>(server.security)),
                                     server.place.host, server.place.port});
  return arguments;
}

base::Result<Delivery> SmtpTransport::deliver(const Letter& letter, const Sender& sender) {
  const auto mail = mime(letter, sender, clock_.now());
  base::Bytes question =
      encode(Handover{base::view(access_.user), access_.password.view(),
                      base::view(access_.authorities), base::view(sender.from_address()),
                      base::view(Door::open(letter.to)), base::view(Door::open(mail))});
  const auto answer = child_.ask(question, kAnswer);
  base::wipe(question);
  if (answer.ok()) return parse_delivery(*answer);
  // It may have died with the letter in its hands, also after the server took it.
  if (answer.code() == base::Code::unavailable) return Delivery{Outcome::unknown};
  return answer.error();
}

}  // namespace egress
