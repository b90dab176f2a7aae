// What the pages with forms share: reading one, showing it again, and where to go after it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "accounts/proving.h"
#include "http/form.h"
#include "http/http.h"
#include "pages/pages.h"

namespace site {

/// The body's fields, of 16 KiB at most.
base::Result<http::Form> read_form(const http::Request& request);
pages::PersonalText field(const http::Form& form, std::string_view name);
/// Never kept by a cache.
http::Response page(int status, std::string html);
/// Where to go on: only pages of ours, and of those only such whose address says nothing.
std::string next_page(std::string_view next);

/// The second factor that was typed: `recovery_code`, or `code`, which takes both kinds; nothing
/// where neither was filled in.
std::optional<accounts::Second> second_of(const http::Form& form);
/// What is wrong with the field `code` (or `recovery_code`), for a proof that was not given.
pages::FieldError code_error(accounts::Proof proof, base::Literal field = "code");

}  // namespace site
