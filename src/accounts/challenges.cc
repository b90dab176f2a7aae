#include "accounts/challenges.h"

#include "base/crypto.h"

namespace accounts {
namespace {

// expires u64 | nonce | tag
constexpr std::size_t kExpires = 8;
constexpr std::size_t kNonce = 16;
constexpr std::size_t kTag = 16;
constexpr std::size_t kHead = kExpires + kNonce;

base::Time expiry_of(base::View challenge) {
  return base::Time(base::Duration(static_cast<std::int64_t>(base::load_u64(challenge.data()))));
}

}  // namespace

store::Schema Challenges::schema() {
  return {"challenges",
          {"CREATE TABLE challenges_used ("
           " challenge_digest BLOB PRIMARY KEY,"
           " expires_at INTEGER NOT NULL"
           ") STRICT, WITHOUT ROWID;"},
          store::Keeping::live};  // what was used is used, whatever a backup says
}

Challenges::Challenges(base::Clock& clock, base::Entropy& entropy)
    : clock_(clock), entropy_(entropy), key_(32) {
  entropy_.fill(key_.mutable_view());
}

base::Bytes Challenges::tag(base::View head, Ceremony ceremony, base::View subject) const {
  base::Bytes message;
  base::put_block(message, head);
  message.push_back(static_cast<std::uint8_t>(ceremony));
  base::put_block(message, subject);
  const base::Digest digest = base::hmac_sha256(key_.view(), message);
  return base::copy(base::View(digest).first(kTag));
}

base::Bytes Challenges::make(Ceremony ceremony, base::View subject) {
  base::Bytes challenge;
  const base::Time until = clock_.now() + challenge_lives;
  base::put_u64(challenge, static_cast<std::uint64_t>(until.time_since_epoch().count()));
  const base::Bytes nonce = entropy_.bytes(kNonce);
  challenge.insert(challenge.end(), nonce.begin(), nonce.end());
  const base::Bytes proof = tag(challenge, ceremony, subject);
  challenge.insert(challenge.end(), proof.begin(), proof.end());
  return challenge;
}

bool Challenges::good(base::View challenge, Ceremony ceremony, base::View subject) {
  if (challenge.size() != kHead + kTag) return false;
  const base::View head = challenge.first(kHead);
  if (!base::equal_constant_time(tag(head, ceremony, subject), challenge.subspan(kHead)))
    return false;
  return clock_.now() < expiry_of(challenge);
}

base::Result<void> Challenges::use(store::Tx& tx, base::View challenge) {
  CHECK(challenge.size() == kHead + kTag);
  const std::int64_t added =
      TRY(tx.run("INSERT INTO challenges_used (challenge_digest, expires_at) VALUES (?, ?)"
                 " ON CONFLICT (challenge_digest) DO NOTHING",
                 {base::sha256(challenge), expiry_of(challenge)}));
  if (added != 1) return base::Error{base::Code::missing, "this challenge was used already"};
  return {};
}

base::Result<void> Challenges::tick(store::Store& store) {
  return store.write([&](store::Tx& tx) -> base::Result<void> {
    TRY(tx.run("DELETE FROM challenges_used WHERE expires_at <= ?", {clock_.now()}));
    return {};
  });
}

}  // namespace accounts
