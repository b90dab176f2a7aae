#include "accounts/tokens.h"

#include <gtest/gtest.h>

#include "tests/support/stack.h"

namespace accounts {
namespace {

using base::Code;
using std::chrono::days;
using support::opened;
using support::personal;
using support::secret;

constexpr const char* kPassword = "correct horse battery";

class TokensTest : public testing::Test {
 protected:
  TokensTest() : kari(stack.join("Kari Nordmann", "kari@example.com", kPassword)) {}

  base::Result<NewToken> make(Scopes scopes, base::Duration lives = days(30)) {
    return stack.tokens->make(kari.identity, personal("Nightly upload"), scopes, lives);
  }
  bool opens(const NewToken& token) { return stack.tokens->find(token.token)->has_value(); }

  const Scopes files = Scopes().add(Scope::files_read);
  support::Stack stack;
  NewSession kari;
};

TEST_F(TokensTest, OpenWhatTheirScopesName) {
  const NewToken token = make(files).value();
  const auto found = stack.tokens->find(token.token).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->token, token.id);
  EXPECT_EQ(found->user, kari.identity.user);
  EXPECT_EQ(found->account, kari.identity.account);
  EXPECT_TRUE(found->scopes.has(Scope::files_read));
  EXPECT_FALSE(found->scopes.has(Scope::files_write));
  EXPECT_FALSE(found->scopes.has(Scope::account_read));
  EXPECT_EQ(make({}).code(), Code::invalid) << "a token that opens nothing is not made";
  // A session's token is none of these, and the other way round.
  EXPECT_FALSE(stack.tokens->find(kari.token).value());
  EXPECT_FALSE(stack.accounts->session(token.token).value());
}

TEST_F(TokensTest, AreListedWithoutWhatOpens) {
  const NewToken token = make(files).value();
  auto tokens = stack.tokens->list(kari.identity).value();
  ASSERT_EQ(tokens.size(), 1u);
  EXPECT_EQ(tokens[0].id, token.id);
  EXPECT_EQ(opened(tokens[0].name), "Nightly upload");
  EXPECT_EQ(tokens[0].scopes.all(), std::vector{Scope::files_read});
  EXPECT_EQ(base::rfc3339(tokens[0].created), "2026-11-23T00:00:00Z");
  EXPECT_EQ(base::rfc3339(tokens[0].expires), "2026-12-23T12:00:00Z");
  EXPECT_FALSE(tokens[0].last_used);

  stack.clock.advance(days(2));
  EXPECT_TRUE(opens(token));
  tokens = stack.tokens->list(kari.identity).value();
  ASSERT_TRUE(tokens[0].last_used);
  EXPECT_EQ(base::rfc3339(*tokens[0].last_used), "2026-11-25T00:00:00Z") << "the day, not the hour";
  EXPECT_TRUE(opens(token));
  stack.clock.advance(days(1));
  EXPECT_TRUE(opens(token));
  tokens = stack.tokens->list(kari.identity).value();
  EXPECT_EQ(base::rfc3339(*tokens[0].last_used), "2026-11-26T00:00:00Z") << "though remembered";
}

TEST_F(TokensTest, EndByThemselves) {
  const NewToken token = make(files, days(1)).value();
  stack.clock.advance(days(1) - base::Duration(1));
  EXPECT_TRUE(opens(token));
  EXPECT_TRUE(opens(token)) << "remembered by now, for as long as it lives";
  stack.clock.advance(base::Duration(1));
  EXPECT_FALSE(opens(token));
  EXPECT_TRUE(stack.tokens->list(kari.identity)->empty());
  ASSERT_TRUE(stack.tokens->tick().ok());
  EXPECT_EQ(make(files, days(366)).code(), Code::invalid);
  EXPECT_EQ(make(files, std::chrono::hours(23)).code(), Code::invalid);
}

TEST_F(TokensTest, AreRevokedByTheirOwnerAlone) {
  const NewToken token = make(files).value();
  const NewSession ola = stack.join("Ola Nordmann", "ola@example.com", kPassword);
  EXPECT_EQ(stack.tokens->revoke(ola.identity, token.id).code(), Code::missing);
  EXPECT_TRUE(stack.tokens->list(ola.identity)->empty());
  EXPECT_TRUE(opens(token));
  ASSERT_TRUE(stack.tokens->revoke(kari.identity, token.id).ok());
  EXPECT_FALSE(opens(token));
  EXPECT_EQ(stack.tokens->revoke(kari.identity, token.id).code(), Code::missing);
}

TEST_F(TokensTest, AreBounded) {
  for (std::size_t i = 0; i < Tokens::tokens_max; ++i) ASSERT_TRUE(make(files).ok());
  EXPECT_EQ(make(files).code(), Code::conflict);
  stack.clock.advance(days(29));
  ASSERT_TRUE(stack.accounts->session(kari.token).value()) << "or it would end as they do";
  stack.clock.advance(days(1));
  stack.prove(kari);
  EXPECT_TRUE(make(files).ok()) << "what has ended takes no room";
}

TEST_F(TokensTest, EndWithTheAccountAndWithARestore) {
  const NewSession ola = stack.join("Ola Nordmann", "ola@example.com", kPassword);
  const NewToken hers = make(files).value();
  const NewToken his = stack.tokens->make(ola.identity, personal("x"), files, days(9)).value();
  ASSERT_TRUE(stack.accounts->cancel(kari.identity).ok());
  EXPECT_FALSE(opens(hers));
  EXPECT_TRUE(opens(his));
  ASSERT_TRUE(stack.accounts->restored().ok());
  EXPECT_FALSE(opens(his));
}

TEST_F(TokensTest, EndWhenWhatProvesHerChanges) {
  const NewToken token = make(files).value();
  const NewSession other =
      *stack.accounts->log_in(support::address("kari@example.com"), secret(kPassword)).value();
  const auto ended = stack.store->write([&](store::Tx& tx) {
    return stack.accounts->end_access(tx, kari.identity.user, kari.identity.session);
  });
  ASSERT_TRUE(ended.ok());
  EXPECT_FALSE(opens(token));
  EXPECT_FALSE(stack.accounts->session(other.token).value());
  EXPECT_TRUE(stack.accounts->session(kari.token).value());
  EXPECT_EQ(make(files).code(), Code::denied) << "what she had proved is not what proves her now";
  stack.prove(kari);
  EXPECT_TRUE(make(files).ok());
}

TEST_F(TokensTest, NeitherTheTokenNorItsNameStandsInThePlain) {
  const NewToken token = make(files).value();
  ASSERT_TRUE(opens(token));
  stack.close();
  const std::string path = stack.directory.file("data/store.db");
  std::size_t looked = 0;
  for (const std::string& file : {path, path + "-wal"}) {
    const auto bytes = base::read_file(stack.disk, file, 64 << 20);
    if (!bytes.ok()) continue;
    looked += bytes->size();
    for (const std::string& word :
         {token.token, token.token.substr(9, 32), std::string("Nightly upload")})
      EXPECT_EQ(base::text(*bytes).find(word), std::string_view::npos);
  }
  EXPECT_GT(looked, 0u);
}

TEST(AccessToken, HasAShapeThatAScannerCanTell) {
  base::SeededEntropy entropy(1);
  const std::string token = make_access_token(entropy);
  EXPECT_TRUE(token.starts_with("scal_pat_"));
  EXPECT_EQ(token.size(), 49u);
  ASSERT_TRUE(digest_of_access_token(token));
  EXPECT_EQ(*digest_of_access_token(token), base::sha256(base::view(token)));
  EXPECT_NE(make_access_token(entropy), token);
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string changed = token;
    changed[at] = changed[at] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(digest_of_access_token(changed)) << at;
  }
  for (const std::string& other : {std::string(), token + "a", token.substr(0, 48), " " + token,
                                   "SCAL_PAT_" + token.substr(9), token + "\n"})
    EXPECT_FALSE(digest_of_access_token(other)) << other;
}

