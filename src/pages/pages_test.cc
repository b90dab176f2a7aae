#include "pages/pages.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <regex>
#include <set>

#include "base/bytes.h"
#include "notice/vocabulary.h"
#include "pages/assets.h"
#include "pages/brand.h"
#include "pages/testing.h"
#include "pages/words.h"

namespace pages {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

const std::string nasty = R"(</title><script>alert("1")</script>'{{brand}}{{{x}}}&amp;)";
const std::string nasty_escaped =
    "&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/"
    "script&gt;&apos;{{brand}}{{{x}}}&amp;amp;";

const Pages& site() {
  static const std::unique_ptr<Pages> pages = Pages::open(default_document()).value();
  return *pages;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// What a person comes in by, and who else does.
std::map<std::string, std::string> access_pages(const std::string& text) {
  InvitationPage invitation = some_invitation(InvitationPage::Way::sign_up);
  invitation.token = invitation.by_name = invitation.by_email = about(text);
  invitation.email = invitation.legal_name = about(text);
  const Visitor visitor = kari(text);
  return {{"accounts", site().accounts(visitor, {{{text, about(text), "reader", Ticked::no}}})},
          {"leave", site().leave(visitor, {text, {true, true}, Ticked::no, {}})},
          {"invitation", site().invitation(visitor, invitation)},
          {"second_step",
           site().second_step(
               visitor,
               {.half = text, .app = true, .passkey = true, .next = about(text), .errors = {}})},
          {"arrival", site().arrival(visitor, {.half = text, .next = about(text)})}};
}

std::map<std::string, std::string> all_pages(const std::string& text) {
  SignupForm signup;
  signup.legal_name = about(text);
  signup.email = about(text);
  signup.token = about(text);
  LoginForm login;
  login.email = about(text);
  login.next = about(text);
  FilesPage files;
  files.folder = about(text);
  files.entries = {file(text, 1, "2026-11-23T09:12:00Z"), folder(text)};
  AccountPage account;
  account.legal_name = about(text);
  account.email = about(text);
  account.account = text;
  CancelForm cancel;
  cancel.stays = {text};
  cancel.second.asked = true;
  ReceiptPage receipt = read_receipt(receipt_json()).value();
  receipt.account = text;
  receipt.log_origin = text;
  receipt.stays = {text};
  receipt.pending = {text};
  receipt.json = text;
  const Visitor visitor = kari(text);
  std::map<std::string, std::string> pages = {
      {"home", site().home(visitor)},
      {"signup", site().signup(visitor, signup)},
      {"check_mail", site().check_mail(visitor, {.email = about(text)})},
      {"verify", site().verify(visitor, {about(text), {}})},
      {"login", site().login(visitor, login)},
      {"files", site().files(visitor, files)},
      {"account", site().account(visitor, account)},
      {"cancel", site().cancel(visitor, cancel)},
      {"receipt", site().receipt(visitor, receipt)},
      {"check_receipt", site().check_receipt(visitor, {.log_url = text, .verifier_key = text})},
      {"terms", site().terms(visitor)},
      {"name", site().name_form(visitor, {about(text), {}})},
      {"password", site().password_form(visitor, {})},
      {"address", site().address_form(visitor, {about(text), about(text), {true, true}, {}})},
      {"follow",
       site().follow(visitor, {FollowForm::Link::new_password, about(text), {{"token", "Old."}}})},
      {"recover", site().recover(visitor, {RecoverForm::Stage::ask, about(text), {}})},
      {"recover_asked", site().recover(visitor, {RecoverForm::Stage::asked, about(text), {}})},
      {"notice", site().notice(visitor, {{"RETN-1", {Mark::State::holds, text, text}}})},
      {"problem",
       site().problem(
           visitor, {.status = 400, .type = text, .title = text, .detail = text, .request = text})},
      {"problem_type", site().problem_type(visitor, "missing").value()}};
  pages.merge(access_pages(text));
  return pages;
}

TEST(Pages, EscapeWhateverPeopleWrite) {
  for (const auto& [name, html] : all_pages(nasty)) {
    EXPECT_FALSE(has(html, "<script>")) << name;
    EXPECT_FALSE(has(html, "(\"1\")")) << name;
    EXPECT_FALSE(has(html, "&amp;)'")) << name;
  }
  const auto pages = all_pages(nasty);
  EXPECT_TRUE(has(pages.at("signup"), "value=\"" + nasty_escaped + "\""));
  EXPECT_TRUE(has(pages.at("login"), "name=\"next\" value=\"" + nasty_escaped + "\""));
  EXPECT_TRUE(
      has(pages.at("files"), "name=\"path\" value=\"" + nasty_escaped + "/" + nasty_escaped));
  EXPECT_TRUE(has(pages.at("account"), nasty_escaped));
  EXPECT_TRUE(has(pages.at("receipt"), "<pre tabindex=\"0\">" + nasty_escaped + "</pre>"));
  EXPECT_TRUE(has(pages.at("notice"), nasty_escaped));
  EXPECT_TRUE(has(pages.at("problem"), "<h1>" + nasty_escaped + "</h1>"));
}

TEST(Pages, LeaveNoTagUnfilled) {
  for (const auto& [name, html] : all_pages("plain")) {
    EXPECT_FALSE(has(html, "{{")) << name;
    EXPECT_TRUE(html.starts_with("<!doctype html>\n<html lang=\"en\">")) << name;
    EXPECT_TRUE(html.ends_with("</html>\n")) << name;
    EXPECT_FALSE(has(html, "href=\"\"")) << name;
    EXPECT_FALSE(has(html, "src=\"\"")) << name;
  }
}

// The policy of the site allows neither; a page that needs one would be broken.
TEST(Pages, HaveNoInlineScriptOrStyle) {
  const std::regex inline_code(
      R"(<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc="/assets/)|javascript:)");
  for (const auto& [name, html] : all_pages("plain"))
    EXPECT_FALSE(std::regex_search(html, inline_code)) << name;
}

TEST(Pages, HaveOneHeadingOneMainAndAtMostOneSolidButton) {
  for (const auto& [name, html] : all_pages("plain")) {
    EXPECT_EQ(count(html, "<h1"), 1U) << name;
    EXPECT_EQ(count(html, "<main id=\"main\""), 1U) << name;
    EXPECT_LE(count(html, "button solid"), 1U) << name;
  }
}

TEST(Pages, GiveEachElementItsOwnId) {
  const std::regex id_attribute(R"re(\sid="([^"]*)")re");
  for (const auto& [name, html] : all_pages("plain")) {
    std::set<std::string> seen;
    for (std::sregex_iterator at(html.begin(), html.end(), id_attribute), end; at != end; ++at)
      EXPECT_TRUE(seen.insert((*at)[1]).second) << name << " " << (*at)[1];
  }
}

TEST(Pages, NameEveryFieldByALabel) {
  const std::regex field(R"re(<input id="([^"]*)")re");
  for (const auto& [name, html] : all_pages("plain")) {
    for (std::sregex_iterator at(html.begin(), html.end(), field), end; at != end; ++at)
      EXPECT_TRUE(has(html, "<label for=\"" + (*at)[1].str() + "\">")) << name << (*at)[1];
  }
}

TEST(Pages, ReferToAssetsThatExist) {
  const std::regex reference(R"re("(/assets/[^"]+)")re");
  for (const auto& [name, html] : all_pages("plain")) {
    int found = 0;
    for (std::sregex_iterator at(html.begin(), html.end(), reference), end; at != end; ++at) {
      ++found;
      EXPECT_TRUE(site().asset((*at)[1].str(), "").has_value()) << name << (*at)[1];
    }
    EXPECT_GE(found, 5) << name;
  }
  const std::string css(site().asset(site().asset_path("site.css"), "")->body);
  int fonts = 0;
  for (std::sregex_iterator at(css.begin(), css.end(), reference), end; at != end; ++at) {
    ++fonts;
    EXPECT_TRUE(site().asset((*at)[1].str(), "").has_value()) << (*at)[1];
  }
  EXPECT_EQ(fonts, 5);
}

TEST(Pages, ShowTheMenuOfWhoeverLooks) {
  const std::string stranger = site().home(nobody());
  EXPECT_TRUE(has(stranger, "href=\"/app/signup\""));
  EXPECT_TRUE(has(stranger, "href=\"/app\""));
  const std::string known = site().home(kari());
  EXPECT_TRUE(has(known, "href=\"/files\""));
  EXPECT_FALSE(has(known, "href=\"/app/signup\""));
  EXPECT_FALSE(has(known, "href=\"/app\""));
}

TEST(Forms, KeepWhatWasTypedExceptPasswords) {
  const std::string html = site().signup(nobody(), refused_signup());
  EXPECT_TRUE(has(html, "value=\"Kari Nordmann\""));
  EXPECT_TRUE(has(html, "value=\"kari@\""));
  EXPECT_TRUE(has(html, "value=\"yes\" required checked"));
  const std::regex password(R"(<input[^>]*type="password"[^>]*\svalue=)");
  EXPECT_FALSE(std::regex_search(html, password));
  EXPECT_FALSE(has(site().signup(nobody(), {}), " checked"));
}

TEST(Forms, SayWhatIsWrongAboveAndBesideTheField) {
  const std::string html = site().signup(nobody(), refused_signup());
  EXPECT_TRUE(has(html, "<title>Error: Create an account"));
  EXPECT_TRUE(has(html, "<a href=\"#email\">Give a whole address, such as name@example.com.</a>"));
  EXPECT_TRUE(has(html, "<p class=\"wrong\" id=\"email-wrong\">Give a whole address"));
  EXPECT_TRUE(has(html, "aria-describedby=\"email-hint email-wrong\" aria-invalid=\"true\""));
  EXPECT_FALSE(has(html, "legal_name-wrong"));
  const std::string fresh = site().signup(nobody(), {});
  EXPECT_FALSE(has(fresh, "Error: "));
  EXPECT_FALSE(has(fresh, "aria-invalid"));
}

TEST(Forms, ShowAnErrorOfTheWholeFormWithoutALink) {
  LoginForm form;
  form.errors = {{"", "Wrong email or password."}};
  const std::string html = site().login(nobody(), form);
  EXPECT_TRUE(has(html, "<li>Wrong email or password.</li>"));
  EXPECT_FALSE(has(html, "name=\"next\""));
}

TEST(Files, LeadToFoldersAndDownloads) {
  const std::string html = site().files(kari(), some_files());
  EXPECT_TRUE(has(html, "href=\"/files/Clients/Bergen%20Verft/Drawings/\""));
  EXPECT_TRUE(
      has(html, "href=\"/v1/files/Clients/Bergen%20Verft/Tender%202027%20final.pdf\" download"));
  EXPECT_TRUE(has(html,
                  "<a href=\"/files\">Files</a> / <a href=\"/files/Clients/\">Clients</a> / "
                  "<h1>Bergen Verft</h1>"));
  EXPECT_TRUE(has(html, "name=\"path\" value=\"Clients/Bergen Verft/Site photos.zip\""));
  EXPECT_TRUE(has(html, "2.4 MB"));
  EXPECT_EQ(count(html, "action=\"/files/delete\""), 5U);
  // Read as a stream: the folder has to be known before the bytes come.
  EXPECT_LT(html.find("name=\"folder\""), html.find("name=\"file\""));
}

TEST(Files, SayWhenThereIsNothing) {
  const std::string html = site().files(kari(), {});
  EXPECT_TRUE(has(html, "Nothing here yet."));
  EXPECT_TRUE(has(html, "<h1>Files</h1>"));
  EXPECT_FALSE(has(html, "<table"));
}

TEST(Receipt, ShowsWhatItSaysAndSavesItFromThePage) {
  const auto page = read_receipt(receipt_json());
  ASSERT_TRUE(page.ok());
  const std::string html = site().receipt(nobody(), *page);
  EXPECT_TRUE(has(html, "23 November 2026, 14:02:11 UTC</time>, epoch 88,412"));
  EXPECT_TRUE(has(html, "entry 1,930,442 of"));
  EXPECT_TRUE(has(html, "download=\"receipt-7h2k4d0qm4vxa1se7h2k4d0qm4.json\""));
  EXPECT_TRUE(
      has(html, "href=\"data:application/json;base64," + base::base64(base::view(receipt_json()))));
  EXPECT_FALSE(has(html, "state pending"));
}

TEST(Receipt, NamesTheReplicasThatHaveYetToConfirm) {
  std::string json = receipt_json();
  const std::string none = R"("replicas": [])";
  json.replace(json.find(none), none.size(),
               R"("replicas": [{"name": "1", "state": "destroyed", "behind": 0},
                     {"name": "2", "state": "pending", "behind": 4}])");
  const auto page = read_receipt(json);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->pending, std::vector<std::string>{"Replica 2 has yet to confirm"});
  const std::string html = site().receipt(nobody(), *page);
  EXPECT_TRUE(has(html, "<span class=\"state pending\">Replica 2 has yet to confirm</span>"));
}

TEST(Receipt, IsTakenFromNothingElse) {
  for (const char* wrong : {"", "{}", "[]", "null", "{\"account\":1}", "\xff"})
    EXPECT_FALSE(read_receipt(wrong).ok()) << wrong;
}

TEST(Notice, HasEveryClauseUnderItsId) {
  const std::string html = site().notice(nobody(), {});
  for (const std::string& id : notice::clause_ids())
    EXPECT_EQ(count(html, "<article class=\"clause\" id=\"" + id + "\""), 1U) << id;
  EXPECT_EQ(count(html, "In short: "), notice::clause_ids().size());
}

TEST(Notice, SaysOfEachClauseThatItIsNotMeasuredYet) {
  const std::string html = site().notice(nobody(), {});
  EXPECT_TRUE(has(html, "none measured yet"));
  EXPECT_EQ(count(html, "<span class=\"state unknown\">Not measured yet</span>"),
            notice::clause_ids().size());
  EXPECT_FALSE(has(html, ">Holds<"));
  EXPECT_FALSE(has(html, "How do you know?"));
}

TEST(Notice, ShowsTheMarksItIsGiven) {
  const std::string html = site().notice(nobody(), some_marks());
  EXPECT_TRUE(has(html, "3 of " + std::to_string(notice::clause_ids().size()) + " hold"));
  EXPECT_TRUE(has(html, "<span class=\"state holds\">Holds</span>"));
  EXPECT_TRUE(has(html, "<span class=\"state broken\">Does not hold</span>"));
  EXPECT_TRUE(has(html, "<span class=\"state pending\">Waiting</span>"));
  EXPECT_TRUE(has(html, "1,204 accounts erased"));
  EXPECT_TRUE(has(html, "Does not hold: <a href=\"#SECU-2\">SECU-2</a>"));
  EXPECT_FALSE(has(site().notice(nobody(), {}), "Does not hold"));
  EXPECT_EQ(count(html, "How do you know?"), 3U);
}

TEST(Notice, ShowsWhatTheFileDeclares) {
  const notice::Document document = default_document();
  const std::string html = site().notice(nobody(), {});
  for (const auto& category : document.categories)
    EXPECT_TRUE(has(html, notice::in(category.title, "en"))) << category.id;
  for (const auto& survivor : document.survivors)
    EXPECT_TRUE(has(html, notice::in(survivor.title, "en"))) << survivor.id;
  for (const auto& authority : document.authorities)
    EXPECT_TRUE(has(html, "href=\"" + authority.url + "\"")) << authority.country;
}

TEST(Operator, GivesNameColourAndLogo) {
  notice::Document document = default_document();
  document.operator_.name = "Fjord & Sons AS";
  document.operator_.brand.name = "fjord & sons";
  document.operator_.brand.accent_light = "#7a1f3d";
  document.operator_.brand.logo_path = "M0 0h9v9H0z";
  const auto pages = Pages::open(document).value();
  const std::string html = pages->home(nobody());
  EXPECT_TRUE(has(html, "<span>fjord &amp; sons</span>"));
  EXPECT_TRUE(has(html, "<span class=\"who\">Fjord &amp; Sons AS</span>"));
  EXPECT_TRUE(has(html, "<path d=\"M0 0h9v9H0z\"/>"));
  const std::string css(pages->asset(pages->asset_path("brand.css"), "")->body);
  EXPECT_TRUE(has(css, "--accent:#7a1f3d;"));
  EXPECT_NE(pages->asset_path("brand.css"), site().asset_path("brand.css"));
  EXPECT_EQ(pages->asset_path("site.css"), site().asset_path("site.css"));
}

TEST(Operator, CannotHaveAnAccentThatNobodyCanRead) {
  notice::Brand brand = default_document().operator_.brand;
  for (const char* wrong : {"#ffd400", "#777777", "green", "#12345", "#12345g", ""}) {
    notice::Brand other = brand;
    other.accent_light = wrong;
    EXPECT_FALSE(brand_css(other).ok()) << wrong;
  }
  notice::Brand gloomy = brand;
  gloomy.accent_dark = brand.accent_light;
  EXPECT_FALSE(brand_css(gloomy).ok());
  EXPECT_TRUE(brand_css(brand).ok());
}

TEST(Operator, CannotHaveALogoThatIsMoreThanALogo) {
  notice::Brand brand = default_document().operator_.brand;
  ASSERT_TRUE(logo_svg(brand).ok());
  notice::Brand script = brand;
  script.logo_path = "M0 0\"/><script>";
  EXPECT_FALSE(logo_svg(script).ok());
  notice::Brand box = brand;
  box.logo_view_box = "0 0 24 24\" onload=\"";
  EXPECT_FALSE(logo_svg(box).ok());
}

TEST(Assets, AreCompressedAsTheBrowserAllows) {
  const std::string path = site().asset_path("site.css");
  const auto plain = site().asset(path, "");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->encoding, "");
  EXPECT_EQ(plain->type, "text/css; charset=utf-8");
  EXPECT_EQ(plain->cache_control, "public, max-age=31536000, immutable");
  EXPECT_EQ(site().asset(path, "gzip, deflate, br")->encoding, "br");
  EXPECT_EQ(site().asset(path, "gzip;q=1.0, br;q=0")->encoding, "gzip");
  EXPECT_EQ(site().asset(path, "GZIP")->encoding, "gzip");
  EXPECT_EQ(site().asset(path, "zstd, brx")->encoding, "");
  EXPECT_LT(site().asset(path, "br")->body.size(), plain->body.size() / 3);
  EXPECT_EQ(site().asset(site().asset_path("serif.woff2"), "br")->encoding, "");
  EXPECT_FALSE(site().asset("/assets/site.css", "").has_value());
  EXPECT_FALSE(site().asset("/assets/../notice", "").has_value());
}

TEST(Assets, UnpackToWhatTheyWere) {
  const std::string path = site().asset_path("site.css");
  const auto plain = site().asset(path, "");
  const auto packed = site().asset(path, "gzip");
  std::string out(plain->body.size() + 1, '\0');
  z_stream stream{};
  ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed->body.data()));
  stream.avail_in = static_cast<uInt>(packed->body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  EXPECT_EQ(out, plain->body);
}

TEST(Assets, FontsAreSmall) {
  std::size_t all = 0;
  for (const char* name :
       {"serif.woff2", "grotesk.woff2", "mono.woff2", "serif-ext.woff2", "grotesk-ext.woff2"}) {
    const auto font = site().asset(site().asset_path(name), "");
    EXPECT_EQ(font->type, "font/woff2");
    EXPECT_TRUE(font->body.starts_with("wOF2")) << name;
    all += font->body.size();
  }
  EXPECT_LT(all, 110'000U);
}

TEST(Problems, AreExplainedByName) {
  for (const char* name :
       {"invalid", "unauthenticated", "denied", "missing", "conflict", "stale", "gone", "too-large",
        "unsupported", "exhausted", "unavailable", "full", "internal", "origin", "method", "range",
        "wrong-credentials", "wrong-password"})
    EXPECT_TRUE(site().problem_type(nobody(), name).has_value()) << name;
  EXPECT_FALSE(site().problem_type(nobody(), "teapot").has_value());
  const std::string html = site().problem(nobody(), {.status = 404,
                                                     .type = "missing",
                                                     .title = "There is no such page",
                                                     .detail = "nothing is served under this path",
                                                     .request = "abc"});
  EXPECT_TRUE(has(html, "Nothing is served under this path.</p>"));
  EXPECT_TRUE(has(html, "href=\"/problems/missing\""));
  EXPECT_FALSE(
      has(site().problem(
              nobody(),
              {.status = 418, .type = "teapot", .title = "A teapot", .detail = "", .request = ""}),
          "/problems/"));
}

TEST(Words, TellSizesAndTimes) {
  EXPECT_EQ(size(0), "0 bytes");
  EXPECT_EQ(size(1), "1 byte");
  EXPECT_EQ(size(999), "999 bytes");
  EXPECT_EQ(size(1000), "1 kB");
  EXPECT_EQ(size(318'400), "318 kB");
  EXPECT_EQ(size(999'600), "1.0 MB");
  EXPECT_EQ(size(2'449'000), "2.4 MB");
  EXPECT_EQ(size(9'960'000), "10 MB");
  EXPECT_EQ(size(~0ULL), "18 EB");
  EXPECT_EQ(number(0), "0");
  EXPECT_EQ(number(999), "999");
  EXPECT_EQ(number(1'930'442), "1,930,442");
  EXPECT_EQ(day(at("2026-11-23T23:59:59Z")), "23 November 2026");
  EXPECT_EQ(short_day(at("2026-02-03T00:00:00Z")), "3 Feb 2026");
  EXPECT_EQ(time_of_day(at("2026-11-23T04:02:09Z")), "04:02:09 UTC");
  EXPECT_EQ(kept(0, 0), "no files");
  EXPECT_EQ(kept(1, 1000), "1 file, 1 kB");
}

}  // namespace
}  // namespace pages
