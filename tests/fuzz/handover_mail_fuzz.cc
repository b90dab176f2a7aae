// What goes over the line to the child that hands mails over, and what comes back; replies of mail
// servers, text records of domains, and the languages that a browser asks for.
#include "base/dns.h"
#include "base/errand.h"
#include "egress/domain_policy.h"
#include "egress/mime.h"
#include "egress/smtp_message.h"
#include "http/accept.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::View bytes(data, size);
  const auto message = base::parse_errand(bytes);
  const base::View body = message.ok() && message->whole ? message->body : bytes;
  const auto handover = egress::parse_handover(body);
  if (handover.ok()) CHECK(base::equal_constant_time(egress::encode(*handover), body));
  const auto delivery = egress::parse_delivery(body);
  if (delivery.ok()) CHECK(base::equal_constant_time(egress::encode(*delivery), body));

  const std::string_view text = base::text(bytes);
  const auto reply = egress::read_reply(text);
  CHECK(reply.reply == 0 || (reply.reply >= 200 && reply.reply < 600));
  (void)base::text_of_record(text);
  const std::vector<std::string> texts = {std::string(text)};
  (void)egress::judge_spf(texts);
  (void)egress::judge_dkim(texts);
  (void)egress::judge_dmarc(texts);
  (void)http::prefers_norwegian(text);
  for (const char c : egress::header_text(text)) CHECK(static_cast<unsigned char>(c) < 0x80);
  return 0;
}
