// For tests and the preview: pages of the default notice, and models with something in every field.
// Never part of the program.
#pragma once

#include <string>

#include "notice/notice.h"
#include "pages/pages.h"

namespace pages::testing {

inline PersonalText about(std::string text) { return PersonalText(std::move(text)); }
inline base::Time at(const char* text) { return base::parse_rfc3339(text).value(); }

inline notice::Document default_document() {
  const auto checked = notice::check(notice::default_file, notice::default_text());
  CHECK(checked.ok());
  return *checked.document;
}

inline Visitor nobody() { return {}; }
inline Visitor kari(std::string name = "Kari Nordmann") {
  return {.language = "en", .name = about(std::move(name))};
}

inline FileEntry folder(std::string name) {
  return {.kind = FileEntry::Kind::folder,
          .name = about(std::move(name)),
          .size_bytes = 0,
          .changed = std::nullopt};
}
inline FileEntry file(std::string name, std::uint64_t bytes, const char* changed) {
  return {.kind = FileEntry::Kind::file,
          .name = about(std::move(name)),
          .size_bytes = bytes,
          .changed = at(changed)};
}

inline FilesPage some_files() {
  FilesPage page;
  page.folder = about("Clients/Bergen Verft");
  page.entries = {folder("Drawings"),
                  folder("Contracts"),
                  file("Tender 2027 final.pdf", 2'400'000, "2026-11-23T09:12:00Z"),
                  file("Load calculations.xlsx", 318'000, "2026-11-22T10:00:00Z"),
                  file("Site photos.zip", 612'000'000, "2026-11-03T10:00:00Z"),
                  file("Minutes 2026-10-28.md", 4'000, "2026-10-28T10:00:00Z"),
                  file("Offer letter.docx", 56'000, "2026-10-21T10:00:00Z")};
  page.used_bytes = 3'400'000'000;
  return page;
}

inline AccountPage some_account() {
  return {.legal_name = about("Kari Nordmann"),
          .email = about("kari@example.com"),
          .account = "7h2k4d0qm4vxa1se7h2k4d0qm4",
          .opened = at("2026-11-23T08:00:00Z"),
          .files = 7,
          .used_bytes = 3'400'000'000};
}

inline CancelForm some_cancellation() {
  CancelForm form;
  form.legal_name = about("Kari Nordmann");
  form.files = 7;
  form.used_bytes = 3'400'000'000;
  form.stays = {
      "A tombstone: a random number that says a key existed and is destroyed, so that it is "
      "never made again."};
  return form;
}

inline InvitationPage some_invitation(InvitationPage::Way way) {
  InvitationPage page;
  page.way = way;
  page.token = about("abc");
  page.by_name = about("Kari Nordmann");
  page.by_email = about("kari@example.com");
  page.email = about("new@example.com");
  page.role = "member";
  return page;
}

inline std::string receipt_json() {
  return R"({
  "format": "erasure-receipt/v1",
  "operator": "Example AS",
  "account": "7h2k4d0qm4vxa1se7h2k4d0qm4",
  "statement": "The key that opened this account was destroyed.",
  "stays": ["A tombstone: a random number, so that the key is never made again."],
  "replicas": [],
  "log": {"origin": "example.com/log", "key": "example.com/log+1234abcd+AQID"},
  "erased_at": "2026-11-23T14:02:11Z",
  "epoch": 88412,
  "index": 1930442,
  "label": "00",
  "nonce": "AA==",
  "proof": "c2sp.org/tlog-proof@v1\n"
})";
}

inline SignupForm refused_signup() {
  SignupForm form;
  form.legal_name = about("Kari Nordmann");
  form.email = about("kari@");
  form.adult_professional = Ticked::yes;
  form.errors = {{"email", "Give a whole address, such as name@example.com."},
                 {"password", "Use at least 12 characters."}};
  return form;
}

inline Marks some_marks() {
  using State = Mark::State;
  const std::string how = "Counted on the running server. Anybody can count the same in the log.";
  return {{"RETN-1", {State::holds, "1,204 accounts erased, median 31 ms.", how}},
          {"RETN-3", {State::pending, "2 warnings not yet accepted. Deletion is barred.", how}},
          {"SECU-2", {State::broken, "One answer went out in the clear.", how}},
          {"STAF-3", {State::attested, "Undertakings signed, 2 March 2027.", {}}},
          {"DATA-2", {State::not_applicable, "Nobody pays yet.", {}}}};
}

}  // namespace pages::testing
