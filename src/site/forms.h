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
/// Code::conflict where a form that says which account it acts in does not mean this one.
base::Result<void> of_this_account(const accounts::Identity& identity,
                                   const std::optional<std::string>& said);
/// read_form() of a form that says in its field `account` which account it acts in: Code::conflict
/// where that is not this one, which she may have moved to in another tab.
base::Result<http::Form> read_form(const accounts::Identity& identity,
                                   const http::Request& request);
pages::PersonalText field(const http::Form& form, std::string_view name);
base::SecretBytes secret(const http::Form& form, std::string_view name = "password");
/// Never kept by a cache.
http::Response page(int status, std::string html);
/// Where to go on: only pages of ours, and of those only such whose address says nothing; else to
/// the application.
std::string next_page(std::string_view next);

/// The second factor that was given: `recovery_code`, or `code`, which takes both kinds; nothing
/// where none was filled in.
std::optional<accounts::Second> second_of(const http::Form& form);
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

/// Where what the password answered is over.
http::Response log_in_again(const Parts& parts);

/// What everybody ticks who begins, in the fields `adult_professional`, `terms` and `notice`.
struct Declared {
  pages::Ticked adult_professional = pages::Ticked::no;
  pages::Ticked terms = pages::Ticked::no;  // those that are in force
  accounts::Shown shown;
};
/// Adds to `errors` what is wrong with them.
Declared declared_in(const Parts& parts, const http::Form& form, pages::FieldErrors& errors);
/// She has just shown all that a login asks for: nothing is left to ask her. Should that fail, the
/// account is there all the same, and she logs in.
http::Response open_account(const Parts& parts, const http::Request& request,
                            const vault::Vault::Listed& made);

using Act = base::Result<http::Response> (*)(const Parts&, const accounts::Identity&,
                                             const http::Request&);
/// A page, or what its form does, for whoever is signed in (else the door) and whose role has
/// `right`.
void add_hers(http::Router& router, const Parts& parts, http::Method method, const char* path,
              Act act, std::optional<accounts::Right> right = std::nullopt);

}  // namespace site
