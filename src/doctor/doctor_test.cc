#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "doctor/checks.h"
#include "doctor/report.h"
#include "doctor/words.h"

namespace doctor {
namespace {

using namespace std::chrono_literals;

const base::Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 27) + 8h;

/// All is well: nothing is said but ok.
Facts well() {
  Facts facts;
  facts.data = "data";
  facts.root = "data.root";
  facts.server = 42;
  facts.files.looked_at = 12;
  facts.root_key.there = true;
  facts.root_key.file_there = true;
  facts.root_key.same_file_system = true;
  facts.root_key.wrapped = Wrapped::yes;
  HolderFacts replica;
  replica.name = "oslo";
  replica.host = "holder.example";
  replica.replicates = true;
  replica.answer = Answer::yes;
  replica.whole = true;
  facts.holders = {replica};
  facts.store.there = true;
  facts.clock = {kNow, kNow - 3s, true};
  facts.memory.limits = base::ProcessLimits{8 << 20, 0};
  facts.memory.cores = base::CoreDumps{"core", false};
  facts.memory.swaps.emplace();
  facts.disks = {{"data", true, {"ext4", 100ULL << 30, 50ULL << 30, 1, false}}};
  CertificateFacts certificate;
  certificate.from = kNow - std::chrono::days(10);
  certificate.until = kNow + std::chrono::days(80);
  facts.certificate = certificate;
  facts.certificate_key = "key.pem";
  facts.notice.version = 1;
  facts.notice.effective = "2026-11-01";
  MailFacts mail;
  mail.host = "mail.example";
  mail.password_file = "smtp-password";
  facts.mail = mail;
  facts.settings.emplace();
  facts.settings->file = "data.serve.conf";
  return facts;
}

/// `name: severity` of whatever is not ok.
std::vector<std::string> said(const Facts& facts) {
  std::vector<std::string> all;
  for (const Finding& finding : examine(facts))
    if (finding.severity != Severity::ok)
      all.push_back(std::string(finding.name.c_str()) + ": " + name_of(finding.severity).c_str());
  return all;
}
using Said = std::vector<std::string>;

HolderFacts keeper(Answer answer) {
  HolderFacts holder;
  holder.name = "bergen";
  holder.host = "other.example";
  holder.keeps_root = true;
  holder.answer = answer;
  return holder;
}

struct Case {
  std::string expected;
  void (*change)(Facts& facts);
};

using Cases = std::vector<Case>;

Cases cases_of_files_and_root() {
  return {
      {"other-user: error", [](Facts& f) { f.examinable = false; }},
      {"files-open: warning", [](Facts& f) { f.files.wrong = {{"data/keys.ktn", true}}; }},
      {"files-open: error", [](Facts& f) { f.files.wrong = {{"data.root/root.ktn", true}}; }},
      {"files-writable: error",
       [](Facts& f) { f.files.wrong = {{"data/log/checkpoint", false, true}}; }},
      {"files-foreign: error", [](Facts& f) { f.files.wrong = {{"data/a", false, false, true}}; }},
      {"files-unreadable: error", [](Facts& f) { f.files.unreadable = {"data/content"}; }},
      {"root-missing: error", [](Facts& f) { f.root_key.there = false; }},
      {"root-in-data: error", [](Facts& f) { f.root_key.in_data = true; }},
      {"root-around-data: warning", [](Facts& f) { f.root_key.around_data = true; }},
      {"root-damaged: error", [](Facts& f) { f.root_key.damaged = "damaged"; }},
      {"root-file-missing: error", [](Facts& f) { f.root_key.file_there = false; }},
      {"root-file-damaged: error", [](Facts& f) { f.root_key.wrapped = Wrapped::damaged; }},
      {"root-beside-data: warning", [](Facts& f) { f.root_key.wrapped = Wrapped::no; }},
      {"root-unwrapped: warning",
       [](Facts& f) {
         f.root_key.wrapped = Wrapped::no;
         f.root_key.same_file_system = false;
       }},
      {"root-move-unfinished: warning", [](Facts& f) { f.root_key.clear = "remote:oslo"; }},
      {"root-split: warning",
       [](Facts& f) {
         f.root_key.split = true;
         f.holders.clear();
       }},
  };
}

Cases cases_of_replicas_and_store() {
  return {
      {"replica-none: warning", [](Facts& f) { f.holders.clear(); }},
      {"holders-key-unwrapped: warning", [](Facts& f) { f.root_key.key_to_holders = Wrapped::no; }},
      {"holders-key-unwrapped: warning",
       [](Facts& f) {
         f.root_key.key_to_holders = Wrapped::no;
         f.root_key.in_a_file = false;
         f.root_key.wrapped = Wrapped::unknown;
       }},
      // The root is plain as well: it is said of that.
      {"root-beside-data: warning",
       [](Facts& f) { f.root_key.key_to_holders = f.root_key.wrapped = Wrapped::no; }},
      {"holders-not-asked: warning",
       [](Facts& f) {
         f.key_to_holders_denied = true;
         f.holders[0].answer = Answer::nobody_asked;
       }},
      {"holders-damaged: error", [](Facts& f) { f.holders_damaged = "damaged"; }},
      {"holder-not-in-notice: error", [](Facts& f) { f.holders[0].named = false; }},
      {"holder-away: error", [](Facts& f) { f.holders.push_back(keeper(Answer::away)); }},
      {"replica-away: warning", [](Facts& f) { f.holders[0].answer = Answer::away; }},
      {"holder-not-paired: error", [](Facts& f) { f.holders[0].answer = Answer::not_paired; }},
      {"holder-other-tree: error", [](Facts& f) { f.holders[0].answer = Answer::other_tree; }},
      {"replaced: error", [](Facts& f) { f.holders[0].answer = Answer::replaced; }},
      {"replica-damaged: warning", [](Facts& f) { f.holders[0].pages_damaged = 2; }},
      {"replica-refuses: error", [](Facts& f) { f.holders[0].answer = Answer::refused; }},
      {"replica-empty: warning", [](Facts& f) { f.holders[0].whole = false; }},
      {"replica-behind: warning", [](Facts& f) { f.holders[0].epochs_behind = 1; }},
      {"replica-behind: warning", [](Facts& f) { f.holders[0].leaves_behind = 3; }},
      {"replica-waits: warning",
       [](Facts& f) {
         f.server.reset();
         f.holders[0].open_intents = 1;
       }},
      {"taking-over: error", [](Facts& f) { f.store.taking_over = true; }},
      {"store-damaged: error", [](Facts& f) { f.store.damaged = "a page is damaged"; }},
      {"store-newer: error", [](Facts& f) { f.store.newer = true; }},
      {"store-older: advice", [](Facts& f) { f.store.steps_missing = 2; }},
  };
}

Cases cases_of_the_machine() {
  return {
      {"clock-wrong: error",
       [](Facts& f) {
         f.clock = {base::Time(0s), {}, true};
         f.certificate.reset();
         f.notice.effective.clear();
       }},
      {"clock-behind: error", [](Facts& f) { f.clock.newest = f.clock.now + 10s; }},
      {"clock-unsynchronised: warning", [](Facts& f) { f.clock.synchronised = false; }},
      {"memory-not-lockable: error", [](Facts& f) { f.memory.lockable = false; }},
      {"cores-of-privileged: warning", [](Facts& f) { f.memory.cores->privileged = true; }},
      {"cores: advice", [](Facts& f) { f.memory.limits->core_bytes = 1; }},
      {"swap-unencrypted: warning",
       [](Facts& f) { f.memory.swaps = {{"/dev/sda3", false}, {"/dev/zram0", true}}; }},
      {"disk-full: warning", [](Facts& f) { f.disks[0].system.bytes_free = 1ULL << 30; }},
      {"disk-full: error", [](Facts& f) { f.disks[0].system.bytes_free = 1ULL << 20; }},
      {"disk-read-only: error", [](Facts& f) { f.disks[0].system.read_only = true; }},
      {"disk-does-not-sync: error", [](Facts& f) { f.disks[0].syncs = false; }},
      {"disk-forgets: error", [](Facts& f) { f.disks[0].system.kind = "tmpfs"; }},
      {"disk-of-a-container: warning", [](Facts& f) { f.disks[0].system.kind = "overlay"; }},
      {"disk-of-a-network: warning", [](Facts& f) { f.disks[0].system.kind = "nfs4"; }},
      {"disk-keeps-old-blocks: warning", [](Facts& f) { f.disks[0].system.kind = "btrfs"; }},
  };
}

Cases cases_of_the_service() {
  return {
      {"certificate-unusable: error", [](Facts& f) { f.certificate->unusable = "no PEM"; }},
      {"certificate-key-open: error", [](Facts& f) { f.certificate->key_open_to_others = true; }},
      {"certificate-early: error", [](Facts& f) { f.certificate->from = kNow + 1h; }},
      {"certificate-over: error", [](Facts& f) { f.certificate->until = kNow; }},
      {"certificate-ends: warning", [](Facts& f) { f.certificate->until = kNow + 100h; }},
      {"certificate-foreign: error", [](Facts& f) { f.certificate->foreign = {"a.example"}; }},
      {"certificate-lacks: warning", [](Facts& f) { f.certificate->missing = {"b.example"}; }},
      {"notice-refused: error", [](Facts& f) { f.notice.refused = "a.yaml:3: no basis"; }},
      {"notice-early: advice", [](Facts& f) { f.notice.effective = "2026-11-28"; }},
      {"notice-overdue: warning", [](Facts& f) { f.notice.overdue = {"the recipient x"}; }},
      {"mail-password-open: error", [](Facts& f) { f.mail->password_open_to_others = true; }},
      {"mail-refused: error", [](Facts& f) { f.mail->objections = {"no recipient"}; }},
      {"mail-unusable: error", [](Facts& f) { f.mail->unusable = "it is empty"; }},
      {"notice-writable: error", [](Facts& f) { f.notice.changeable_by_others = true; }},
      {"settings-writable: error", [](Facts& f) { f.settings->changeable_by_others = true; }},
      {"settings-refused: error", [](Facts& f) { f.settings->objections = {"no such name"}; }},
      {"proxy-not-trusted: warning",
       [](Facts& f) {
         f.certificate.reset();
         f.settings->speaks = Speaks::proxy;
       }},
  };
}

Cases cases() {
  Cases all;
  for (const auto& some : {cases_of_files_and_root(), cases_of_replicas_and_store(),
                           cases_of_the_machine(), cases_of_the_service()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

TEST(Doctor, SaysNothingWhereAllIsWell) {
  EXPECT_EQ(said(well()), Said{});
  std::set<Subject> subjects;
  for (const Finding& finding : examine(well())) subjects.insert(finding.subject);
  EXPECT_EQ(subjects.size(), all_checks().size());
  EXPECT_TRUE(text_of(examine(well())).ends_with("\n\nAll is well.\n"));
}

TEST(Doctor, FindsEachFlawAndSaysWhatToDo) {
  for (const Case& one : cases()) {
    Facts facts = well();
    one.change(facts);
    const auto all = said(facts);
    EXPECT_TRUE(std::ranges::find(all, one.expected) != all.end()) << one.expected;
    // A flaw is said once, and drags nothing along but the want of a replica.
    for (const std::string& other : all)
      EXPECT_TRUE(other == one.expected || other == "replica-none: warning")
          << one.expected << " brought " << other;
    for (const Finding& finding : examine(facts)) {
      EXPECT_EQ(finding.fix.empty(), finding.severity == Severity::ok) << finding.name.c_str();
      EXPECT_FALSE(finding.text.empty());
    }
  }
}

TEST(Doctor, EndsWithErrorsOnly) {
  Facts facts = well();
  facts.holders.clear();
  EXPECT_FALSE(any_error(examine(facts)));
  facts.store.newer = true;
  EXPECT_TRUE(any_error(examine(facts)));
}

TEST(Doctor, SaysWhatASplitRootCosts) {
  Facts facts = well();
  facts.root_key.split = true;
  facts.root_key.choice = "split:file,remote:oslo";
  EXPECT_EQ(said(facts), (Said{"root-split: warning", "replica-of-split-root: advice"}));
  const auto findings = check_root(facts);
  EXPECT_NE(findings[0].text.find("losing either share is losing every key"), std::string::npos);
  // The holder of a share follows as well: no share is missing on its disk.
  facts.holders[0].keeps_root = true;
  EXPECT_EQ(said(facts), (Said{"root-split: warning", "replica-beside-share: warning"}));
  // Not where the root is whole: then it has it anyway.
  facts.root_key.split = false;
  EXPECT_EQ(said(facts), Said{});
}

TEST(Doctor, LooksNoFurtherWhereThereIsNothing) {
  Facts facts = well();
  facts.data_there = false;
  EXPECT_EQ(said(facts), Said{"data-missing: error"});
}

TEST(Doctor, LeavesToAServerWhatItHandlesItself) {
  Facts facts = well();
  facts.memory.limits->core_bytes = 1;
  facts.memory.of_server = true;
  facts.holders[0].open_intents = 1;  // it is committing now
  EXPECT_EQ(said(facts), Said{});
}

TEST(Doctor, HasNothingToSayOfWhatIsUnknown) {
  Facts facts = well();
  facts.clock.synchronised.reset();
  facts.clock.newest.reset();
  facts.memory.cores.reset();
  facts.memory.swaps.reset();
  facts.root_key.wrapped = Wrapped::unknown;
  facts.certificate.reset();
  facts.mail.reset();
  EXPECT_EQ(said(facts), Said{});
}

TEST(Doctor, SaysEachReasonAgainstTheMailSettingsAndHowMailsGo) {
  Facts facts = well();
  EXPECT_NE(check_mail(facts)[0].text.find("mail.example over TLS or not at all"),
            std::string::npos);
  facts.mail->loopback = true;
  EXPECT_EQ(check_mail(facts)[0].text.find("over TLS"), std::string::npos);
  facts.mail->objections = {"no recipient", "no password"};
  facts.mail->password_open_to_others = true;
  EXPECT_EQ(said(facts),
            (Said{"mail-password-open: error", "mail-refused: error", "mail-refused: error"}));
  EXPECT_NE(check_mail(facts)[0].text.find("smtp-password"), std::string::npos);
}

TEST(Doctor, TakesAChoiceForAnAnswer) {
  Facts facts = well();
  facts.holders.clear();
  facts.replica_declined = true;
  EXPECT_EQ(said(facts), Said{});
  EXPECT_NE(check_replicas(facts)[0].text.find("None, as chosen: the loss of this host"),
            std::string::npos);
  facts.certificate.reset();
  facts.mail.reset();
  facts.settings->speaks = Speaks::proxy;
  facts.settings->proxy_trusted = true;
  EXPECT_EQ(said(facts), Said{});
  EXPECT_NE(check_certificate(facts)[0].text.find("A proxy"), std::string::npos);
  EXPECT_NE(check_mail(facts)[0].text.find("data/outbox"), std::string::npos);
  facts.settings->speaks = Speaks::self_signed;
  EXPECT_NE(check_certificate(facts)[0].text.find("no browser trusts"), std::string::npos);
  // A replica that is there counts all the same.
  facts.holders = well().holders;
  EXPECT_NE(check_replicas(facts)[0].text.find("oslo"), std::string::npos);
}

TEST(DoctorReport, IsGroupedAlignedAndWrapped) {
  const Findings findings = {
      {Severity::ok, Subject::server, "server", "Process 42 serves it."},
      {Severity::error, Subject::root, "root-missing", "There is none.", "Find it."},
      {Severity::warning, Subject::root, "root-split",
       std::string(30, 'a') + " " + std::string(30, 'b') + " " + std::string(30, 'c'), "Guard it."},
  };
  EXPECT_EQ(text_of(findings),
            "server       ok        Process 42 serves it.\n"
            "root         error     There is none.\n"
            "                       Fix: Find it.\n"
            "             warning   " +
                std::string(30, 'a') + " " + std::string(30, 'b') + "\n" +
                "                       " + std::string(30, 'c') + "\n" +
                "                       Fix: Guard it.\n"
                "\n1 error and 1 warning.\n");
}

TEST(DoctorReport, IsAnArrayForPrograms) {
  const auto json = nlohmann::json::parse(json_of({{Severity::warning, Subject::files, "files-open",
                                                    "Open: data/\xff.", "chmod -R go= data"}}));
  ASSERT_EQ(json.size(), 1U);
  EXPECT_EQ(json[0]["subject"], "files");
  EXPECT_EQ(json[0]["severity"], "warning");
  EXPECT_EQ(json[0]["name"], "files-open");
  EXPECT_EQ(json[0]["fix"], "chmod -R go= data");
}

TEST(DoctorWords, AreThoseOfPeople) {
  EXPECT_EQ(bytes_text(511), "511 bytes");
  EXPECT_EQ(bytes_text(3ULL << 30), "3 GiB");
  EXPECT_EQ(duration_text(1s), "1 second");
  EXPECT_EQ(duration_text(119s), "119 seconds");
  EXPECT_EQ(duration_text(49h), "2 days");
  EXPECT_EQ(list_text({"a"}), "a");
  EXPECT_EQ(list_text({"a", "b"}), "a and b");
  EXPECT_EQ(list_text({"a", "b", "c", "d", "e"}), "a, b, c and 2 more");
}

}  // namespace
}  // namespace doctor
