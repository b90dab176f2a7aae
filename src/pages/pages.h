// The pages that people see, made on the server from templates that the binary carries: each a pure
// function from a model to HTML. Owns the templates, the style sheets, fonts and scripts, and what
// the notice's operator block gives them (name, logo, accent). Never reads a request, never looks
// anything up, never holds on to what it showed; every value is escaped where it enters a page.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "notice/document.h"
#include "pages/arrival_models.h"
#include "pages/change_models.h"
#include "pages/member_models.h"
#include "pages/models.h"

namespace pages {

/// A file that pages refer to. Its address contains a digest of its bytes, so it never changes.
struct Asset {
  std::string_view body;      // lives as long as Pages
  std::string_view type;      // Content-Type
  std::string_view encoding;  // Content-Encoding; empty where sent as it is
  std::string_view cache_control;
};

/// Safe from any thread.
class Pages {
 public:
  /// Code::invalid where the operator's accent is not legible (WCAG 2.2 AA) or not a colour.
  static base::Result<std::unique_ptr<Pages>> open(const notice::Document& document);
  ~Pages();
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  /// The page that carries the web application, wherever in it somebody is (`path`: /app…): the
  /// same for everybody. It says where to go without script.
  const std::string& application(std::string_view path = "/app") const;
  /// Where it differs: everywhere else below /app it is that of /app.
  std::vector<std::string> application_addresses() const;
  /// The page for whoever follows a link, wherever it leads.
  const std::string& link() const;
  std::string home(const Visitor& visitor) const;
  std::string signup(const Visitor& visitor, const SignupForm& form) const;
  std::string check_mail(const Visitor& visitor, const CheckMail& page) const;
  std::string verify(const Visitor& visitor, const VerifyForm& form) const;
  std::string login(const Visitor& visitor, const LoginForm& form) const;
  std::string files(const Visitor& visitor, const FilesPage& page) const;
  std::string account(const Visitor& visitor, const AccountPage& page) const;
  std::string leave(const Visitor& visitor, const LeaveForm& form) const;
  std::string accounts(const Visitor& visitor, const AccountsPage& page) const;
  std::string invitation(const Visitor& visitor, const InvitationPage& page) const;
  std::string cancel(const Visitor& visitor, const CancelForm& form) const;
  std::string receipt(const Visitor& visitor, const ReceiptPage& page) const;
  std::string check_receipt(const Visitor& visitor, const CheckReceiptPage& page) const;
  std::string notice(const Visitor& visitor, const Marks& marks) const;
  std::string name_form(const Visitor& visitor, const NameForm& form) const;
  std::string password_form(const Visitor& visitor, const PasswordForm& form) const;
  std::string address_form(const Visitor& visitor, const AddressForm& form) const;
  std::string follow(const Visitor& visitor, const FollowForm& form) const;
  std::string recover(const Visitor& visitor, const RecoverForm& form) const;
  std::string terms(const Visitor& visitor) const;
  std::string problem(const Visitor& visitor, const ProblemPage& page) const;
  // Signing in.
  std::string arrival(const Visitor& visitor, const ArrivalForm& form) const;
  std::string second_step(const Visitor& visitor, const SecondStepForm& form) const;
  /// The explanation at /problems/NAME; nothing where there is no such problem.
  std::optional<std::string> problem_type(const Visitor& visitor, std::string_view name) const;

  /// The asset at `path` (/assets/NAME.DIGEST.EXT), in the best encoding of those that
  /// Accept-Encoding allows; nothing where there is none. The answer varies by Accept-Encoding.
  std::optional<Asset> asset(std::string_view path, std::string_view accept_encoding) const;
  /// The addresses of all assets, sorted.
  std::vector<std::string> asset_addresses() const;
  /// Where a file is to be found: `asset_path("site.css")` is /assets/site.DIGEST.css.
  std::string asset_path(std::string_view name) const;

 private:
  struct Impl;
  explicit Pages(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pages
