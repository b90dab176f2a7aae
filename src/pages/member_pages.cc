// The accounts of a person: which there are, how she comes into one and leaves it.
#include "http/http.h"
#include "pages/impl.h"
#include "pages/pages.h"
#include "pages/words.h"

namespace pages {
namespace {

/// What a role may do, for whoever is offered it.
std::string offered(std::string_view role) {
  if (role == "admin") return "you read and write its files, and say who belongs to it";
  if (role == "member") return "you read and write its files";
  return "you read its files";
}

}  // namespace

std::string Pages::leave(const Visitor& visitor, const LeaveForm& form) const {
  Values values = impl_->frame(visitor, "Leave the account", Place::account);
  put_errors(values, "You belong to it still", form.errors, {"password", "code"});
  values.text("account", form.account)
      .flag("several", form.several == Ticked::yes)
      .group("password", field({}, "password", form.errors));
  put_code(values, form.second, form.errors);
  return impl_->templates.render("leave", values);
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
