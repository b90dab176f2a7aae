#include "accounts/import.h"

#include <array>
#include <unordered_set>

#include "accounts/erased.h"
#include "accounts/import_csv.h"
#include "accounts/import_json.h"

namespace accounts {
namespace {

using base::Code;
using base::Error;
using base::Result;

/// As many in one transaction: a kill takes back no more, and others do not wait long for it.
constexpr std::size_t kBatch = 100;
constexpr std::size_t kInvitedAtOnce = 25;
constexpr std::size_t kNobodyKnowsBytes = 32;

/// Gives the turn back when it goes.
class Running {
 public:
  explicit Running(std::atomic<bool>& running) : running_(running) {}
  ~Running() { running_ = false; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  std::atomic<bool>& running_;
};

}  // namespace

/// One file.
class Import::Run {
 public:
  Run(Import& import, ImportMode mode)
      : import_(import), parts_(import.parts_), mode_(mode), key_(parts_.entropy.bytes(32)) {}

  Result<Imported> read(ImportFormat format, const ImportSource& source) {
    TRY(parts_.vault.store().read([&](store::Reader& reader) -> Result<void> {
      costs_ = TRY(Arrivals::costs(reader));
      return {};
    }));
    const ImportSink sink{[&](const ImportRow& row) { return take(row); },
                          [&](const ImportFinding& finding) { note(finding); },
                          [&](const ImportFinding& finding) { note(finding); }};
    TRY(format == ImportFormat::csv ? read_import_csv(source, sink)
                                    : read_import_json(source, sink));
    TRY(make_batch());
    return std::move(outcome_);
  }

 private:
  struct Person {
    ImportedPerson said;
    base::UserId user;
    base::AccountId account;
  };

  void note(const ImportFinding& finding) {
    ++outcome_.wrong;
    if (outcome_.findings.size() < import_findings_max) outcome_.findings.push_back(finding);
  }
  bool go_on() const { return mode_ == ImportMode::dry || outcome_.wrong == 0; }

  Result<bool> take(const ImportRow& row) {
    if (!go_on()) return false;
    if (outcome_.rows == import_rows_max) {
      note({row.at, "a file has a million rows at most: split it"});
      return false;
    }
    auto person = check_import_row(row, parts_.clock.now(),
                                   [&](const ImportFinding& finding) { note(finding); });
    if (person && person->cost)
      if (const auto why = unbearable(*person->cost)) {
        note({row.find(ImportColumn::password_hash)->at, *why});
        person.reset();
      }
    if (!person) return go_on();
    ++outcome_.rows;
    const base::Digest digest = person->email.digest(key_);
    const bool fresh = seen_.insert(base::load_u64(digest.data())).second;
    const auto listed = TRY(parts_.vault.find(person->email));
    if (!fresh || listed) {
      ++outcome_.known;
      return true;
    }
    if (mode_ == ImportMode::dry) {
      ++outcome_.made;
      return true;
    }
    batch_.push_back({std::move(*person), base::UserId::random(parts_.entropy),
                      base::AccountId::random(parts_.entropy)});
    if (batch_.size() == kBatch) TRY(make_batch());
    return true;
  }

  /// Why a login cannot do one of each of these costs. Notes a new one, which is tried once: where
  /// it could not be computed, nobody could log in.
  std::optional<base::Literal> unbearable(const ForeignCost& cost) {
    base::Duration all = cost.estimate();
    for (const ForeignCost& other : costs_) {
      if (other == cost) return std::nullopt;
      all += other.estimate();
    }
    if (all > foreign_takes_max_in_all)
      return "password_hash: hashes of too many different costs: each login does one of each while "
             "they are here; import those of one cost first";
    if (!ForeignHash::of_nobody(cost)
             .matches(base::SecretBytes::copy_of(base::view("nobody")))
             .ok())
      return "password_hash: it cannot be computed here";
    costs_.push_back(cost);
    return std::nullopt;
  }

  /// Makes what is waiting, all of it or none.
  Result<void> make_batch() {
    if (batch_.empty()) return {};
    TRY(hash_nobodys());
    std::vector<vault::Address> addresses;
    for (const Person& person : batch_) addresses.push_back(person.said.email);
    const auto directory = TRY(parts_.vault.hold_directory(addresses));
    TRY(drop_known());
    std::vector<base::OwnerId> owners;
    for (const Person& person : batch_) {
      owners.push_back(base::owner_of(person.user));
      owners.push_back(base::owner_of(person.account));
    }
    if (owners.empty()) return {};
    TRY(parts_.keys.mint(owners));
    const auto stored = parts_.vault.store().write([&](store::Tx& tx) -> Result<void> {
      for (const Person& person : batch_) TRY(make(tx, directory, person));
      return {};
    });
    if (!stored.ok()) {
      (void)parts_.keys.abandon(owners).ok();  // where that fails too, the next start does it
      return stored;
    }
    outcome_.made += batch_.size();
    batch_.clear();
    return {};
  }

