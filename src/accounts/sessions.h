// Sessions, and the devices that they began on. A session is a random token that a browser keeps
// and we know the digest of; what is said of its device is sealed under the key of whoever logged
// in. A device is known by a cookie of its own, of which we keep the digest as well: a login from
// one that is not known is told by mail. Never looks at a password.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/device.h"
#include "accounts/known_today.h"
#include "accounts/roles.h"
#include "accounts/throttle.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/entropy.h"
#include "base/id.h"
#include "base/personal.h"
#include "egress/outbox.h"
#include "vault/vault.h"

namespace accounts {

// How long a session lives, here and in the browser, as the notice says (checked at the start):
/// since the beginning of the day on which it was used last,
inline constexpr base::Duration session_idle_limit = std::chrono::days(30);
/// and since the login.
inline constexpr base::Duration session_absolute_limit = std::chrono::days(180);
/// How long a device stays known after the last login from it.
inline constexpr base::Duration device_known_for = std::chrono::days(180);
/// How long after it no newer one takes its place, though there be more than devices_max.
inline constexpr base::Duration device_stays_for = std::chrono::days(7);

/// Somebody who is logged in.
struct Identity {
  base::SessionId session;
  base::UserId user;
  base::AccountId account;
  /// Whether this is the first that is seen of the session today: its cookie is due again.
  enum class Seen : std::uint8_t { earlier_today, first_today } seen = Seen::earlier_today;
  Role role = Role::reader;  // hers in the account, when the request came
  /// The token that she came by, where it was no session.
  std::optional<base::Id<struct AccessTokenTag>> token = std::nullopt;
};

/// What is left to do before somebody is in.
enum class Left : std::uint8_t {
  nothing,
  second_step,
  acceptance,  // of the terms, by somebody whom an import has brought: see arrivals.h
};

struct NewSession {
  std::string token;  // the cookie's value: known to the browser alone, kept as a digest
  Identity identity;
  std::string device_token = {};  // the value of the device's own cookie
  /// With a second step left there is no session yet: `token` is what that step takes, and nothing
  /// else takes it.
  Left left = Left::nothing;
};

/// Whoever is about to log in, as far as the request tells.
struct Visit {
  Device device = {};
  base::Personal<std::string> country = {};  // the code of ISO 3166-1; empty: not known
  base::Personal<std::string> network = {};  // as http::ClientAddress has it; empty: not known
  std::string device_token = {};             // of the device's cookie; empty where there is none
  std::string session_token = {};            // of the session's, the same
  std::string origin = {};                   // where mailed links lead
};

/// Who comes, seen from whose login it would be.
enum class Acquaintance : std::uint8_t { stranger, network, device };

/// A session as its owner sees it.
struct SessionShown {
  base::SessionId id;
  base::Personal<std::string> program, system, country;  // empty: not known
  base::Time started, last_used;                         // the beginnings of days
  bool current = false;                                  // whether it is the one that asks
};

/// Safe from any thread.
class Sessions {
 public:
  /// Of devices; the table of sessions is in Accounts::schema().
  static store::Schema schema();
  static vault::Collection collection();

  struct Parts {
    vault::Vault& vault;
    egress::Outbox& outbox;
    base::Clock& clock;
    base::Entropy& entropy;
    Throttle& throttle;
  };
  /// Code::invalid where the notice lacks a category or purpose, or says other limits.
  static base::Result<std::unique_ptr<Sessions>> open(const Parts& parts);

