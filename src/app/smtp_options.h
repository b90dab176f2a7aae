// How mails are to be handed over, as the command line says it: which server, as whom, from which
// address. Read and checked before anything is opened; the password is read from its file alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/disk.h"
#include "egress/smtp.h"
#include "notice/document.h"

namespace app {

struct SmtpOptions {
  std::string server;         // smtp://host:587 or smtps://host:465; empty: none
  std::string user;           // empty: no authentication
  std::string password_file;  // the password, alone on its line
  std::string ca_file;        // certificates to trust instead of the system's, PEM
  std::string from;           // empty: the operator's contact address
  bool operator==(const SmtpOptions&) const = default;
};

/// The server that `options` name; nothing where there is none, or none that can be used.
std::optional<egress::SmtpServer> smtp_server(const SmtpOptions& options);

/// Why mails may not be handed over so under this notice; empty where they may. An enabled
/// recipient has to name the host and to be allowed the category mail.
std::vector<std::string> smtp_objections(const SmtpOptions& options,
                                         const notice::Document& document);

/// A postal address on one line.
std::string one_line(const notice::Address& address);
/// Whose mails are: facts of the notice's operator block, and the address that they come from.
egress::Sender sender_of(const notice::Document& document, const SmtpOptions& options);

/// What the transport needs to log in, from the files named.
base::Result<egress::SmtpAccess> smtp_access(base::Disk& disk, const SmtpOptions& options);

}  // namespace app
