// For suites over the served program: how somebody comes into the account of another.
#pragma once

#include <stdexcept>

#include "tests/support/json.h"
#include "tests/support/served.h"

namespace support {

/// The token that `by` has mailed to an address.
inline std::string invited(Served& server, Browser& by, const std::string& email,
                           const std::string& role) {
  const Reply asked =
      by.json("POST", "/v1/invitations", json_object({{"email", email}, {"role", role}}));
  if (asked.status != 202) throw std::runtime_error("not invited: " + asked.body);
  return server.next_mail("member-invitation", email).token();
}

/// Invited by `by`, signed up through the link, and logged in.
inline Browser joined(Served& server, Browser& by, const Person& person, const std::string& role) {
  const std::string token = invited(server, by, person.email, role);
  Browser browser = server.browser();
  const Reply made = browser.json("POST", "/v1/invitations/signup",
                                  json_object({{"token", token},
                                               {"legal_name", person.name},
                                               {"password", person.password},
                                               {"adult_professional", "true"},
                                               {"terms", "1"},
                                               {"notice", "1"}}));
  if (made.status != 201) throw std::runtime_error("not joined: " + made.body);
  if (Served::log_in(browser, person).status != 200) throw std::runtime_error("not logged in");
  return browser;
}

}  // namespace support
