// Writes every page with sample data, and the assets, as files: to look at them in a browser.
//   pages_preview DIRECTORY
#include <iostream>

#include "base/disk.h"
#include "pages/testing.h"

namespace {

using namespace pages;           // NOLINT(google-build-using-namespace)
using namespace pages::testing;  // NOLINT(google-build-using-namespace)

class Preview {
 public:
  Preview(base::Disk& disk, std::string directory)
      : disk_(disk), directory_(std::move(directory)) {}

  void write(const std::string& name, std::string_view bytes) {
    CHECK(disk_.make_directory(base::parent_of(directory_ + "/" + name)).ok());
    CHECK(base::write_file_atomically(disk_, directory_ + "/" + name, base::view(bytes)).ok());
  }
  void page(const std::string& name, const std::string& html) { write(name + ".html", html); }

 private:
  base::Disk& disk_;
  std::string directory_;
};

void write_public(Preview& out, const Pages& pages) {
  out.page("home", pages.home(nobody()));
  out.page("home-in", pages.home(kari()));
  out.page("signup", pages.signup(nobody(), {}));
  out.page("name", pages.name_form(kari(), {about("Kari Nordmann"), {}}));
  out.page("password", pages.password_form(
                           kari(), {{}, {{"new_password", "This password is easily guessed."}}}));
  out.page("address",
           pages.address_form(kari(), {{}, about("kari@example.com"), {true, true}, {}}));
  out.page("new-password", pages.follow(nobody(), {pages::FollowForm::Link::new_password, {}, {}}));
  out.page("undo-address", pages.follow(nobody(), {pages::FollowForm::Link::undo_address, {}, {}}));
  out.page("recover", pages.recover(nobody(), {}));
  out.page(
      "recover-asked",
      pages.recover(nobody(), {pages::RecoverForm::Stage::asked, about("kari@example.com"), {}}));
  out.page("terms", pages.terms(nobody()));
  out.page("signup-refused", pages.signup(nobody(), refused_signup()));
  out.page("check_mail", pages.check_mail(nobody(), {.email = about("kari@example.com")}));
  out.page("verify", pages.verify(nobody(), {}));
  out.page("verify-wrong",
           pages.verify(nobody(), {about("dpcxxlhsk3gluhxzkkk4pf55hy"),
                                   {{"password", "This is not the password that was chosen."}}}));
  SignupForm asked = refused_signup();
  asked.token = about("");
  asked.errors = {{"token", "Type the code of a mail from us that came to the address."}};
  out.page("signup-code", pages.signup(nobody(), asked));
  LoginForm login;
  out.page("login", pages.login(nobody(), login));
  login.email = about("kari@example.com");
  login.note = LoginNote::address_confirmed;
  login.errors = {{"", "Wrong email or password. We do not say which."}};
  out.page("login-refused", pages.login(nobody(), login));
  out.page("notice", pages.notice(nobody(), {}));
  out.page("notice-marked", pages.notice(kari(), some_marks()));
  out.page("problem", pages.problem(nobody(), {.status = 404,
                                               .type = "missing",
                                               .title = "There is no such page",
                                               .detail = "Nothing is served under this path.",
                                               .request = "7h2k4d0qm4vxa1se7h2k4d0qm4"}));
  out.page("problem_type", *pages.problem_type(nobody(), "wrong-credentials"));
  out.page("check_receipt",
           pages.check_receipt(nobody(), {.log_url = "https://example.com/log",
                                          .verifier_key = "example.com/log+1234abcd+AQID"}));
}

void write_security(Preview& out, const Pages& pages) {
  SecondStepForm second;
  second.app = second.passkey = true;
  out.page("second_step", pages.second_step(nobody(), second));
  second.errors = {{"recovery_code", "This code is wrong, or was used already."}};
  out.page("second_step-refused", pages.second_step(nobody(), second));
  ArrivalForm arrival;
  out.page("arrival", pages.arrival(nobody(), arrival));
  arrival.errors = {{"terms", "Read the terms that are in force, and accept them."}};
  out.page("arrival-refused", pages.arrival(nobody(), arrival));
}

void write_own(Preview& out, const Pages& pages) {
  FilesPage files = some_files();
  files.note = FilesNote::uploaded;
  out.page("files", pages.files(kari(), files));
  out.page("files-empty", pages.files(kari(), {}));
  FilesPage hostile = some_files();
  hostile.folder = about("Anbud/Statens vegvesen region vest/E39 Rogfast, underlag og beregninger");
  hostile.entries.push_back(file(std::string(180, 'W') + ".tar.gz", 1, "2026-11-23T09:12:00Z"));
  hostile.entries.push_back(
      file("<script>alert(1)</script> & \"quotes\".html", 999'600, "2026-11-23T09:12:00Z"));
  hostile.errors = {{"file", "Choose a file first."}};
  out.page("files-hostile",
           pages.files(kari("Kari Elisabeth von und zu Nordmann-Hansen Łukasiewicz"), hostile));
  out.page("account", pages.account(kari(), some_account()));
  CancelForm cancel = some_cancellation();
  out.page("cancel", pages.cancel(kari(), cancel));
  cancel.errors = {{"password", "This is not your password."}};
  out.page("cancel-refused", pages.cancel(kari(), cancel));
  write_security(out, pages);
  out.page("leave", pages.leave(kari(), {"a", {true, true}, Ticked::no, {}}));
  out.page("accounts",
           pages.accounts(kari(), {{{"a", about("Kari Nordmann"), "owner", Ticked::no},
                                    {"b", about("Ola Nordmann"), "reader", Ticked::yes}}}));
  using Way = InvitationPage::Way;
  out.page("invitation", pages.invitation(nobody(), some_invitation(Way::sign_up)));
  out.page("invitation-known", pages.invitation(nobody(), some_invitation(Way::log_in)));
  ReceiptPage receipt = read_receipt(receipt_json()).value();
  out.page("receipt", pages.receipt(nobody(), receipt));
  receipt.pending = {"One replica has yet to confirm"};
  out.page("receipt-pending", pages.receipt(nobody(), receipt));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "pages_preview DIRECTORY\n";
    return 2;
  }
  const auto pages = Pages::open(default_document());
  CHECK(pages.ok());
  base::RealDisk disk;
  Preview out(disk, arguments[1]);
  write_public(out, **pages);
  write_own(out, **pages);
  for (const char* name : {"site.css", "brand.css", "logo.svg", "notice.js", "serif.woff2",
                           "grotesk.woff2", "mono.woff2", "serif-ext.woff2", "grotesk-ext.woff2"}) {
    const std::string path = (*pages)->asset_path(name);
    out.write(path.substr(1), (*pages)->asset(path, "")->body);
  }
  return 0;
}