  /// Who has signed up since her row was read, now that nobody can any more.
  Result<void> drop_known() {
    for (std::size_t i = 0; i < batch_.size();) {
      const auto listed = TRY(parts_.vault.find(batch_[i].said.email));
      if (!listed) {
        ++i;
        continue;
      }
      ++outcome_.known;
      batch_.erase(batch_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return {};
  }

  /// For those without a hash: one that nobody knows the password of.
  Result<void> hash_nobodys() {
    if (!nobodys_.empty()) return {};
    base::SecretBytes nobody_knows(kNobodyKnowsBytes);
    parts_.entropy.fill(nobody_knows.mutable_view());
    nobodys_ = TRY(parts_.passwords.hash(nobody_knows));
    return {};
  }

  Result<void> make(store::Tx& tx, const vault::BucketLocks::Hold& directory,
                    const Person& person) {
    Accounts& accounts = import_.accounts_;
    const base::OwnerId owner = base::owner_of(person.user);
    TRY(parts_.keys.bind(tx, owner));
    TRY(parts_.keys.bind(tx, base::owner_of(person.account)));
    const std::string& hash =
        person.said.password_hash.empty() ? nobodys_ : person.said.password_hash;
    TRY(accounts.introduce(
        tx, owner, {person.said.legal_name, {person.said.email, person.said.language}, hash}));
    TRY(Arrivals::note(tx, person.user, person.said.cost));
    return accounts.put_account(tx, directory, person.said.email, {person.user, person.account},
                                person.said.created.value_or(parts_.clock.now()));
  }

  Import& import_;
  Accounts::Parts& parts_;
  const ImportMode mode_;
  const base::Bytes key_;                   // of this run
  std::unordered_set<std::uint64_t> seen_;  // addresses of the file, under it
  std::vector<ForeignCost> costs_;
  std::vector<Person> batch_;
  std::string nobodys_;
  Imported outcome_;
};

Result<Imported> Import::run(ImportFormat format, ImportMode mode, const ImportSource& source) {
  if (running_.exchange(true))
    return Error{Code::conflict, "another import is under way: wait for it to end"};
  const Running running(running_);
  return Run(*this, mode).read(format, source);
}

Result<void> Import::invite(base::UserId user, const std::string& origin) {
  std::optional<Contact> her;
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    her = TRY(accounts_.contact(reader, user));
    return {};
  }));
  const std::string token = new_token(parts_.entropy);
  return accounts_.links_.make(
      {LinkPurpose::recovery, user, token, invitation_link_lives},
      [&](store::Tx& tx, base::OwnerId link) -> Result<void> {
        TRY(Arrivals::invited(tx, user));
        return parts_.outbox.queue(tx, {egress::MailKind::invitation, link, her->address,
                                        base::Personal<std::string>(token), origin, her->language});
      });
}

Result<Invited> Import::invite(const std::string& origin) {
  if (running_.exchange(true))
    return Error{Code::conflict, "another import is under way: wait for it to end"};
  const Running running(running_);
  Invited outcome;
  for (base::UserId after; outcome.invited < kInvitedAtOnce;) {
    std::vector<base::UserId> users;
    TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
      users = TRY(Arrivals::uninvited(reader, after, kInvitedAtOnce - outcome.invited));
      return {};
    }));
    if (users.empty()) break;
    after = users.back();
    for (const base::UserId user : users) {
      const auto invited = invite(user, origin);
      if (invited.ok()) ++outcome.invited;
      // Erased meanwhile, or she has come; or her record is damaged, which holds up nobody else.
      else if (!is_erased(invited) && invited.code() != Code::conflict &&
               invited.code() != Code::corrupt)
        return invited.error();
    }
  }
  TRY(parts_.vault.store().read_once([&](store::Reader& reader) -> Result<void> {
    outcome.left = TRY(Arrivals::count_uninvited(reader));
    return {};
  }));
  return outcome;
}

}  // namespace accounts
