#include "egress/queued_mail.h"

namespace egress {

vault::Key key_of(base::MailId id) { return {kMailCollection, {}, id.as<base::RecordTag>()}; }

vault::Fields to_fields(const Mail& mail) {
  vault::Fields fields;
  fields.set("kind", static_cast<std::int64_t>(mail.kind))
      .set("to", mail.to.text())
      .set("token", mail.token)
      .set("language", static_cast<std::int64_t>(mail.language))
      .set("origin", base::copy(base::view(mail.origin)));
  if (mail.device)
    fields.set("program", mail.device->program)
        .set("system", mail.device->system)
        .set("country", mail.device->country)
        .set("seen_at", mail.device->at);
  if (mail.by != base::Personal<std::string>()) fields.set("by", mail.by);
  return fields;
}

namespace {

base::Result<std::optional<SeenDevice>> device_in(const vault::Fields& fields) {
  if (!fields.has("program")) return std::optional<SeenDevice>();
  SeenDevice device;
  device.program = TRY(fields.text("program"));
  device.system = TRY(fields.text("system"));
  device.country = TRY(fields.text("country"));
  device.at = TRY(fields.time("seen_at"));
  return std::optional(std::move(device));
}

}  // namespace

base::Result<Mail> to_mail(base::OwnerId owner, const vault::Fields& fields) {
  const std::int64_t kind = TRY(fields.integer("kind"));
  base::Personal<std::string> to = TRY(fields.text("to"));
  base::Personal<std::string> token = TRY(fields.text("token"));
  const base::Bytes origin = TRY(fields.bytes("origin"));
  std::optional<SeenDevice> device = TRY(device_in(fields));
  base::Personal<std::string> by;
  if (fields.has("by")) by = TRY(fields.text("by"));
  const bool in_a_language = fields.has("language");  // not so in mails of the first version
  const std::int64_t language = in_a_language ? TRY(fields.integer("language")) : 0;
  if (kind < 0 || kind > static_cast<std::int64_t>(last_mail_kind) ||
      kind == static_cast<std::int64_t>(MailKind::test) || language < 0 ||
      language > static_cast<std::int64_t>(Language::norwegian))
    return base::Error{base::Code::corrupt, "a queued mail is of no known kind"};
  return Mail{static_cast<MailKind>(kind),
              owner,
              vault::Address::trusted(std::move(to)),
              std::move(token),
              std::string(base::text(origin)),
              static_cast<Language>(language),
              std::nullopt,
              std::move(device),
              std::move(by)};
}

}  // namespace egress
