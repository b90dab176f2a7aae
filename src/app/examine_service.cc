#include <algorithm>

#include "app/examine.h"
#include "app/holder_command.h"
#include "app/load_notice.h"
#include "app/passphrase.h"
#include "base/secret_bytes.h"
#include "http/countries.h"
#include "http/tls.h"

namespace app {
namespace {

constexpr auto kReviewEvery = std::chrono::days(365);
constexpr std::uint32_t kOthers = 077;
constexpr std::size_t kLockedBytes = 64 << 10;  // of a password

/// Why what the settings name cannot be used; nothing where it can, or where that cannot be told.
std::optional<std::string> unusable(base::Disk& disk, const SmtpOptions& options) {
  if (!base::secret_memory_available(kLockedBytes)) return std::nullopt;
  const auto access = smtp_access(disk, options);
  if (!access.ok()) return access.error().chain();
  if (!options.ca_file.empty() && !http::certificate_term(access->authorities))
    return "there is no certificate in --smtp-ca";
  return std::nullopt;
}

doctor::MailFacts learn_mail(base::Disk& disk, const SmtpOptions& options,
                             const notice::Document* document) {
  doctor::MailFacts facts;
  if (const auto server = smtp_server(options)) {
    facts.host = server->place.host;
    facts.loopback = server->security == egress::Security::loopback;
  }
  if (document != nullptr) facts.objections = smtp_objections(options, *document);
  facts.password_file = options.password_file;
  const auto password = base::file_status(options.password_file, base::Links::follow);
  facts.password_open_to_others = password.ok() && (password->permissions & kOthers) != 0;
  facts.unusable = unusable(disk, options);
  return facts;
}

/// `*.example.com` stands for one more label.
bool names_host(const std::string& name, const std::string& host) {
  if (!name.starts_with("*.")) return name == host;
  const auto dot = host.find('.');
  return dot != std::string::npos && host.substr(dot) == name.substr(1);
}

void learn_names(const std::vector<std::string>& named, const ServeOptions& served,
                 const notice::Document& document, doctor::CertificateFacts& facts) {
  const auto hosts = served_names({}, document);
  for (const std::string& name : named)
    if (!loopback_name(name) && std::ranges::find(hosts, name) == hosts.end())
      facts.foreign.push_back(name);
  for (const std::string& host : served_names(served, document))
    if (!loopback_name(host) && std::ranges::none_of(named, [&](const std::string& name) {
          return names_host(name, host);
        }))
      facts.missing.push_back(host);
}

doctor::CertificateFacts learn_certificate(base::Disk& disk, const DoctorOptions& options,
                                           const notice::Document* document) {
  doctor::CertificateFacts facts;
  if (options.served.tls_certificate.empty() || options.served.tls_key.empty()) {
    facts.unusable = "--tls-cert and --tls-key belong together";
    return facts;
  }
  const auto key_file = base::file_status(options.served.tls_key, base::Links::follow);
  facts.key_open_to_others = key_file.ok() && (key_file->permissions & kOthers) != 0;
  const auto chain = base::read_file(disk, options.served.tls_certificate, kPemBytes);
  auto key = base::read_file(disk, options.served.tls_key, kPemBytes);
  if (!chain.ok() || !key.ok()) {
    facts.unusable = (chain.ok() ? key : chain).error().chain();
    return facts;
  }
  const std::string pem(base::text(*chain));
  http::Tls tls{pem, std::string(base::text(*key))};
  base::wipe(*key);
  const auto context = http::make_tls_context(tls);
  base::wipe({reinterpret_cast<std::uint8_t*>(tls.key_pem.data()), tls.key_pem.size()});
  const auto term = http::certificate_term(pem);
  if (!context.ok())
    facts.unusable = context.error().chain();
  else if (!term)
    facts.unusable = "it does not say how long it is valid";
  if (facts.unusable) return facts;
  facts.from = term->from;
  facts.until = term->until;
  if (document != nullptr)
    learn_names(http::certificate_names(pem), options.served, *document, facts);
  return facts;
}

/// By somebody who is neither root nor who owns the data.
bool changeable_by_others(const std::string& path, const std::string& data) {
  const auto file = base::file_status(path, base::Links::follow);
  const auto owned = base::file_status(data, base::Links::follow);
  return file.ok() && file->changeable_by_others_than(owned.ok() ? owned->owner : file->owner);
}

/// Files that the settings name, and that are looked at nowhere else.
void learn_files(const ServeOptions& served, std::vector<std::string>& objections) {
  if (base::secret_memory_available(kLockedBytes))
    if (const auto passphrase = read_passphrase(served.passphrase_file); !passphrase.ok())
      objections.push_back(passphrase.error().chain());
  if (!served.plans.empty() && changeable_by_others(served.plans, served.data))
    objections.push_back("--plans " + served.plans +
                         ": others than who owns the data may change it (chown it, chmod go-w)");
  const auto plans = check_plans_file(served.plans);
  if (!plans.ok())
    objections.push_back("--plans: " + plans.error().chain());
  else if (!plans->ok())
    objections.push_back("--plans " + served.plans + " is refused; serve says why");
  if (served.country_database.empty()) return;
  if (const auto countries = http::Countries::open(served.country_database); !countries.ok())
    objections.push_back("--country-database: " + countries.error().chain());
}

doctor::SettingsFacts learn_settings(const ServeOptions& served, const notice::Document* document) {
  doctor::SettingsFacts facts;
  facts.file = served.config;
  facts.changeable_by_others = changeable_by_others(served.config, served.data);
  if (document != nullptr) facts.objections = listening_objections(served, *document);
  for (std::string& reason : replica_objections(served))
    facts.objections.push_back(std::move(reason));
  learn_files(served, facts.objections);
  if (served.tls_self_signed)
    facts.speaks = doctor::Speaks::self_signed;
  else if (served.behind_proxy)
    facts.speaks = doctor::Speaks::proxy;
  facts.proxy_trusted = !served.trusted_proxies.empty();
  return facts;
}

doctor::NoticeFacts learn_notice(const notice::Document& document, base::Time now) {
  doctor::NoticeFacts facts;
  facts.version = document.version;
  facts.effective = document.effective;
  const auto overdue = [&](const std::string& day) {
    const auto at = base::parse_rfc3339(day + "T00:00:00Z");
    return at.ok() && now - *at > kReviewEvery;
  };
  for (const notice::Technology& technology : document.technologies)
    if (technology.enabled && overdue(technology.reviewed))
      facts.overdue.push_back("the technology " + technology.id);
  for (const notice::Recipient& recipient : document.recipients)
    if (recipient.enabled && overdue(recipient.checked_on))
      facts.overdue.push_back("the recipient " + recipient.id);
  return facts;
}

std::string first_error(const notice::Checked& checked) {
  for (const notice::Diagnostic& found : checked.diagnostics)
    if (found.severity == notice::Severity::error)
      return found.file + ":" + std::to_string(found.at.line) + ": " + found.message;
  return "it does not say why";
}

}  // namespace

void learn_of_service(base::Disk& disk, const DoctorOptions& options, doctor::Facts& facts) {
  const auto checked = check_notice_file(options.served.notice);
  const notice::Document* document =
      checked.ok() && checked->document ? &*checked->document : nullptr;
  if (document != nullptr)
    facts.notice = learn_notice(*document, facts.clock.now);
  else
    facts.notice.refused = checked.ok() ? first_error(*checked) : checked.error().chain();
  facts.notice.file = options.served.notice;
  facts.notice.changeable_by_others =
      changeable_by_others(options.served.notice, options.served.data);
  facts.certificate_key = options.served.tls_key;
  if (!options.served.tls_certificate.empty() || !options.served.tls_key.empty())
    facts.certificate = learn_certificate(disk, options, document);
  if (options.served.smtp != SmtpOptions())
    facts.mail = learn_mail(disk, options.served.smtp, document);
  if (!options.served.config.empty()) facts.settings = learn_settings(options.served, document);
  if (document == nullptr) return;
  for (doctor::HolderFacts& holder : facts.holders)
    holder.named = holder_objections({holder.host}, *document).empty();
}

}  // namespace app
