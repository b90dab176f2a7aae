// What each page shows, as plain structs: handlers fill them, Pages turns them into HTML. Holds no
// behaviour but read_receipt. Whatever is about a person is Personal here and opens only in Pages,
// at http's door.
//
// Every form posts to the address of its own page, as application/x-www-form-urlencoded unless said
// otherwise. The names of its fields stand with each model; they are also the names that a
// FieldError points to. A form keeps what was typed, except passwords.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/personal.h"
#include "base/result.h"

namespace pages {

using PersonalText = base::Personal<std::string>;

/// Who looks at the page.
struct Visitor {
  std::string language = "en";
  std::optional<PersonalText> name;  // whoever is signed in; nobody where there is none
};

/// What is wrong with one field, by its name, or with the whole form where `field` is empty. The
/// text is a sentence that says what to do.
struct FieldError {
  base::Literal field;
  base::Literal text;
};
using FieldErrors = std::vector<FieldError>;

enum class Ticked : std::uint8_t { no, yes };

/// /signup: legal_name, email, password, adult_professional (`yes` where ticked), terms (the
/// version that is accepted, where ticked), notice (the version that is shown), token (the code of
/// a mail, where it is asked for).
struct SignupForm {
  PersonalText legal_name;
  PersonalText email;
  Ticked adult_professional = Ticked::no;
  Ticked terms = Ticked::no;
  std::optional<PersonalText> token;  // nothing: it is not asked for
  FieldErrors errors;
};

/// What follows a sign-up, whether or not the address was known.
struct CheckMail {
  PersonalText email;
};

/// /verify: token, password (the one of the sign-up).
struct VerifyForm {
  PersonalText token;
  FieldErrors errors;
};

/// What has just happened, said above the form.
enum class LoginNote : std::uint8_t {
  none,
  address_confirmed,
  signed_out,
  session_ended,
  password_set
};

/// /login: email, password, next (where to go then; a path on this server, may be empty).
struct LoginForm {
  PersonalText email;
  PersonalText next;
  LoginNote note = LoginNote::none;
  FieldErrors errors;
};

struct FileEntry {
  enum class Kind : std::uint8_t { folder, file };
  Kind kind = Kind::file;
  PersonalText name;  // within its folder
  std::uint64_t size_bytes = 0;
  std::optional<base::Time> changed;
};

enum class FilesNote : std::uint8_t { none, uploaded, deleted };

/// /files and /files/{folder...}. Links go to /files/FOLDER/ and /v1/files/PATH. Two forms:
///  - POST /files/upload, multipart/form-data, in this order: folder (made as needed; may be
///    empty), file
///  - POST /files/delete: path, folder (to come back to)
struct FilesPage {
  std::string account;  // whose files they are: its forms say it
  PersonalText folder;  // `Clients/Bergen Verft`; empty at the top
  std::vector<FileEntry> entries;
  std::uint64_t used_bytes = 0;  // in the whole workspace
  FilesNote note = FilesNote::none;
  FieldErrors errors;
};

enum class AccountNote : std::uint8_t { none, renamed, password_changed, address_asked };

/// /account. Its form posts to /logout, without fields.
struct AccountPage {
  PersonalText legal_name;
  PersonalText email;
  std::string account;  // its id
  std::optional<base::Time> opened;
  std::uint64_t files = 0;
  std::uint64_t used_bytes = 0;
  AccountNote note = AccountNote::none;
  std::string role = "owner";  // hers
};

/// The field `code`, where she has a second factor.
struct SecondField {
  bool asked = false;  // whether she has one
  bool app = false;    // whether she has an authenticator app
};

/// /cancel: account, password, code.
struct CancelForm {
  std::string account;  // its id
  SecondField second;
  PersonalText legal_name;
  std::uint64_t files = 0;
  std::uint64_t used_bytes = 0;
  std::vector<std::string> stays;  // what outlives the account, a sentence each
  FieldErrors errors;
};

/// The answer to a cancellation, or to leaving one's only account. Nothing of it leads back to the
/// person.
struct ReceiptPage {
  std::string account;
  bool left = false;  // the account goes on, and she was erased
  base::Time destroyed;
  std::uint64_t epoch = 0;
  std::uint64_t index = 0;  // in the public log
  std::string log_origin;
  std::vector<std::string> pending;  // replicas and recipients that have yet to confirm, in words
  std::vector<std::string> stays;    // what outlives the account, a sentence each
  std::string json;                  // the receipt itself, as it is saved
};

/// The receipt as it is saved, taken apart. Code::invalid where it is none of ours.
base::Result<ReceiptPage> read_receipt(std::string json);

/// /receipt, for whoever has one: how to check it without us.
struct CheckReceiptPage {
  std::string log_url;       // https://…/log
  std::string verifier_key;  // the log's key, to compare and to pin
};

/// What is known about a clause being kept.
struct Mark {
  enum class State : std::uint8_t {
    not_measured,
    holds,
    pending,
    broken,
    attested,
    not_applicable
  };
  State state = State::not_measured;
  std::string figure;  // one or two sentences: what was measured
  std::string method;  // how it was measured, and how to see it without us
};
/// By clause id; a clause without an entry is not measured yet, and the page says so.
using Marks = std::map<std::string, Mark, std::less<>>;

/// A problem (RFC 9457) as a page.
struct ProblemPage {
  int status = 500;
  std::string type;  // the name under /problems/
  std::string title;
  std::string detail;
  std::string request;  // its id, to quote
};

}  // namespace pages
