// The people of an account, and how somebody comes into it.
#include <array>

#include "http/http.h"
#include "pages/impl.h"
#include "pages/pages.h"
#include "pages/words.h"

namespace pages {
namespace {

std::string words(MembersNote note) {
  switch (note) {
    case MembersNote::none:
      break;
    case MembersNote::invited:
      return "The invitation is on its way. Its link works once, for seven days.";
    case MembersNote::withdrawn:
      return "The invitation is withdrawn, and what it held is erased.";
    case MembersNote::role_changed:
      return "The role is changed, from now on. A mail tells it.";
    case MembersNote::removed:
      return "This person does not belong to the account any more. A mail tells it.";
    case MembersNote::offered:
      return "The offer is made. Nothing changes before it is accepted.";
    case MembersNote::taken_back:
      return "The offer is off. Nothing has changed.";
    case MembersNote::accepted:
      return "You own this account now. Its former owner was told.";
    case MembersNote::joined:
      return "You belong to this account now.";
  }
  return {};
}

/// What a role may do, for whoever chooses it.
std::string meaning(std::string_view role) {
  if (role == "owner") return "everything";
  if (role == "admin") return "files and members";
  if (role == "member") return "reads and writes files";
  return "reads files";
}
/// The same, for whoever is offered it.
std::string offered(std::string_view role) {
  if (role == "admin") return "you read and write its files, and say who belongs to it";
  if (role == "member") return "you read and write its files";
  return "you read its files";
}

Values::List roles(std::string_view chosen) {
  Values::List list;
  for (const char* role : {"admin", "member", "reader"})
    list.push_back(Values()
                       .text("role", role)
                       .text("name", capitalised(role))
                       .text("means", meaning(role))
                       .flag("chosen", chosen == role));
  return list;
}

Values member(const MemberRow& row, const MembersPage& page) {
  const bool self = row.self == Ticked::yes;
  const bool changes = page.administers == Ticked::yes && !self && row.role != "owner";
  Values shown;
  shown.text("id", row.id)
      .text("name", http::Door::open(row.legal_name))
      .maybe("email", "text", http::Door::open(row.email))
      .text("role", capitalised(row.role))
      .text("means", meaning(row.role))
      .flag("self", self)
      .flag("changes", changes)
      .list("roles", roles(row.role))
      .flag("may_own", page.owns == Ticked::yes && !self);
  return shown;
}

void put_offer(Values& values, const std::optional<OfferRow>& offer) {
  if (!offer) {
    values.flag("offer", false);
    return;
  }
  const bool hers = offer->to_visitor == Ticked::yes;
  values.group("offer", Values()
                            .text("to", http::Door::open(offer->to))
                            .group("expires", date(offer->expires))
                            .flag("hers", hers));
}

}  // namespace

std::string Pages::members(const Visitor& visitor, const MembersPage& page) const {
  Values values = impl_->frame(visitor, "Members", Place::account);
  put_errors(values, "Nobody was invited", page.errors, {"email", "role"});
  Values::List rows, waiting;
  for (const MemberRow& row : page.members) rows.push_back(member(row, page));
  for (const InvitationRow& row : page.invitations)
    waiting.push_back(Values()
                          .text("id", row.id)
                          .text("email", http::Door::open(row.email))
                          .text("role", capitalised(row.role))
                          .group("expires", date(row.expires)));
  put_offer(values, page.offer);
  if (page.administers == Ticked::yes)
    values.group("administers",
                 Values()
                     .flag("has_waiting", !waiting.empty())
                     .list("waiting", std::move(waiting))
                     .group("email", field(http::Door::open(page.email), "email", page.errors))
                     .list("roles", roles(page.role.empty() ? "member" : page.role)));
  else
    values.flag("administers", false);
  values.list("members", std::move(rows))
      .text("account", page.account)
      .flag("may_leave", page.owns == Ticked::no)
      .flag("several", page.several == Ticked::yes)
      .maybe("note", "text", words(page.note));
  return impl_->templates.render("members", values);
}

std::string Pages::accounts(const Visitor& visitor, const AccountsPage& page) const {
  Values values = impl_->frame(visitor, "Your accounts", Place::account);
  Values::List rows;
  for (const AccountRow& row : page.accounts)
    rows.push_back(Values()
                       .text("id", row.id)
                       .text("owner", http::Door::open(row.owner))
                       .text("role", capitalised(row.role))
                       .flag("own", row.role == "owner")
                       .flag("current", row.current == Ticked::yes));
  values.list("accounts", std::move(rows));
  return impl_->templates.render("accounts", values);
}

std::string Pages::invitation(const Visitor& visitor, const InvitationPage& page) const {
  using Way = InvitationPage::Way;
  Values values = impl_->frame(visitor, "An invitation", Place::none);
  put_errors(values, "You have not joined yet", page.errors,
             {"legal_name", "password", "adult_professional", "terms"});
  const FieldErrors& errors = page.errors;
  values.text("token", http::Door::open(page.token))
      .text("by_name", http::Door::open(page.by_name))
      .text("by_email", http::Door::open(page.by_email))
      .text("email", http::Door::open(page.email))
      .text("role", page.role)
      .text("means", offered(page.role))
      .flag("declined", page.way == Way::declined)
      .flag("log_in", page.way == Way::log_in)
      .flag("known", page.way != Way::sign_up);
  if (page.way == Way::sign_up) {
    Values sign_up;
    sign_up.group("legal_name", field(http::Door::open(page.legal_name), "legal_name", errors))
        .group("password", field({}, "password", errors));
    impl_->declaration(sign_up, page.adult_professional, page.terms, errors);
    values.group("sign_up", std::move(sign_up));
  } else {
    values.flag("sign_up", false);
  }
  impl_->promise(values, visitor, {"DATA-1", "AGES-1", "RETN-1"});
  return impl_->templates.render("invitation", values);
}

}  // namespace pages
