// The pages about signing in: the second step, the factors, their codes, and proving it once more.
#include "http/http.h"
#include "pages/impl.h"
#include "pages/pages.h"
#include "pages/qr.h"
#include "pages/words.h"

namespace pages {
namespace {

constexpr std::size_t kGroup = 4;  // of the secret's letters, to type it from

std::string words(SecurityNote note) {
  switch (note) {
    case SecurityNote::none:
      break;
    case SecurityNote::app_added:
      return "Your authenticator app is added.";
    case SecurityNote::app_removed:
      return "The authenticator app is removed.";
    case SecurityNote::passkey_added:
      return "The passkey is added.";
    case SecurityNote::passkey_removed:
      return "The passkey is removed.";
    case SecurityNote::proven:
      return "Thank you. Go on where you were.";
  }
  return {};
}

std::string grouped(const std::string& letters) {
  std::string out;
  for (std::size_t i = 0; i < letters.size(); i += kGroup) {
    if (i > 0) out.push_back(' ');
    out += letters.substr(i, kGroup);
  }
  return out;
}

Values since(base::Time time) {
  return Values().text("machine", base::rfc3339(time)).text("text", day(time));
}

Values entry(const PasskeyEntry& passkey) {
  Values out;
  out.text("id", passkey.id)
      .text("name", http::Door::open(passkey.name))
      .group("added", since(passkey.added));
  if (passkey.used)
    out.group("used", since(*passkey.used));
  else
    out.flag("used", false);
  return out;
}

}  // namespace

std::string Pages::second_step(const Visitor& visitor, const SecondStepForm& form) const {
  Values values = impl_->frame(visitor, "One more step", Place::login);
  put_errors(values, "You are not logged in yet", form.errors, {"code", "recovery_code"});
  values.text("half", form.half)
      .flag("passkey", form.passkey)
      .group("script", Values().text("path", impl_->assets.path("passkeys.js")))
      .group("recovery_code", field({}, "recovery_code", form.errors))
      .maybe("next", "path", http::Door::open(form.next));
  if (form.app)
    values.group("code", field({}, "code", form.errors));
  else
    values.flag("code", false);
  impl_->promise(values, visitor, {"SECU-1"});
  return impl_->templates.render("second_step", values);
}

std::string Pages::security(const Visitor& visitor, const SecurityPage& page) const {
  Values values = impl_->frame(visitor, "Signing in", Place::account);
  put_errors(values, "Nothing has changed", page.errors, {"name"});
  Values::List passkeys;
  for (const PasskeyEntry& passkey : page.passkeys) passkeys.push_back(entry(passkey));
  values.maybe("note", "text", words(page.note))
      .group("script", Values().text("path", impl_->assets.path("passkeys.js")))
      .group("name", field(http::Door::open(page.name), "name", page.errors))
      .flag("has_passkeys", !passkeys.empty())
      .text("codes_left", number(page.codes_left))
      .flag("has_factor", page.app_since.has_value() || !passkeys.empty())
      .list("passkeys", std::move(passkeys));
  if (page.app_since)
    values.group("app", since(*page.app_since));
  else
    values.flag("app", false);
  return impl_->templates.render("security", values);
}

std::string Pages::authenticator(const Visitor& visitor, const AuthenticatorForm& form) const {
  Values values = impl_->frame(visitor, "Add an authenticator app", Place::account);
  put_errors(values, "The app is not added yet", form.errors, {"code"});
  values.group("code", field({}, "code", form.errors));
  const std::string& uri = http::Door::open(form.uri);
  if (const auto code = qr_code(uri); !uri.empty() && code.ok()) {
    values.group("qr", Values()
                           .text("side", std::to_string(code->side))
                           .text("path", code->path)
                           .text("uri", uri)
                           .text("secret", grouped(form.secret)));
  } else {
    values.flag("qr", false);
  }
  return impl_->templates.render("authenticator", values);
}

std::string Pages::recovery_codes(const Visitor& visitor, const RecoveryCodesPage& page) const {
  Values values = impl_->frame(visitor, "Recovery codes", Place::account);
  Values::List list;
  std::string file;
  for (const std::string& code : page.codes) {
    list.push_back(Values().text("letters", code));
    file += code + "\n";
  }
  values.list("codes", std::move(list))
      .text("data_url", "data:text/plain;base64," + base::base64(base::view(file)));
  return impl_->templates.render("recovery_codes", values);
}

std::string Pages::prove(const Visitor& visitor, const ProveForm& form) const {
  Values values = impl_->frame(visitor, "Is it you?", Place::account);
  put_errors(values, "It is not proved yet", form.errors, {"password", "code"});
  values.group("password", field({}, "password", form.errors))
      .flag("passkey", form.passkey)
      .group("script", Values().text("path", impl_->assets.path("passkeys.js")))
      .maybe("next", "path", http::Door::open(form.next));
  if (form.second)
    values.group("code",
                 field({}, "code", form.errors).flag("app", form.app).flag("may_be_empty", false));
  else
    values.flag("code", false);
  return impl_->templates.render("prove", values);
}

}  // namespace pages
