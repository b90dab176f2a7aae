#include "app/init_facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/child.h"
#include "base/host.h"
#include "holder/known.h"
#include "vault/address.h"

namespace app {
namespace {

using notice::OwnFacts;

constexpr std::size_t kTextMax = 120;    // as the notice has them at most
constexpr std::size_t kServiceMax = 40;  // its name stands beside the logo
constexpr int kTries = 3;
constexpr const char* kZones = "/usr/share/zoneinfo/";

std::string no_fault(const std::string& /*answer*/) { return {}; }

std::string fault_of_text(const std::string& text, std::size_t bytes_max) {
  if (text.size() > bytes_max) return fmt::format("at most {} bytes", bytes_max);
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
    return "on one line, without control characters";
  return {};
}
std::string text_fault(const std::string& text) { return fault_of_text(text, kTextMax); }
std::string service_fault(const std::string& text) { return fault_of_text(text, kServiceMax); }

std::string country_fault(const std::string& text) {
  const bool code =
      text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
  return code ? "" : "two capital letters, like NO";
}

std::string address_fault(const std::string& text) {
  return vault::Address::parse(text).ok() ? "" : "a mail address, like post@company.example";
}

std::string zone_fault(const std::string& text) {
  if (text.find("..") != std::string::npos || text.starts_with('/'))
    return "the name of a time zone, like Europe/Oslo";
  // Where this machine has no list of them, the notice's own check has to do.
  if (!base::file_status(kZones, base::Links::follow).ok()) return {};
  const auto zone = base::file_status(kZones + text, base::Links::follow);
  return zone.ok() && zone->regular ? "" : "the name of a time zone, like Europe/Oslo";
}

std::string log_fault(const std::string& text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789.-_/";
  return text.size() <= kTextMax && text.find_first_not_of(kAllowed) == std::string::npos
             ? ""
             : "a host and a path, in lower case, like company.example/log";
}

std::string origin_fault(const std::string& text) {
  const bool secure = text.starts_with("https://") && text.size() > 8;
  const bool here = text.starts_with("http://") && loopback_name(host_of(text));
  return secure || here ? "" : "https://HOST, in lower case and without a path";
}

std::string smtp_fault(const std::string& text) {
  return egress::parse_smtp(text).ok() ? ""
                                       : "smtp://host:587 (STARTTLS) or smtps://host:465 (TLS)";
}

std::string place_fault(const std::string& text) {
  return base::parse_place(text).ok() ? "" : "a host and a port, like holder.example:7300";
}

std::string name_fault(const std::string& text) {
  return holder::valid_name(text) ? "" : "lower case letters, digits and hyphens, at most 32";
}

std::string listen_fault(const std::string& text) {
  return parse_endpoint(text) ? "" : "a numeric address and a port, like 0.0.0.0:443";
}

std::string file_fault(const std::string& text) {
  const auto file = base::file_status(text, base::Links::follow);
  return file.ok() && !file->directory ? "" : "the path of a file that is there";
}
std::string code_fault(const std::string& text) { return text == "-" ? "" : file_fault(text); }

constexpr std::array kQuestions = {
    OwnQuestion{"operator", "Legal name of whoever runs the service", &OwnFacts::name, text_fault},
    OwnQuestion{"organisation-number", "Its organisation number", &OwnFacts::organisation_number,
                text_fault},
    OwnQuestion{"street", "Its street and number", &OwnFacts::street, text_fault},
    OwnQuestion{"postal-code", "Its postal code", &OwnFacts::postal_code, text_fault},
    OwnQuestion{"city", "Its city", &OwnFacts::city, text_fault},
    OwnQuestion{"country", "Its country, in two letters", &OwnFacts::country, country_fault},
    OwnQuestion{"country-name", "The country's name in English", &OwnFacts::country_name,
                text_fault},
    OwnQuestion{"contact", "Mail address at which it can be reached, for privacy too",
                &OwnFacts::contact, address_fault},
    OwnQuestion{"service", "Name of the service", &OwnFacts::service, service_fault},
    OwnQuestion{"timezone", "Its time zone, such as Europe/Oslo", &OwnFacts::timezone, zone_fault},
};

using Fault = std::string (*)(const std::string& answer);

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

enum class Needed : std::uint8_t { no, yes };

class Interview {
 public:
  explicit Interview(const Ask& ask) : ask_(ask) {}