TEST(AccessToken, StandsBehindBearer) {
  EXPECT_EQ(bearer_token("Bearer abc"), "abc");
  EXPECT_EQ(bearer_token("bearer abc"), "abc");
  for (const char* other : {"", "Bearer", "Bearer ", "Basic abc", "abc", "Bearerabc"})
    EXPECT_FALSE(bearer_token(other)) << other;
}

TEST(TokenName, IsShortAndPrintable) {
  EXPECT_EQ(opened(parse_token_name("  Nightly upload ").value()), "Nightly upload");
  EXPECT_TRUE(parse_token_name("Å").ok());
  for (const std::string& bad : {std::string(), std::string("  "), std::string("a\nb"),
                                 std::string(81, 'x'), std::string("\xff")})
    EXPECT_EQ(parse_token_name(bad).code(), Code::invalid);
}

TEST(Scope, HasItsName) {
  for (const Scope scope : all_scopes) EXPECT_EQ(parse_scope(to_string(scope).c_str()), scope);
  for (const char* other : {"", "files", "files:READ", "account:cancel", "*"})
    EXPECT_FALSE(parse_scope(other)) << other;
  EXPECT_EQ(Scopes::of(~std::uint64_t{0}).all().size(), all_scopes.size())
      << "a number that is not used yet opens nothing";
}

}  // namespace
}  // namespace accounts