  /// What else belongs to a session's beginning, in its transaction.
  using Along = std::function<base::Result<void>(store::Tx&, const Identity&)>;
  /// For a user who has proved who she is: a session, and a mail to her where the device is not
  /// known and it is not her first login; of many within an hour she is told of the first. The one
  /// that the browser had until now is over, whoever's it was. More than sessions_max of hers end
  /// the oldest. Code::missing where she does not belong to the account.
  base::Result<NewSession> begin(base::UserId user, base::AccountId account, const Visit& visit,
                                 const Along& along);
  /// Nothing where the token is of no live session, or she does not belong to its account any more.
  base::Result<std::optional<Identity>> find(std::string_view token);
  /// Hers that live, in whichever account, by last use, the newest first.
  base::Result<std::vector<SessionShown>> list(const Identity& identity);
  /// One of hers. Code::missing where there is none such.
  base::Result<void> end(const Identity& identity, base::SessionId id);
  /// All of hers but this one; answers how many.
  base::Result<std::uint64_t> end_others(const Identity& identity);
  /// In the transaction that changes what proves who she is: all her sessions but `kept`, and all
  /// devices, so that whoever was in besides her is out, and unknown.
  base::Result<std::uint64_t> end_all(store::Tx& tx, base::UserId user,
                                      std::optional<base::SessionId> kept);
  /// In the transaction in which she ceases to belong to the account: hers that are in it.
  base::Result<std::uint64_t> end_in(store::Tx& tx, base::UserId user, base::AccountId account);
  /// In a transaction: whether a session of hers lives at that time. Code::unauthenticated where it
  /// does not.
  static base::Result<void> require(store::Reader& reader, base::UserId user, base::SessionId id,
                                    base::Time now);
  /// The session goes on in another account of hers. Code::missing where she does not belong to it,
  /// Code::unauthenticated where the session has ended.
  base::Result<void> move(const Identity& identity, base::AccountId account);

  /// Whether she has logged in from this device before, or else from this network.
  base::Result<Acquaintance> recognise(base::UserId user, const Visit& visit);

  /// In the transaction that erases a user.
  static base::Result<void> forget(store::Tx& tx, base::OwnerId user);
  /// After a restore: nobody is logged in, and no device is known.
  static base::Result<void> forget_all(store::Tx& tx);
  /// Removes what has run out. Called by app's timer.
  base::Result<void> tick();

  struct Figures {  // since the start
    std::uint64_t begun = 0, from_new_devices = 0;
  };
  Figures figures() const { return {begun_.load(), from_new_devices_.load()}; }

  static constexpr std::size_t sessions_max = 100;  // of one user
  static constexpr std::size_t devices_max = 20;    // of one user

 private:
  struct Leave {  // the notice's ids, looked up once
    notice::CategoryId sessions, identity, devices;
    notice::PurposeId manage, fraud;
  };
  struct Noted {
    std::string token;  // that the device is known by from now on
    bool told = false;  // whether a mail went out
  };
  Sessions(const Parts& parts, const Leave& leave)
      : parts_(parts), leave_(leave), known_(parts.vault.store()) {}

  base::Result<gate::Permit> ask(base::UserId user, notice::CategoryId category);
  base::Result<std::optional<base::RecordId>> network_of(base::UserId user, const Visit& visit);
  base::Result<void> describe(store::Tx& tx, const Identity& identity, const Visit& visit,
                              base::Time expires);
  base::Result<Noted> note_device(store::Tx& tx, base::UserId user, const Visit& visit,
                                  const std::string& fresh);
  bool is_news(base::UserId user);
  base::Result<void> tell(store::Tx& tx, base::UserId user, const Visit& visit);
  base::Result<void> end_presented(store::Tx& tx, const Visit& visit);
  base::Result<void> keep_bounds(store::Tx& tx, const Identity& begun);
  base::Result<void> renew(const Identity& identity, base::Time now);
  base::Result<void> undescribe(store::Tx& tx, base::UserId user, base::SessionId id);
  base::Result<void> read_description(store::Reader& reader, base::UserId user,
                                      SessionShown& shown);
  base::Result<std::uint64_t> end_those(store::Tx& tx, base::UserId user,
                                        const std::vector<base::SessionId>& ids);

  Parts parts_;
  Leave leave_;
  KnownToday<Identity> known_;
  std::atomic<std::uint64_t> begun_{0}, from_new_devices_{0};
};

}  // namespace accounts
