#include "app/smtp_options.h"

#include <algorithm>

#include "app/options.h"
#include "notice/contrast.h"
#include "vault/address.h"

namespace app {
namespace {

constexpr std::size_t kPasswordFileMax = 1024;
constexpr std::size_t kCaFileMax = 512 << 10;
constexpr double kReadable = 4.5;  // WCAG 2.2 AA for text

bool receives_mail(const notice::Recipient& recipient) {
  return std::ranges::find(recipient.categories, "mail") != recipient.categories.end();
}

/// The colour of words on `accent`.
std::string upon(const std::string& accent) {
  return notice::contrast("#ffffff", accent) >= kReadable ? "#ffffff" : "#08221d";
}

}  // namespace

std::string one_line(const notice::Address& address) {
  return address.street + ", " + address.postal_code + " " + address.city + ", " +
         notice::in(address.country_name, "en");
}

std::optional<egress::SmtpServer> smtp_server(const SmtpOptions& options) {
  if (options.server.empty()) return std::nullopt;
  auto server = egress::parse_smtp(options.server);
  if (!server.ok()) return std::nullopt;
  if (loopback_name(server->place.host) && server->security == egress::Security::starttls)
    server->security = egress::Security::loopback;
  return std::move(*server);
}

std::vector<std::string> smtp_objections(const SmtpOptions& options,
                                         const notice::Document& document) {
  std::vector<std::string> reasons;
  if (options.server.empty()) {
    if (!options.user.empty() || !options.password_file.empty() || !options.from.empty() ||
        !options.ca_file.empty())
      reasons.emplace_back(
          "--smtp-user, --smtp-password-file, --smtp-ca and --mail-from belong to "
          "--smtp: give it, too");
    return reasons;
  }
  const auto server = smtp_server(options);
  if (!server) {
    reasons.push_back("--smtp " + options.server +
                      ": give smtp://host:587 (STARTTLS) or smtps://host:465 (TLS)");
    return reasons;
  }
  const std::string& host = server->place.host;
  if (std::ranges::none_of(document.recipients, [&](const notice::Recipient& recipient) {
        return may_reach(recipient, host) && receives_mail(recipient);
      }))
    reasons.push_back(
        "--smtp: no enabled recipient of the notice that receives the category mail "
        "names the host " +
        host + "; the default notice has the recipient mail_delivery for it");
  if (options.user.empty() != options.password_file.empty())
    reasons.emplace_back("--smtp-user and --smtp-password-file belong together");
  if (!options.from.empty() && !vault::Address::parse(options.from).ok())
    reasons.emplace_back("--mail-from: give an address, like post@company.example");
  return reasons;
}

egress::Sender sender_of(const notice::Document& document, const SmtpOptions& options) {
  const notice::Operator& who = document.operator_;
  egress::Sender sender{who.name, one_line(who.address), who.contact, who.organisation_number};
  if (!options.from.empty()) sender.from = options.from;
  sender.look = {who.brand.name, who.brand.accent_light, upon(who.brand.accent_light),
                 who.brand.accent_dark, upon(who.brand.accent_dark)};
  return sender;
}

base::Result<egress::SmtpAccess> smtp_access(base::Disk& disk, const SmtpOptions& options) {
  egress::SmtpAccess access{options.user, base::SecretBytes(), {}};
  if (!options.password_file.empty()) {
    base::Bytes raw = TRY_AS(base::read_file(disk, options.password_file, kPasswordFileMax),
                             "cannot read --smtp-password-file");
    std::size_t size = raw.size();
    while (size > 0 && (raw[size - 1] == '\n' || raw[size - 1] == '\r')) --size;
    access.password = base::SecretBytes::copy_of(base::View(raw).first(size));
    base::wipe(raw);
    if (size == 0) return base::Error{base::Code::invalid, "--smtp-password-file is empty"};
  }
  if (!options.ca_file.empty()) {
    const base::Bytes pem =
        TRY_AS(base::read_file(disk, options.ca_file, kCaFileMax), "cannot read --smtp-ca");
    access.authorities = std::string(base::text(pem));
  }
  return access;
}

}  // namespace app
