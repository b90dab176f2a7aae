// Of what the service shows: its certificate, its notice and its mails.

#include <fmt/format.h>

#include "doctor/checks.h"
#include "doctor/saying.h"
#include "doctor/words.h"

namespace doctor {
namespace {

constexpr auto kRenewBefore = std::chrono::days(21);

void check_term(const CertificateFacts& certificate, base::Time now, Saying& say) {
  const std::string renew = "Renew it, and restart the server.";
  if (now < certificate.from)
    say(Severity::error, "certificate-early",
        "It is not valid before " + base::rfc3339(certificate.from) + ".",
        "Look at the clock, or wait.");
  else if (now >= certificate.until)
    say(Severity::error, "certificate-over",
        "It was valid until " + base::rfc3339(certificate.until) + ".", renew);
  else if (certificate.until - now < kRenewBefore)
    say(Severity::warning, "certificate-ends",
        "It is valid for " + duration_text(certificate.until - now) + " more.", renew);
}

Findings no_certificate(const Facts& facts) {
  Saying say(Subject::certificate);
  if (!facts.settings)
    say(Severity::ok, "certificate-not-given",
        "None was given; --tls-cert and --tls-key, as serve has them, are looked at.");
  else if (facts.settings->speaks == Speaks::self_signed)
    say(Severity::ok, "certificate-self-signed",
        "The server makes one at each start, which no browser trusts: to try it on this machine.");
  else if (facts.settings->speaks == Speaks::plain)
    say(Severity::ok, "certificate-none",
        "None, and plain HTTP: browsers take that from this machine alone.");
  else if (facts.settings->proxy_trusted)
    say(Severity::ok, "certificate-at-proxy", "A proxy in front has it, and speaks TLS.");
  else
    say(Severity::warning, "proxy-not-trusted",
        "A proxy in front speaks TLS, and its word on who comes does not count: all of them are "
        "one network, and throttled as one.",
        "Say which address it has: --trusted-proxy ADDRESS.");
  return say.findings;
}

}  // namespace

Findings check_certificate(const Facts& facts) {
  if (!facts.certificate) return no_certificate(facts);
  const CertificateFacts& certificate = *facts.certificate;
  Saying say(Subject::certificate);
  if (certificate.key_open_to_others)
    say(Severity::error, "certificate-key-open",
        "Others than its owner may open the private key " + facts.certificate_key + ".",
        "chmod go= " + facts.certificate_key + "; if others had it, get another certificate.");
  if (certificate.unusable) {
    say(Severity::error, "certificate-unusable",
        "It cannot be used: " + *certificate.unusable + ".",
        "Give the chain (leaf first) by --tls-cert, and its own key by --tls-key, both PEM.");
    return say.findings;
  }
  check_term(certificate, facts.clock.now, say);
  if (!certificate.foreign.empty())
    say(Severity::error, "certificate-foreign",
        "It names " + list_text(certificate.foreign) +
            ", which is not among the notice's origins: the server does not start.",
        "Add it to the notice's origins, or get a certificate without it.");
  if (!certificate.missing.empty())
    say(Severity::warning, "certificate-lacks",
        "It does not name " + list_text(certificate.missing) + ", an origin of the notice.",
        "Get one with every name, or serve some alone (serve --name).");
  if (say.nothing())
    say(Severity::ok, "certificate",
        "It is valid for " + duration_text(certificate.until - facts.clock.now) +
            " more, for the notice's origins.");
  return say.findings;
}

Findings check_notice(const Facts& facts) {
  const NoticeFacts& notice = facts.notice;
  Saying say(Subject::notice);
  if (notice.changeable_by_others)
    say(Severity::error, "notice-writable",
        "Others than who owns the data may change " + notice.file +
            ": they may say what the server does with people's data.",
        "After a look at what is in it, chown it to who owns the data, and chmod go-w.");
  if (notice.refused) {
    say(Severity::error, "notice-refused", "It is refused: " + *notice.refused + ".",
        "scalign notice check FILE says where, and what would be right.");
    return say.findings;
  }
  if (notice.effective > base::rfc3339(facts.clock.now).substr(0, 10))
    say(Severity::advice, "notice-early", "It takes effect on " + notice.effective + ".",
        "Serve it from that day on.");
  if (!notice.overdue.empty())
    say(Severity::warning, "notice-overdue",
        "Nobody has looked for more than a year at " + list_text(notice.overdue) + ".",
        "Check that they are still as they are described, and write the day into "
        "`reviewed` or `checked_on`.");
  if (say.nothing())
    say(Severity::ok, "notice",
        fmt::format("Version {} compiles; its registers were looked at within a "
                    "year.",
                    notice.version));
  return say.findings;
}

Findings check_mail(const Facts& facts) {
  if (!facts.mail && facts.settings)
    return {{Severity::ok, Subject::mail, "mail-to-files",
             "There is no mail server: mails are written to " + facts.data +
                 "/outbox, and nobody gets one."}};
  if (!facts.mail)
    return {{Severity::ok, Subject::mail, "mail-not-given",
             "No mail server was given; --smtp and what belongs to it, as serve has them, are "
             "looked at."}};
  const MailFacts& mail = *facts.mail;
  Saying say(Subject::mail);
  if (mail.password_open_to_others)
    say(Severity::error, "mail-password-open",
        "Others than its owner may open the password file " + mail.password_file + ".",
        "chmod go= " + mail.password_file + "; if others had it, change the password.");
  for (const std::string& objection : mail.objections)
    say(Severity::error, "mail-refused",
        "The server does not start with these settings: " + objection + ".",
        "Correct the settings, or the notice.");
  if (mail.unusable)
    say(Severity::error, "mail-unusable", "The settings cannot be used: " + *mail.unusable + ".",
        "Give --smtp-password-file with the password on one line, and --smtp-ca in PEM.");
  if (say.nothing())
    say(Severity::ok, "mail",
        mail.loopback ? "Mails go to " + mail.host +
                            ", encrypted where it offers that: it is this "
                            "machine."
                      : "Mails go to " + mail.host +
                            " over TLS or not at all. Whether they arrive, "
                            "scalign mail test says.");
  return say.findings;
}

Findings check_settings(const Facts& facts) {
  if (!facts.settings)
    return {{Severity::ok, Subject::settings, "settings-not-given",
             "No file of settings was given; --config, as serve has it, is looked at."}};
  const SettingsFacts& settings = *facts.settings;
  Saying say(Subject::settings);
  if (settings.changeable_by_others)
    say(Severity::error, "settings-writable",
        "Others than who owns the data may change " + settings.file +
            ": they may say which notice is served, and where mails go.",
        "After a look at what is in it, chown it to who owns the data, and chmod go-w.");
  for (const std::string& objection : settings.objections)
    say(Severity::error, "settings-refused",
        "The server does not start with " + settings.file + ": " + objection + ".",
        "Correct it, or the notice.");
  if (say.nothing()) say(Severity::ok, "settings", "The server starts with " + settings.file + ".");
  return say.findings;
}

std::span<const Check> all_checks() {
  static constexpr std::array<Check, 12> kAll = {
      check_server, check_files, check_root,        check_replicas, check_store, check_clock,
      check_memory, check_disk,  check_certificate, check_notice,   check_mail,  check_settings};
  return kAll;
}

Findings examine(const Facts& facts) {
  Findings all;
  for (const Check check : all_checks())
    for (Finding& finding : check(facts)) all.push_back(std::move(finding));
  return all;
}

}  // namespace doctor