  bool asks() const { return ask_ && !ended_; }
  void ask_no_more() { ended_ = true; }
  std::vector<std::string> take() { return std::move(lacking_); }
  void lack(const std::string& line) { lacking_.push_back(line); }

  /// An answer; empty where there is none, or none that will do.
  std::string answer(const std::string& question, const std::string& suggestion, Fault fault,
                     Needed needed = Needed::no) {
    std::string before;
    for (int i = 0; i < kTries && asks(); ++i) {
      const auto said =
          ask_(before + question + (suggestion.empty() ? ":" : fmt::format(" [{}]:", suggestion)));
      if (!said) {
        ended_ = true;
        return {};
      }
      std::string text = trimmed(*said);
      if (text.empty()) text = suggestion;
      if (text.empty() && needed == Needed::no) return {};
      const std::string wrong = text.empty() ? "something: it is needed" : fault(text);
      if (wrong.empty()) return text;
      before = fmt::format("Write {}.\n", wrong);
    }
    return {};
  }

  /// A fact that has to be there.
  void want(std::string& value, const std::string& option, const std::string& question, Fault fault,
            const std::string& suggestion = "") {
    if (value.empty()) value = answer(question, suggestion, fault, Needed::yes);
    if (value.empty())
      lack(fmt::format("--{}: {}", option, question));
    else if (const std::string wrong = fault(value); !wrong.empty())
      lack(fmt::format("--{} {}: give {}", option, value, wrong));
  }

  /// One that may be left out.
  void may(std::string& value, const std::string& option, const std::string& question,
           Fault fault) {
    if (value.empty() && asks()) value = answer(question + " (empty: none)", "", fault);
    if (value.empty()) return;
    if (const std::string wrong = fault(value); !wrong.empty())
      lack(fmt::format("--{} {}: give {}", option, value, wrong));
  }

