// The first login of somebody whom an import has brought.
#include "http/http.h"
#include "pages/impl.h"
#include "pages/pages.h"

namespace pages {

std::string Pages::arrival(const Visitor& visitor, const ArrivalForm& form) const {
  Values values = impl_->frame(visitor, "Your account is here now", Place::login);
  put_errors(values, "You are not logged in yet", form.errors, {"adult_professional", "terms"});
  values.text("half", form.half)
      .text("operator", impl_->document.operator_.name)
      .maybe("next", "path", http::Door::open(form.next));
  impl_->declaration(values, form.adult_professional, form.terms, form.errors);
  impl_->promise(values, visitor, {"DATA-1", "AGES-1", "RETN-1"});
  return impl_->templates.render("arrival", values);
}

std::string Pages::second_step(const Visitor& visitor, const SecondStepForm& form) const {
  Values values = impl_->frame(visitor, "One more step", Place::login);
  put_errors(values, "You are not logged in yet", form.errors, {"code", "recovery_code"});
  values.text("half", form.half)
      .flag("passkey", form.passkey)
      .group("recovery_code", field({}, "recovery_code", form.errors))
      .maybe("next", "path", http::Door::open(form.next));
  if (form.app)
    values.group("code", field({}, "code", form.errors));
  else
    values.flag("code", false);
  impl_->promise(values, visitor, {"SECU-1"});
  return impl_->templates.render("second_step", values);
}

}  // namespace pages
