#include "accounts/import.h"

#include <gtest/gtest.h>

#include "tests/support/stack.h"

namespace accounts {
namespace {

using base::Code;
using support::address;
using support::opened;
using support::secret;

constexpr const char* kPassword = "correct horse battery";
constexpr std::string_view kBcrypt = "$2b$05$C54xPnxNH7krrOcdhGZBju18G9lAnK0hpTEa8lcSuRKLGYOBNhGki";
constexpr std::string_view kArgon2 =
    "$argon2id$v=19$m=1024,t=2,p=4$J8bg+XwgtSi1gueJHaaocA$o67nfw7OoMDhNsEk9SWG0A";
const std::string kHead = "email,legal_name,language,password_hash,created_at\n";
const std::string kFile = kHead + "kari@example.com,Kari Nordmann,nb," + std::string(kBcrypt) +
                          ",2019-05-01\nola@example.com,Ola Nordmann,,\"" + std::string(kArgon2) +
                          "\",\nase@example.com,Åse Nordmann,en,,\n";

class ImportTest : public testing::Test {
 protected:
  Imported run(std::string_view file, ImportMode mode = ImportMode::real) {
    Import import(*stack.accounts);
    const ImportSource source = [&](base::Mutable out) -> base::Result<std::size_t> {
      const std::size_t size = std::min(file.size(), out.size());
      std::ranges::copy(base::view(file.substr(0, size)), out.begin());
      file.remove_prefix(size);
      return size;
    };
    auto outcome = import.run(ImportFormat::csv, mode, source);
    EXPECT_TRUE(outcome.ok()) << outcome.error().chain();
    return std::move(outcome).value();
  }
  std::optional<NewSession> log_in(const char* email, const char* password = kPassword) {
    return std::move(*stack.accounts->log_in(address(email), secret(password)));
  }
  std::size_t arrivals() {
    std::size_t count = 0;
    stack.store
        ->read([&](store::Reader& reader) {
          return reader.query("SELECT 1 FROM arrivals_user", {},
                              [&](const store::Row&) -> base::Result<void> {
                                ++count;
                                return {};
                              });
        })
        .value();
    return count;
  }
  std::vector<ForeignCost> costs() {
    std::vector<ForeignCost> found;
    stack.store
        ->read([&](store::Reader& reader) -> base::Result<void> {
          found = TRY(Arrivals::costs(reader));
          return {};
        })
        .value();
    return found;
  }
  support::Stack stack;
};

TEST_F(ImportTest, MakesAccountsOnceAndMailsNobody) {
  const Imported first = run(kFile);
  EXPECT_EQ(first.wrong, 0U);
  EXPECT_EQ(first.made, 3U);
  const Imported again = run(kFile);
  EXPECT_EQ(again.made, 0U);
  EXPECT_EQ(again.known, 3U);
  const Imported twice =
      run(kHead + "nils@example.com,Nils Berg,,,\nNILS@example.com,Nils Berg,,,\n");
  EXPECT_EQ(twice.made, 1U);
  EXPECT_EQ(twice.known, 1U);
  EXPECT_EQ(arrivals(), 4U);
  stack.outbox->tick().value();
  EXPECT_TRUE(stack.transport.letters.empty());
}

TEST_F(ImportTest, ADryRunSaysAllThatIsWrongAndChangesNothing) {
  stack.join("Nils Berg", "nils@example.com", kPassword);
  const Imported dry = run(kFile + "nils@example.com,Nils Berg,,,\n", ImportMode::dry);
  EXPECT_EQ(dry.made, 3U);
  EXPECT_EQ(dry.known, 1U);
  EXPECT_EQ(arrivals(), 0U);
  EXPECT_FALSE(log_in("kari@example.com").has_value());

  std::string wrong = kHead;
  for (int i = 0; i < 60; ++i) wrong += "no address,7,de,5f4dcc3b5aa765d61d8327deb882cf99,soon\n";
  const Imported all = run(wrong, ImportMode::dry);
  EXPECT_EQ(all.wrong, 300U);
  ASSERT_EQ(all.findings.size(), import_findings_max);
  EXPECT_EQ(all.findings[0].at.line, 2U);
  EXPECT_EQ(all.findings[1].at.column, 12U);
  EXPECT_EQ(std::string_view(all.findings[1].what.c_str()).substr(0, 10), "legal_name");
  EXPECT_EQ(all.findings[99].at.line, 21U);
}

TEST_F(ImportTest, ARealRunEndsAtTheFirstThatIsWrong) {
  const Imported some = run(kFile + "x,y,,,\nnils@example.com,Nils Berg,,,\n", ImportMode::real);
  EXPECT_EQ(some.made, 3U);
  EXPECT_EQ(some.wrong, 1U);
  EXPECT_FALSE(stack.vault->find(address("nils@example.com"))->has_value());
}

TEST_F(ImportTest, AsksForTheTermsBeforeAnythingElse) {
  run(kFile);
  auto half = log_in("kari@example.com");
  ASSERT_TRUE(half && half->left == Left::acceptance);
  EXPECT_FALSE(stack.accounts->session(half->token)->has_value());
  EXPECT_EQ(stack.accounts
                ->let_in(half->identity.user, half->identity.account, {},
                         [](store::Tx&) -> base::Result<void> { return {}; })
                .code(),
            Code::denied);
  EXPECT_EQ(stack.proving->finish(half->token, AppCode{"123456"}, {})->proof, Proof::wrong_second);
  EXPECT_EQ(stack.accounts->accept(half->token, {"7", "1"}, {}).code(), Code::conflict);
  EXPECT_EQ(stack.accounts->accept(half->token, {"1", "7"}, {}).code(), Code::conflict);
  EXPECT_FALSE(stack.accounts->accept("nonsense", {"1", "1"}, {})->has_value());

  const auto session = stack.accounts->accept(half->token, {"1", "1"}, {}).value();
  ASSERT_TRUE(session && session->left == Left::nothing);
  const auto identity = stack.accounts->session(session->token).value();
  ASSERT_TRUE(identity.has_value());
  const auto profile = stack.accounts->profile(*identity).value();
  EXPECT_EQ(opened(profile.legal_name), "Kari Nordmann");
  EXPECT_EQ(base::rfc3339(profile.created), "2019-05-01T00:00:00Z");
  EXPECT_FALSE(stack.accounts->accept(half->token, {"1", "1"}, {})->has_value());
  EXPECT_EQ(log_in("kari@example.com")->left, Left::nothing);
  // What she said at her first login is there as if she had signed up.
  const auto permit = stack.gate
                          ->ask(gate::Actor::person, base::owner_of(identity->user),
                                *stack.policy.current().category("attestation"),
                                *stack.policy.current().purpose("manage_accounts"))
                          .value();
  stack.store
      ->read([&](store::Reader& reader) -> base::Result<void> {
        const auto said = TRY(stack.vault->get(reader, permit, {"attestation", {}, {}}));
        EXPECT_TRUE(said.fields.has("adult_professional_at"));
        EXPECT_TRUE(said.fields.has("terms_version"));
        return {};
      })
      .value();
}

TEST_F(ImportTest, WhoWantsNoAccountGetsAReceipt) {
  run(kFile);
  const auto half = log_in("ola@example.com");
  ASSERT_TRUE(half.has_value());
  EXPECT_FALSE(stack.accounts->decline("nonsense")->has_value());
  const auto receipt = stack.accounts->decline(half->token).value();
  ASSERT_TRUE(receipt.has_value());
  EXPECT_NE(receipt->find("erasure-receipt/v1"), std::string::npos);
  EXPECT_FALSE(log_in("ola@example.com").has_value());
  EXPECT_FALSE(stack.accounts->decline(half->token)->has_value());
  EXPECT_EQ(arrivals(), 2U);
  // Who has arrived cancels as everybody does.
  const auto joined = stack.join("Nils Berg", "nils@example.com", kPassword);
  const auto token = stack.proofs
                         ->begin({joined.identity.user, joined.identity.account},
                                 [](store::Tx&) -> base::Result<void> { return {}; })
                         .value();
  EXPECT_FALSE(stack.accounts->decline(token)->has_value());
  EXPECT_TRUE(log_in("nils@example.com").has_value());
}

TEST_F(ImportTest, HashesAnewAtTheFirstLogin) {
  run(kFile);
  EXPECT_EQ(costs().size(), 2U);
  EXPECT_FALSE(log_in("kari@example.com", "wrong horse battery").has_value());
  EXPECT_EQ(costs().size(), 2U);
  const auto half = log_in("kari@example.com");
  ASSERT_TRUE(half.has_value());
  EXPECT_EQ(costs().size(), 1U);  // hers is one of ours, before she has said anything
  EXPECT_TRUE(log_in("kari@example.com").has_value());
  EXPECT_EQ(arrivals(), 3U);
  ASSERT_TRUE(stack.accounts->accept(half->token, {"1", "1"}, {})->has_value());
  EXPECT_EQ(arrivals(), 2U);
  // Nobody knows the password of whoever came without a hash.
  EXPECT_FALSE(log_in("ase@example.com").has_value());
  EXPECT_FALSE(log_in("ase@example.com", "").has_value());
}

TEST_F(ImportTest, LoginsCostEverybodyTheSame) {
  run(kFile);
  stack.join("Nils Berg", "nils@example.com", kPassword);
  const auto hashes = [&](const char* email) {
    const std::uint64_t before = stack.passwords->tried();
    EXPECT_FALSE(log_in(email, "wrong horse battery").has_value());
    return stack.passwords->tried() - before;
  };
  for (const char* email : {"nobody@example.com", "nils@example.com", "kari@example.com",
                            "ola@example.com", "ase@example.com"})
    EXPECT_EQ(hashes(email), 3U) << email;  // ours, bcrypt and the other Argon2
  EXPECT_TRUE(log_in("kari@example.com").has_value());
  for (const char* email : {"nobody@example.com", "kari@example.com", "ola@example.com"})
    EXPECT_EQ(hashes(email), 2U) << email;
  EXPECT_TRUE(log_in("ola@example.com").has_value());
  EXPECT_EQ(hashes("nobody@example.com"), 1U);
}

TEST_F(ImportTest, RefusesMoreKindsOfHashesThanALoginCanTry) {
  std::string file = kHead;
  const auto row = [](int number, const char* rounds) {
    return "p" + std::to_string(number) + "@example.com,Kari Nordmann,,$2b$" + rounds + "$" +
           std::string(53, 'a') + ",\n";
  };
  file += row(1, "14") + row(2, "14") + row(3, "13") + row(4, "12");
  EXPECT_EQ(run(file).made, 4U);
  const Imported more = run(file + "p5@example.com,Kari Nordmann,,$pbkdf2-sha256$2900000$c2FsdA$" +
                            std::string(43, 'A') + ",\n");
  EXPECT_EQ(more.wrong, 1U);
  EXPECT_EQ(more.findings.at(0).at.line, 6U);
}

TEST_F(ImportTest, InvitesOnceEachWhoHasNotCome) {
  run(kFile);
  ASSERT_TRUE(
      stack.accounts->accept(log_in("ola@example.com")->token, {"1", "1"}, {})->has_value());
  Import import(*stack.accounts);
  const Invited invited = import.invite("http://localhost").value();
  EXPECT_EQ(invited.invited, 2U);
  EXPECT_EQ(invited.left, 0U);
  EXPECT_EQ(import.invite("http://localhost")->invited, 0U);
  stack.outbox->tick().value();
  ASSERT_EQ(stack.transport.letters.size(), 2U);
  for (const egress::Letter& letter : stack.transport.letters) {
    EXPECT_EQ(letter.kind, egress::MailKind::invitation);
    const bool kari = opened(letter.to) == "kari@example.com";
    EXPECT_EQ(letter.language, kari ? egress::Language::norwegian : egress::Language::english);
  }
  // Six days later the link still sets a password, and then she says what everybody does.
  stack.clock.advance(std::chrono::hours(6 * 24));
  ASSERT_TRUE(
      stack.changes
          ->recover(stack.token().value(), secret("another horse battery"), "http://localhost")
          .ok());
  const bool kari = opened(stack.transport.letters.back().to) == "kari@example.com";
  const auto half = log_in(kari ? "kari@example.com" : "ase@example.com", "another horse battery");
  ASSERT_TRUE(half.has_value());
  EXPECT_EQ(half->left, Left::acceptance);
}

TEST_F(ImportTest, WhoeverWasMovedHereOwnsHerAccountAndJoinsOthersOnceSheHasCome) {
  run(kFile);
  const NewSession olga = stack.join("Olga Owner", "olga@example.com", "three plain wooden boats");
  stack.invitations
      ->invite(olga.identity, {address("kari@example.com"), Role::member, egress::Language::english,
                               "http://localhost"})
      .value();
  stack.outbox->tick().value();
  const std::string token = stack.token().value();
  EXPECT_TRUE(stack.invitations->look(token)->known);
  EXPECT_EQ(
      stack.invitations->accept({support::personal("Kari"), secret(kPassword), {"1", "1"}}, token)
          .code(),
      Code::conflict);

  const auto half = log_in("kari@example.com");
  const auto kari = stack.accounts->accept(half->token, {"1", "1"}, {}).value();
  ASSERT_TRUE(kari);
  EXPECT_EQ(kari->identity.role, Role::owner);
  EXPECT_EQ(*stack.invitations->accept(kari->identity, token), olga.identity.account);
  // Her own account ends, and she goes on in the other.
  stack.accounts->cancel(kari->identity).value();
  const auto again = log_in("kari@example.com");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->identity.account, olga.identity.account);
  EXPECT_EQ(again->identity.role, Role::member);
}

TEST_F(ImportTest, RunsOneAtATime) {
  Import import(*stack.accounts);
  const auto outer = import.run(
      ImportFormat::csv, ImportMode::real, [&](base::Mutable) -> base::Result<std::size_t> {
        EXPECT_EQ(import.invite("http://localhost").code(), Code::conflict);
        EXPECT_EQ(import.run(ImportFormat::csv, ImportMode::dry, {}).code(), Code::conflict);
        return base::Error{Code::io, "the peer is gone"};
      });
  EXPECT_EQ(outer.code(), Code::io);
  EXPECT_TRUE(import.invite("http://localhost").ok());
}

}  // namespace
}  // namespace accounts
