#include "app/mail_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/failed.h"
#include "app/load_notice.h"
#include "app/outside.h"
#include "base/clock.h"
#include "base/dns.h"
#include "base/entropy.h"
#include "egress/bounces.h"
#include "egress/domain_policy.h"
#include "egress/mime.h"

namespace app {
namespace {

using base::Code;
using base::Error;
using base::Result;
using egress::Verdict;

constexpr int kNo = 1;
constexpr int kCannot = 2;

struct Line {
  std::string name;
  Verdict verdict;
  std::string says;
};

Result<Line> look(const base::Resolver& resolver, std::string name, const std::string& at,
                  egress::Finding (*judge)(const std::vector<std::string>&)) {
  const auto texts = TRY(resolver.texts(at));
  const egress::Finding finding = judge(texts);
  return Line{std::move(name), finding.verdict, finding.says.c_str()};
}

/// The record of the domain itself, or of the one above that it belongs to.
Result<Line> look_for_dmarc(const base::Resolver& resolver, const std::string& domain) {
  Line line = TRY(look(resolver, "dmarc", "_dmarc." + domain, egress::judge_dmarc));
  const auto dot = domain.find('.');
  const bool has_above = domain.find('.', dot + 1) != std::string::npos;
  if (line.verdict != Verdict::fails || !has_above) return line;
  return look(resolver, "dmarc", "_dmarc." + domain.substr(dot + 1), egress::judge_dmarc);
}

Result<std::vector<Line>> look_at_domain(const MailTestOptions& options,
                                         const std::string& domain) {
  const auto resolver = TRY(base::Resolver::open(options.resolver));
  std::vector<Line> lines;
  lines.push_back(TRY(look(resolver, "spf", domain, egress::judge_spf)));
  for (const std::string& selector : options.selectors)
    lines.push_back(TRY(look(resolver, "dkim " + selector, selector + "._domainkey." + domain,
                             egress::judge_dkim)));
  if (options.selectors.empty())
    lines.push_back({"dkim", Verdict::advice,
                     "Not looked at: give the selector that your mail provider names, with "
                     "--dkim-selector."});
  lines.push_back(TRY(look_for_dmarc(resolver, domain)));
  return lines;
}

Line line_of(const egress::Delivery& delivery) {
  std::string said = egress::describe(delivery.outcome).c_str();
  if (delivery.reply != 0) said += fmt::format(", reply {}", delivery.reply);
  if (delivery.status_class != 0)
    said += fmt::format(" {}.{}.{}", delivery.status_class, delivery.status_subject,
                        delivery.status_detail);
  const bool accepted = delivery.outcome == egress::Outcome::accepted;
  return {"mail", accepted ? Verdict::holds : Verdict::fails, "The test mail was " + said + "."};
}

Result<Line> send(const MailTestOptions& options, const egress::Sender& sender) {
  base::RealDisk disk;
  base::ThreadWait wait;
  base::SystemClock clock;
  base::SystemEntropy entropy;
  const auto server = smtp_server(options.served.smtp);
  CHECK(server);
  auto access = TRY(smtp_access(disk, options.served.smtp));
  egress::SmtpTransport transport(wait, clock, egress::smtp_words(mail_arguments(), *server),
                                  std::move(access));
  const egress::Mail mail{egress::MailKind::test,
                          base::OwnerId{},
                          TRY(vault::Address::parse(options.address)),
                          base::Personal<std::string>(),
                          "",
                          egress::language_of(options.language)};
  const auto letter = egress::compose(base::MailId::random(entropy), mail, sender);
  const auto delivery = TRY(transport.deliver(letter, sender));
  return line_of(delivery);
}

void print(const MailTestOptions& options, const std::string& domain,
           const std::vector<Line>& lines) {
  if (options.json) {
    auto list = nlohmann::ordered_json::array();
    for (const Line& line : lines)
      list.push_back(
          {{"name", line.name}, {"verdict", to_string(line.verdict)}, {"says", line.says}});
    fmt::print("{}\n", nlohmann::ordered_json{{"domain", domain}, {"findings", list}}.dump(2));
    return;
  }
  fmt::print("Mails come from {}.\n", domain);
  for (const Line& line : lines)
    fmt::print("{:<8} {:<12} {}\n", to_string(line.verdict), line.name, line.says);
}

Result<int> test(const MailTestOptions& options, const notice::Document& document) {
  const auto sender = sender_of(document, options.served.smtp);
  // A wrong address is told before anybody is asked anything.
  TRY(vault::Address::parse(options.address));
  std::vector<Line> lines = TRY(look_at_domain(options, sender.domain()));
  lines.push_back(TRY(send(options, sender)));
  print(options, sender.domain(), lines);
  for (const Line& line : lines)
    if (line.verdict == Verdict::fails) return kNo;
  return 0;
}

}  // namespace

int mail_test(const MailTestOptions& options) {
  const auto checked = load_notice(options.served.notice, "mail test");
  if (!checked.document) return checked.exit_code;
  auto reasons = smtp_objections(options.served.smtp, *checked.document);
  if (options.served.smtp.server.empty()) reasons.emplace_back("give --smtp");
  for (const std::string& reason : reasons) fmt::print(stderr, "mail test: {}\n", reason);
  if (!reasons.empty()) return kCannot;
  const auto tested = test(options, *checked.document);
  return tested.ok() ? *tested : failed("mail test", tested.error());
}

int mail_bounced(const MailBouncedOptions& options) {
  base::RealDisk disk;
  const auto note = [&]() -> Result<void> {
    const auto id = egress::parse_message_id(options.id);
    if (!id.ok()) return Error{Code::invalid, "MESSAGE_ID: it is none of ours"};
    if (!TRY(disk.exists(options.data + "/store.db")))
      return Error{Code::missing, "--data: nothing was ever served from there"};
    return egress::Bounces(disk, options.data + "/bounces").note(*id);
  };
  const auto noted = note();
  if (!noted.ok()) return failed("mail bounced", noted.error());
  fmt::print("Noted. The server takes it up within seconds, or when it starts.\n");
  return 0;
}

}  // namespace app
