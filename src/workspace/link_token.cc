#include "workspace/link_token.h"

#include <algorithm>

namespace workspace {
namespace {

constexpr std::size_t kId = base::RecordId::size;

}  // namespace

std::string LinkToken::str() const {
  base::Bytes raw = base::copy(account.bytes());
  raw.insert(raw.end(), link.bytes().begin(), link.bytes().end());
  raw.insert(raw.end(), secret.begin(), secret.end());
  return base::base64url(raw);
}

base::Digest LinkToken::digest() const {
  base::Bytes message = base::copy(base::view("link v1"));
  base::put_block(message, link.bytes());
  base::put_block(message, secret);
  return base::sha256(message);
}

base::Result<LinkToken> LinkToken::parse(std::string_view text) {
  const base::Error none{base::Code::missing,
                         "this link leads nowhere: it has run out, was revoked, or never was"};
  LinkToken token;
  const auto raw = base::parse_base64url(text);
  if (!raw.ok() || raw->size() != 2 * kId + token.secret.size()) return none;
  const base::View all(*raw);
  token.account = TRY(base::AccountId::from(all.first(kId)));
  token.link = TRY(base::RecordId::from(all.subspan(kId, kId)));
  std::ranges::copy(all.subspan(2 * kId), token.secret.begin());
  return token;
}

}  // namespace workspace
