#include "app/mail_metrics.h"

namespace app {

std::vector<http::Figure> mail_figures(Core& core) {
  using Kind = http::Figure::Kind;
  const auto figures = core.outbox->figures();
  if (!figures.ok()) return {};
  const auto oldest_seconds = std::chrono::duration_cast<std::chrono::seconds>(figures->oldest);
  return {
      {"mail_waiting", "Mails that wait to be accepted", Kind::gauge, figures->waiting},
      {"mail_oldest_seconds", "Age of the oldest waiting mail", Kind::gauge,
       static_cast<std::uint64_t>(oldest_seconds.count())},
      {"mail_accepted_total", "Mails accepted", Kind::counter, figures->accepted_total},
      {"mail_failed_total", "Mails refused for good, or too old", Kind::counter,
       figures->failed_total},
      {"mail_bounced_total", "Accepted mails that bounced", Kind::counter, figures->bounced_total},
      {"mail_retried_total", "Attempts that will be made again", Kind::counter,
       figures->retried_total},
      {"mail_server_unreachable_total", "Attempts that found no mail server", Kind::counter,
       figures->unreachable_total}};
}

}  // namespace app
