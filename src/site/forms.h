// What the pages with forms share: reading one, showing it again, and where to go after it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "accounts/proving.h"
#include "http/form.h"
#include "http/http.h"
#include "pages/pages.h"
#include "site/site.h"

namespace site {

/// The body's fields, of 16 KiB at most.
base::Result<http::Form> read_form(const http::Request& request);
pages::PersonalText field(const http::Form& form, std::string_view name);
base::SecretBytes secret(const http::Form& form, std::string_view name = "password");
/// Never kept by a cache.
http::Response page(int status, std::string html);
/// Where to go on: only pages of ours, and of those only such whose address says nothing.
std::string next_page(std::string_view next);

/// The second factor that was given: `passkey`, `recovery_code`, or `code`, which takes both kinds;
/// nothing where none was filled in, or what fills in for a passkey is none.
std::optional<accounts::Second> second_of(const http::Form& form,
                                          const accounts::webauthn::Site& site);
/// What a browser answered for a passkey, in the field `passkey`; nothing where it is none.
std::optional<accounts::webauthn::Assertion> assertion_of(const http::Form& form);
/// What is wrong with the field `code` (or `recovery_code`), for a proof that was not given.
pages::FieldError code_error(accounts::Proof proof, base::Literal field = "code");

/// Whether `identity` has to fill in `code`.
base::Result<pages::SecondField> second_field(const Parts& parts,
                                              const accounts::Identity& identity);
/// What came of proving who she is by the fields `password` and `code` of a form; counted.
base::Result<accounts::Proof> try_proof(const Parts& parts, const http::Request& request,
                                        const accounts::Identity& identity, const http::Form& form);
/// What is wrong with `password` or `code`, for a proof that was not given; `not_hers` says that
/// the password is not.
pages::FieldErrors proof_errors(accounts::Proof proof, base::Literal not_hers);

/// A receipt, which exists in this answer alone, with all cookies ended.
http::Response receipt_page(const Parts& parts, const http::Request& request,
                            const std::string& receipt);

/// The second step, with the ways that `user` has to take it.
http::Response second_step_page(const Parts& parts, int status, base::UserId user,
                                pages::SecondStepForm form);

/// Whether a page's act needs a recent proof (step-up).
enum class Proven : std::uint8_t { whenever, lately };
using Act = base::Result<http::Response> (*)(const Parts&, const accounts::Identity&,
                                             const http::Request&);
/// `act` for whoever is signed in, and has proved it lately where that is asked; else the page that
/// asks for it.
http::Response guarded(const Parts& parts, const http::Request& request, Proven proven, Act act);
accounts::Changing changing(const Parts& parts, const accounts::Identity& identity,
                            const http::Request& request);
base::Result<http::Response> security_page(const Parts& parts, const accounts::Identity& identity,
                                           int status, pages::SecurityPage shown);

}  // namespace site
