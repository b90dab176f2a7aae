#include "app/init_facts.h"

#include <gtest/gtest.h>

#include <map>

namespace app {
namespace {

using Lines = std::vector<std::string>;

/// All that is needed, by options.
InitFacts whole() {
  InitFacts facts;
  facts.own = {.name = "Bergen Verft AS",
               .organisation_number = "912 345 678",
               .street = "Strandgaten 1",
               .postal_code = "5013",
               .city = "Bergen",
               .country = "NO",
               .country_name = "Norway",
               .contact = "post@verft.example",
               .service = "Dokk",
               .timezone = "Europe/Oslo",
               .origins = {"https://dokk.example"},
               .log_origin = "dokk.example/log"};
  facts.served.listen.clear();
  facts.served.behind_proxy = true;
  facts.served.smtp.server = "smtps://mail.example:465";
  facts.served.no_replica = true;
  return facts;
}

InitFacts nothing() {
  InitFacts facts;
  facts.served.listen.clear();
  return facts;
}

/// Answers by how a question begins; keeps what was asked.
struct Person {
  std::map<std::string, Lines> answers;
  Lines asked{};

  std::optional<std::string> operator()(const std::string& question) {
    asked.push_back(question);
    // Behind what was wrong with the last answer.
    const std::string line = question.substr(question.rfind('\n') + 1);
    for (auto& [start, said] : answers) {
      if (!line.starts_with(start) || said.empty()) continue;
      const std::string answer = said.front();
      said.erase(said.begin());
      return answer;
    }
    return "";
  }
};

Person operator_of_bergen() {
  return {{{"Legal name", {"Bergen Verft AS"}},
           {"Its organisation", {"912 345 678"}},
           {"Its street", {"Strandgaten 1"}},
           {"Its postal", {"5013"}},
           {"Its city", {"Bergen"}},
           {"Its country", {"NO"}},
           {"The country's", {"Norway"}},
           {"Mail address", {"post@verft.example"}},
           {"Its time zone", {"Europe/Oslo"}},
           {"Where the service", {"https://dokk.example"}},
           {"How is TLS", {"proxy"}},
           {"Mail server", {"smtps://mail.example:465"}},
           {"Host and port of a holder", {"none"}}}};
}

TEST(InitFacts, LackNothingWhereAllIsGiven) {
  InitFacts facts = whole();
  EXPECT_EQ(complete(facts, {}, {}), Lines{});
  EXPECT_EQ(facts.served.listen, "127.0.0.1:8080");
}

TEST(InitFacts, LackEachOnALineOfItsOwn) {
  InitFacts facts = nothing();
  const Lines lines = complete(facts, {}, {});
  const Lines options = {"--operator: ",
                         "--organisation-number: ",
                         "--street: ",
                         "--postal-code: ",
                         "--city: ",
                         "--country: ",
                         "--country-name: ",
                         "--contact: ",
                         "--service: ",
                         "--timezone: ",
                         "--origin: ",
                         "--log-origin: ",
                         "--tls-cert and --tls-key, ",
                         "--smtp: ",
                         "--replica with "};
  ASSERT_EQ(lines.size(), options.size());
  for (std::size_t i = 0; i < options.size(); ++i)
    EXPECT_TRUE(lines[i].starts_with(options[i])) << lines[i];
}

TEST(InitFacts, AreRefusedEachWithWhatWouldBeRight) {
  const std::vector<std::pair<void (*)(InitFacts&), const char*>> cases = {
      {[](InitFacts& f) { f.own.country = "no"; }, "--country no: give two capital letters"},
      {[](InitFacts& f) { f.own.contact = "nobody"; }, "--contact nobody: give a mail address"},
      {[](InitFacts& f) { f.own.name = "A\nB"; }, "--operator A\nB: give on one line"},
      {[](InitFacts& f) { f.own.timezone = "Europe/Nowhere"; }, "--timezone Europe/Nowhere: give"},
      {[](InitFacts& f) { f.own.timezone = "../zoneinfo/UTC"; }, "--timezone ../zoneinfo/UTC: "},
      {[](InitFacts& f) { f.own.origins = {"http://dokk.example"}; }, "--origin http://dokk"},
      {[](InitFacts& f) { f.own.origins.push_back("dokk.example"); },
       "--origin dokk.example: give"},
      {[](InitFacts& f) { f.own.log_origin = "Dokk"; }, "--log-origin Dokk: give a host"},
      {[](InitFacts& f) { f.served.smtp.server = "mail.example"; }, "--smtp mail.example: give"},
      {[](InitFacts& f) { f.replica = "x:1"; }, "--replica and --no-replica: give one"},
      {[](InitFacts& f) {
         f.served.behind_proxy = false;
         f.served.tls_self_signed = true;
         f.served.listen = "0.0.0.0:443";
       },
       "--tls-self-signed: on this machine alone"},
  };
  for (const auto& [change, expected] : cases) {
    InitFacts facts = whole();
    change(facts);
    const Lines lines = complete(facts, {}, {});
    ASSERT_EQ(lines.size(), 1U) << expected;
    EXPECT_TRUE(lines[0].starts_with(expected)) << lines[0];
  }
}

TEST(InitFacts, NeedNoMailServerToBeTriedHere) {
  InitFacts facts = whole();
  facts.served.behind_proxy = false;
  facts.served.tls_self_signed = true;
  facts.served.smtp.server.clear();
  EXPECT_EQ(complete(facts, {}, {}), Lines{});
}

TEST(InitFacts, NeedACodeForAHolderAndNoneForOneThatFollows) {
  InitFacts facts = whole();
  facts.served.no_replica = false;
  EXPECT_EQ(complete(facts, {}, {.settings = true, .followed = true}), Lines{});
  facts.replica = "holder.example:7300";
  const Lines lines = complete(facts, {}, {});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("--code-file: ")) << lines[0];
  facts.code_file = "-";
  EXPECT_EQ(complete(facts, {}, {}), Lines{});
  facts.replica_name = "Oslo 1";
  EXPECT_TRUE(complete(facts, {}, {})[0].starts_with("--replica-name Oslo 1: give lower case"));
}

TEST(InitFacts, AreAskedOfAPerson) {
  InitFacts facts = nothing();
  Person person = operator_of_bergen();
  EXPECT_EQ(complete(facts, std::ref(person), {}), Lines{});
  EXPECT_EQ(facts.own.name, "Bergen Verft AS");
  EXPECT_EQ(facts.own.service, "Bergen Verft AS");  // as suggested
  EXPECT_EQ(facts.own.origins, Lines{"https://dokk.example"});
  EXPECT_EQ(facts.own.log_origin, "dokk.example/log");
  EXPECT_TRUE(facts.served.behind_proxy);
  EXPECT_EQ(facts.served.trusted_proxies, Lines{"127.0.0.1"});
  EXPECT_EQ(facts.served.smtp.server, "smtps://mail.example:465");
  EXPECT_TRUE(facts.served.no_replica);
}

TEST(InitFacts, AreAskedAgainWhereTheAnswerWillNotDo) {
  InitFacts facts = nothing();
  Person person = operator_of_bergen();
  person.answers["Its country"] = {"Norway", "", "NO"};
  EXPECT_EQ(complete(facts, std::ref(person), {}), Lines{});
  EXPECT_EQ(facts.own.country, "NO");
  Lines country;
  for (const std::string& question : person.asked)
    if (question.find("Its country") != std::string::npos) country.push_back(question);
  EXPECT_EQ(country, (Lines{"Its country, in two letters:",
                            "Write two capital letters, like NO.\nIts country, in two letters:",
                            "Write something: it is needed.\nIts country, in two letters:"}));
}

TEST(InitFacts, AreAskedThreeTimesAtMost) {
  InitFacts facts = nothing();
  Person nobody;
  const Lines lines = complete(facts, std::ref(nobody), {});
  EXPECT_EQ(lines.size(), 15U);
  EXPECT_EQ(std::ranges::count_if(nobody.asked,
                                  [](const std::string& question) {
                                    return question.find("Legal name") != std::string::npos;
                                  }),
            3);
}

TEST(InitFacts, AreAskedOfNobodyWhoHasGone) {
  InitFacts facts = nothing();
  int asked = 0;
  const Ask gone = [&](const std::string&) -> std::optional<std::string> {
    ++asked;
    return std::nullopt;
  };
  EXPECT_EQ(complete(facts, gone, {}).size(), 15U);
  EXPECT_EQ(asked, 1);
}

TEST(InitFacts, OfSettingsThatAreThereAreNotAsked) {
  InitFacts facts = whole();
  facts.served.behind_proxy = false;
  facts.served.tls_self_signed = true;
  facts.served.smtp.server.clear();
  Person person;
  EXPECT_EQ(complete(facts, std::ref(person), {.settings = true}), Lines{});
  EXPECT_EQ(person.asked, Lines{});
}

TEST(InitFacts, DifferFromWhatIsThere) {
  const notice::OwnFacts there = whole().own;
  notice::OwnFacts given;
  EXPECT_EQ(differences(there, given), Lines{});
  EXPECT_EQ(differences(there, there), Lines{});
  given.city = "Oslo";
  given.origins = {"https://dokk.example", "https://www.dokk.example"};
  EXPECT_EQ(differences(there, given),
            (Lines{"--city: Bergen is there, Oslo is given",
                   "--origin: https://dokk.example is there, https://dokk.example, "
                   "https://www.dokk.example is given"}));
  fill_facts(there, given);
  EXPECT_EQ(given.city, "Oslo");
  EXPECT_EQ(given.name, "Bergen Verft AS");
  EXPECT_EQ(given.log_origin, "dokk.example/log");
}

}  // namespace
}  // namespace app
