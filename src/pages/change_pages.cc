// The pages on which a person changes her account, or comes back into it.
#include "http/http.h"
#include "pages/change_models.h"
#include "pages/impl.h"
#include "pages/pages.h"

namespace pages {
namespace {

/// What stands on a page that a link in a mail leads to.
struct FollowWords {
  const char* title;
  const char* by_hand;
  const char* then;
  const char* button;
  const char* errors;
  const char* action;
};

FollowWords words_of(FollowForm::Link link) {
  switch (link) {
    case FollowForm::Link::prove_address:
      break;
    case FollowForm::Link::undo_address:
      return {
          "Undo the change of address",
          "The mail to your old address prints a code. Type it here, or paste it.",
          "The account comes back to your old address, everybody is signed out, and we send you "
          "a link to set a new password.",
          "Undo the change",
          "Nothing was undone",
          "/address/undo"};
    case FollowForm::Link::invitation:
      return {"You are invited",
              "The mail that invites you prints a code. Type it here, or paste it.",
              "See who invites you, and to what. Nothing happens before you accept.",
              "See the invitation",
              "This leads to no invitation",
              "/invitation"};
    case FollowForm::Link::new_password:
      return {"Set a new password",
              "The mail that we sent you prints a code. Type it here, or paste it, and choose a "
              "password.",
              "Choose a password. Everybody who is signed in to the account is signed out.",
              "Set the password",
              "The old password still holds",
              "/recover/password"};
  }
  return {"Confirm your new address",
          "The mail to your new address prints a code. Type it here, or paste it.",
          "One press, and the account has this address.",
          "Confirm my address",
          "The account keeps its old address",
          "/address/confirm"};
}

}  // namespace

std::string Pages::name_form(const Visitor& visitor, const NameForm& form) const {
  Values values = impl_->frame(visitor, "Change your name", Place::account);
  put_errors(values, "The name is as it was", form.errors, {"legal_name"});
  values.group("legal_name", field(http::Door::open(form.legal_name), "legal_name", form.errors))
      .text("heading", "Change your name")
      .text("lead", "The name that stands for you in this account: your full legal one.")
      .text("action", "/account/name")
      .text("button", "Change the name");
  return impl_->templates.render("change", values);
}

std::string Pages::password_form(const Visitor& visitor, const PasswordForm& form) const {
  Values values = impl_->frame(visitor, "Change your password", Place::account);
  put_errors(values, "The old password still holds", form.errors,
             {"password", "new_password", "code"});
  put_code(values, form.second, form.errors);
  values
      .group("password", field({}, "password", form.errors).text("label", "Your present password"))
      .group("new_password", field({}, "new_password", form.errors))
      .text("heading", "Change your password")
      .text("lead", "Whoever is signed in elsewhere is signed out, and a mail tells you.")
      .text("action", "/account/password")
      .text("button", "Change the password");
  return impl_->templates.render("change", values);
}

std::string Pages::address_form(const Visitor& visitor, const AddressForm& form) const {
  Values values = impl_->frame(visitor, "Change your address", Place::account);
  put_errors(values, "The address is as it was", form.errors, {"email", "password", "code"});
  put_code(values, form.second, form.errors);
  values.group("present", Values().text("email", http::Door::open(form.present)))
      .group("email", field(http::Door::open(form.email), "email", form.errors))
      .group("password", field({}, "password", form.errors).text("label", "Your password"))
      .text("heading", "Change your address")
      .text("lead",
            "We send a link to the new address. When you follow it, the account moves, and we tell "
            "both addresses. The old one can undo it for seven days.")
      .text("action", "/account/address")
      .text("button", "Send the link");
  return impl_->templates.render("change", values);
}

std::string Pages::follow(const Visitor& visitor, const FollowForm& form) const {
  const FollowWords words = words_of(form.link);
  Values values = impl_->frame(visitor, words.title, Place::none);
  put_errors(values, words.errors, form.errors, {"token", "password"});
  values.group("token", field(http::Door::open(form.token), "token", form.errors))
      .text("heading", words.title)
      .text("by_hand", words.by_hand)
      .text("then", words.then)
      .text("button", words.button)
      .text("action", words.action);
  if (form.link == FollowForm::Link::new_password)
    values.group("password", field({}, "password", form.errors));
  impl_->promise(values, visitor, {"SECU-1"});
  return impl_->templates.render("follow", values);
}

std::string Pages::recover(const Visitor& visitor, const RecoverForm& form) const {
  using Stage = RecoverForm::Stage;
  const char* const title = form.stage == Stage::ask     ? "Set a new password"
                            : form.stage == Stage::asked ? "Read your mail"
                                                         : "The address is yours again";
  Values values = impl_->frame(visitor, title, Place::login);
  put_errors(values, "No mail was sent", form.errors, {"email"});
  values.text("heading", title);
  if (form.stage == Stage::ask)
    values.group("email", field(http::Door::open(form.email), "email", form.errors));
  if (form.stage == Stage::asked)
    values.group("asked", Values().text("email", http::Door::open(form.email)));
  values.flag("undone", form.stage == Stage::undone);
  impl_->promise(values, visitor, {"SECU-1"});
  return impl_->templates.render("recover", values);
}

}  // namespace pages
