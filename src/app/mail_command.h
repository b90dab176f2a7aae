// `mail`: try how mails are delivered, and note one that came back. For whoever operates the
// service; never says an address but the one that was given.
#pragma once

#include <string>
#include <vector>

#include "app/options.h"

namespace app {

struct MailTestOptions {
  std::string address;
  std::string resolver;                // address:port; empty: the system's
  std::vector<std::string> selectors;  // of DKIM keys
  std::string language = "en";
  ServeOptions served;  // of which the notice and the mail server count
  bool json = false;
};

struct MailBouncedOptions {
  std::string id;  // a Message-ID
  std::string data;
};

/// Exit code: 0 all holds and the mail was accepted, 1 something does not hold, 2 cannot be carried
/// out.
int mail_test(const MailTestOptions& options);
/// Exit code: 0 noted, 2 cannot be carried out.
int mail_bounced(const MailBouncedOptions& options);

}  // namespace app
