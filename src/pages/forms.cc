// The pages before the door: signing up, proving the address, logging in.
#include "http/http.h"
#include "pages/impl.h"
#include "pages/pages.h"

namespace pages {
namespace {

std::string words(LoginNote note) {
  switch (note) {
    case LoginNote::none:
      break;
    case LoginNote::address_confirmed:
      return "Your address is confirmed. Log in, and begin.";
    case LoginNote::signed_out:
      return "You are signed out.";
    case LoginNote::password_set:
      return "You have a new password. Log in with it.";
    case LoginNote::session_ended:
      return "Your session has ended. Log in again, and go on where you were.";
  }
  return {};
}

}  // namespace

Values field(std::string value, std::string_view name, const FieldErrors& errors) {
  Values out;
  out.text("value", std::move(value)).flag("invalid", false);
  for (const FieldError& error : errors) {
    if (name != error.field.c_str()) continue;
    out.flag("invalid", true).text("wrong", error.text.c_str());
    break;
  }
  return out;
}

void put_errors(Values& values, std::string title, const FieldErrors& errors,
                std::initializer_list<std::string_view> fields) {
  Values::List list;
  for (const FieldError& error : errors) {
    const std::string name = error.field.c_str();
    const bool known = std::find(fields.begin(), fields.end(), name) != fields.end();
    list.push_back(
        Values().flag("at_field", known).text("field", name).text("text", error.text.c_str()));
  }
  values.flag("has_errors", !errors.empty())
      .text("errors_title", std::move(title))
      .list("errors", std::move(list));
}

void put_code(Values& values, const SecondField& second, const FieldErrors& errors) {
  if (second.asked)
    values.group("code", field({}, "code", errors).flag("app", second.app));
  else
    values.flag("code", false);
}

void Pages::Impl::declaration(Values& values, Ticked adult_professional, Ticked terms,
                              const FieldErrors& errors) const {
  values
      .group("adult_professional", field({}, "adult_professional", errors)
                                       .flag("checked", adult_professional == Ticked::yes))
      .group("terms", field(std::to_string(document.terms.version), "terms", errors)
                          .flag("checked", terms == Ticked::yes))
      .group("notice", Values().text("version", std::to_string(document.version)))
      .text("minimum_age", std::to_string(document.minimum_age));
}

std::string Pages::signup(const Visitor& visitor, const SignupForm& form) const {
  Values values = impl_->frame(visitor, "Create an account", Place::none);
  put_errors(values, "There is no account yet", form.errors,
             {"legal_name", "email", "token", "password", "adult_professional", "terms"});
  values.group("legal_name", field(http::Door::open(form.legal_name), "legal_name", form.errors))
      .group("email", field(http::Door::open(form.email), "email", form.errors))
      .group("password", field({}, "password", form.errors));
  impl_->declaration(values, form.adult_professional, form.terms, form.errors);
  if (form.token) values.group("token", field(http::Door::open(*form.token), "token", form.errors));
  impl_->promise(values, visitor, {"DATA-1", "AGES-1", "RETN-1"});
  return impl_->templates.render("signup", values);
}

std::string Pages::check_mail(const Visitor& visitor, const CheckMail& page) const {
  Values values = impl_->frame(visitor, "Read your mail", Place::none);
  values.text("email", http::Door::open(page.email));
  impl_->promise(values, visitor, {"DATA-1"});
  return impl_->templates.render("check_mail", values);
}

std::string Pages::verify(const Visitor& visitor, const VerifyForm& form) const {
  Values values = impl_->frame(visitor, "Confirm your address", Place::none);
  put_errors(values, "The address is not confirmed yet", form.errors, {"token", "password"});
  values.group("token", field(http::Door::open(form.token), "token", form.errors))
      .group("password", field({}, "password", form.errors));
  impl_->promise(values, visitor, {"DATA-1"});
  return impl_->templates.render("verify", values);
}

std::string Pages::login(const Visitor& visitor, const LoginForm& form) const {
  Values values = impl_->frame(visitor, "Log in", Place::login);
  put_errors(values, "You are not logged in", form.errors, {"email", "password"});
  values.group("email", field(http::Door::open(form.email), "email", form.errors))
      .group("password", field({}, "password", form.errors))
      .maybe("note", "text", words(form.note))
      .maybe("next", "path", http::Door::open(form.next));
  impl_->promise(values, visitor, {"SECU-1", "RETN-2"});
  return impl_->templates.render("login", values);
}

}  // namespace pages
