#include "accounts/entrance.h"

namespace accounts {
namespace {

/// One digest of several parts.
base::Digest joined(base::View key, std::initializer_list<base::View> parts) {
  base::Bytes message;
  for (const base::View part : parts) base::put_block(message, part);
  return base::hmac_sha256(key, message);
}

}  // namespace

base::Result<Knock> Entrance::knock(const vault::Address& email, const Visit& visit,
                                    const std::optional<base::Digest>& network) {
  const auto listed = TRY(vault_.find(email));
  const Acquaintance who =
      listed ? TRY(sessions_.recognise(listed->user, visit)) : Acquaintance::stranger;
  const base::Digest address = email.digest(throttle_.key());
  Knock knock;
  // Where a quota does not hold for somebody, what she tries counts for it all the same, and is
  // said on the answer: it does not tell a stranger in her network that she is known from there.
  if (network && who != Acquaintance::device)
    knock.counts.push_back({kLoginByNetwork, *network,
                            who == Acquaintance::stranger ? Count::Holds::yes : Count::Holds::no});
  base::Digest of = address;
  if (who == Acquaintance::network)
    of = joined(throttle_.key(), {address, network ? base::View(*network) : base::View()});
  if (who == Acquaintance::device)
    of = joined(throttle_.key(), {address, base::view(visit.device_token)});
  knock.counts.push_back({kLoginByAddress, of});
  // Strangers who have her password come from many networks; her own devices wait for none of them.
  knock.right = Count{kRightLogin, who == Acquaintance::device ? of : address};
  knock.ruling = throttle_.count(knock.counts);
  return knock;
}

Ruling Entrance::right(const Knock& knock) {
  CHECK(knock.right);
  return throttle_.count(std::span(&*knock.right, 1));
}

}  // namespace accounts