 private:
  const Ask& ask_;
  bool ended_ = false;
  std::vector<std::string> lacking_;
};

void ask_for_operator(OwnFacts& own, Interview& interview) {
  for (const OwnQuestion& question : kQuestions)
    interview.want(
        own.*question.member, question.option.c_str(), question.asks.c_str(), question.fault,
        question.member == &OwnFacts::service && own.name.size() <= kServiceMax ? own.name
                                                                                : std::string());
}

void ask_for_name(OwnFacts& own, Interview& interview) {
  const bool none = own.origins.empty();
  std::string first = none ? "" : own.origins.front();
  interview.want(first, "origin", "Where the service is, such as https://company.example",
                 origin_fault);
  if (none && !first.empty()) own.origins.push_back(first);
  while (none && !first.empty() && interview.asks()) {
    const std::string more = interview.answer("And where else (empty: nowhere)", "", origin_fault);
    if (more.empty()) break;
    own.origins.push_back(more);
  }
  for (std::size_t i = 1; i < own.origins.size(); ++i)
    if (const std::string wrong = origin_fault(own.origins[i]); !wrong.empty())
      interview.lack(fmt::format("--origin {}: give {}", own.origins[i], wrong));
  interview.want(own.log_origin, "log-origin",
                 "Name of its public log, for good, such as company.example/log", log_fault,
                 first.empty() ? "" : host_of(first) + "/log");
}

std::string way_fault(const std::string& text) {
  return text == "certificate" || text == "proxy" || text == "self-signed"
             ? ""
             : "certificate, proxy or self-signed";
}

void ask_for_tls(ServeOptions& served, Interview& interview) {
  const bool certificate = !served.tls_certificate.empty() || !served.tls_key.empty();
  std::string way = served.tls_self_signed ? "self-signed"
                    : served.behind_proxy  ? "proxy"
                    : certificate          ? "certificate"
                                           : "";
  const bool asked = way.empty() && interview.asks();
  if (asked)
    way = interview.answer(
        "How is TLS spoken: with a certificate, by a proxy in front, or self-signed to try it on "
        "this machine (certificate, proxy, self-signed)",
        "", way_fault, Needed::yes);
  if (way.empty())
    interview.lack(
        "--tls-cert and --tls-key, --behind-proxy, or --tls-self-signed on this machine alone: how "
        "TLS is spoken");
  served.tls_self_signed = way == "self-signed";
  served.behind_proxy = way == "proxy";
  if (way == "certificate") {
    interview.want(served.tls_certificate, "tls-cert", "File of the certificate's chain, PEM",
                   file_fault);
    interview.want(served.tls_key, "tls-key", "File of its private key, PEM", file_fault);
  }
  if (asked && served.behind_proxy && served.trusted_proxies.empty()) {
    const std::string proxy = interview.answer("Address of the proxy", "127.0.0.1", no_fault);
    if (!proxy.empty()) served.trusted_proxies.push_back(proxy);
  }
  if (served.listen.empty() && interview.asks())
    served.listen = interview.answer("Address and port to listen on",
                                     way == "certificate"   ? "0.0.0.0:443"
                                     : way == "self-signed" ? "127.0.0.1:8443"
                                                            : "127.0.0.1:8080",
                                     listen_fault);
  if (served.listen.empty()) served.listen = ServeOptions().listen;
}

void ask_for_mails(ServeOptions& served, Interview& interview) {
  SmtpOptions& smtp = served.smtp;
  const bool asked = smtp.server.empty();
  const std::string question = "Mail server, such as smtps://mail.example:465";
  if (served.tls_self_signed)
    interview.may(smtp.server, "smtp", question, smtp_fault);
  else
    interview.want(smtp.server, "smtp", question, smtp_fault);
  if (!asked || smtp.server.empty() || !interview.asks()) return;
  interview.may(smtp.user, "smtp-user", "User to log in as there", no_fault);
  if (!smtp.user.empty())
    interview.want(smtp.password_file, "smtp-password-file", "File with the user's password",
                   file_fault);
  interview.may(smtp.from, "mail-from", "Address that mails come from, if not the contact",
                address_fault);
}

std::string replica_fault(const std::string& text) {
  return text == "none" ? std::string() : place_fault(text);
}

void ask_for_replica(InitFacts& facts, Interview& interview, bool followed) {
  if (facts.served.no_replica) {
    if (!facts.replica.empty()) interview.lack("--replica and --no-replica: give one of them");
    return;
  }
  if (followed) return;
  if (facts.replica.empty() && interview.asks()) {
    facts.replica = interview.answer(
        "Host and port of a holder that follows keys and log, or none: then the loss of this host "
        "is the loss of everything",
        "", replica_fault, Needed::yes);
    if (facts.replica == "none") {
      facts.replica.clear();
      facts.served.no_replica = true;
      return;
    }
  }
  if (facts.replica.empty()) {
    interview.lack(
        "--replica with --code-file, or --no-replica: a second host that follows, or the choice of "
        "none");
    return;
  }
  interview.want(facts.replica, "replica", "Host and port of a holder that follows", place_fault);
  interview.want(facts.replica_name, "replica-name", "What to call it here", name_fault);
  interview.want(facts.code_file, "code-file",
                 "File with the code that `holder pair` printed there", code_fault);
}

}  // namespace

std::span<const OwnQuestion> own_questions() { return kQuestions; }

std::vector<std::string> complete(InitFacts& facts, const Ask& ask, const Settled& settled) {
  Interview interview(ask);
  ask_for_operator(facts.own, interview);
  ask_for_name(facts.own, interview);
  if (settled.settings) interview.ask_no_more();
  ask_for_tls(facts.served, interview);
  ask_for_mails(facts.served, interview);
  ask_for_replica(facts, interview, settled.followed);
  const auto endpoint = parse_endpoint(facts.served.listen);
  if (facts.served.tls_self_signed && endpoint && !endpoint->loopback)
    interview.lack("--tls-self-signed: on this machine alone; no browser trusts it elsewhere");
  return interview.take();
}

std::vector<std::string> differences(const OwnFacts& there, const OwnFacts& given) {
  std::vector<std::string> all;
  const auto compare = [&](const char* option, const std::string& was, const std::string& is) {
    if (!is.empty() && was != is)
      all.push_back(fmt::format("--{}: {} is there, {} is given", option, was, is));
  };
  for (const OwnQuestion& question : kQuestions)
    compare(question.option.c_str(), there.*question.member, given.*question.member);
  compare("origin", fmt::format("{}", fmt::join(there.origins, ", ")),
          fmt::format("{}", fmt::join(given.origins, ", ")));
  compare("log-origin", there.log_origin, given.log_origin);
  return all;
}

void fill_facts(const OwnFacts& there, OwnFacts& facts) {
  for (const OwnQuestion& question : kQuestions)
    if ((facts.*question.member).empty()) facts.*question.member = there.*question.member;
  if (facts.origins.empty()) facts.origins = there.origins;
  if (facts.log_origin.empty()) facts.log_origin = there.log_origin;
}

}  // namespace app
