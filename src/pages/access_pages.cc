// Who and what may come in: where somebody is logged in.
#include <algorithm>

#include "base/country.h"
#include "http/http.h"
#include "pages/impl.h"
#include "pages/pages.h"
#include "pages/words.h"

namespace pages {
namespace {

std::string words(SessionsNote note) {
  switch (note) {
    case SessionsNote::none:
      break;
    case SessionsNote::ended:
      return "That session has ended.";
    case SessionsNote::others_ended:
      return "All other sessions have ended.";
  }
  return {};
}

/// `Firefox on Linux`
std::string device(const SessionRow& row) {
  const std::string& program = http::Door::open(row.program);
  const std::string& system = http::Door::open(row.system);
  std::string words = program.empty() ? "An unknown program" : capitalised(program);
  if (!system.empty()) words += " on " + system;
  return words;
}

/// What a scope opens, for whoever ticks it.
std::string meaning(std::string_view scope) {
  if (scope == "account:read") return "See your name and address";
  if (scope == "files:read") return "List and read your files";
  if (scope == "files:write") return "Upload, replace and delete your files";
  if (scope == "records:read") return "List and read your records";
  if (scope == "records:write") return "Put and delete your records";
  return {};
}

std::string listed(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

}  // namespace

std::string Pages::sessions(const Visitor& visitor, const SessionsPage& page) const {
  Values values = impl_->frame(visitor, "Where you are logged in", Place::account);
  Values::List rows;
  for (const SessionRow& row : page.sessions)
    rows.push_back(Values()
                       .text("id", row.id)
                       .text("device", device(row))
                       .maybe("place", "text",
                              base::country_name(http::Door::open(row.country), visitor.language))
                       .group("started", date(row.started))
                       .group("last_used", date(row.last_used))
                       .flag("current", row.current == Ticked::yes));
  values.flag("has_others", rows.size() > 1)
      .list("sessions", std::move(rows))
      .maybe("note", "text", words(page.note));
  return impl_->templates.render("sessions", values);
}

std::string Pages::tokens(const Visitor& visitor, const TokensPage& page) const {
  Values values = impl_->frame(visitor, "Access tokens", Place::account);
  put_errors(values, "No token was made", page.errors,
             {"name", "scope", "days", "password", "code"});
  Values::List rows;
  for (const TokenRow& row : page.tokens) {
    Values shown;
    shown.text("id", row.id)
        .text("name", http::Door::open(row.name))
        .text("scopes", listed(row.scopes))
        .group("expires", date(row.expires));
    if (row.last_used)
      shown.group("last_used", date(*row.last_used));
    else
      shown.flag("last_used", false);
    rows.push_back(std::move(shown));
  }
  Values::List boxes;
  for (const std::string& scope : page.scopes)
    boxes.push_back(
        Values()
            .text("scope", scope)
            .text("means", meaning(scope))
            .flag("checked", std::ranges::find(page.ticked, scope) != page.ticked.end()));
  values.text("account", page.account)
      .flag("has_tokens", !rows.empty())
      .list("tokens", std::move(rows))
      .list("boxes", std::move(boxes))
      .group("name", field(http::Door::open(page.name), "name", page.errors))
      .group("scope", field({}, "scope", page.errors))
      .group("days", field(page.days.empty() ? "90" : page.days, "days", page.errors))
      .group("password", field({}, "password", page.errors))
      .maybe("made", "token", http::Door::open(page.made))
      .maybe("note", "text", page.note == TokensNote::revoked ? "The token is revoked." : "");
  put_code(values, page.second, "/account/tokens", page.errors);
  return impl_->templates.render("tokens", values);
}

}  // namespace pages
