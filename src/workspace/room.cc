#include "workspace/room.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "workspace/entry.h"
#include "workspace/record_fields.h"

namespace workspace {
namespace {

using base::Result;

constexpr std::size_t kAccounts = 1UL << 16;
constexpr base::Duration kCountedFor = std::chrono::hours(1);
constexpr base::Duration kLookedFor = std::chrono::seconds(30);
constexpr base::Duration kRefusedFor = std::chrono::seconds(2);

/// Where entries stand, and the categories whose leave it takes to count them. One that holds a
/// path may take several times as much as one that holds a name. In the trash those at the top have
/// one, and what is in a removed folder has none.
struct Place {
  base::Literal collection;
  const char* category;
  enum class Paths : std::uint8_t { none, at_the_top, all } paths;
};
constexpr std::array kPlaces = {Place{kEntries, "workspace_content", Place::Paths::none},
                                Place{kVersions, "workspace_versions", Place::Paths::none},
                                Place{kTrash, "workspace_trash", Place::Paths::at_the_top},
                                Place{kUploads, "unfinished_uploads", Place::Paths::all}};

std::uint64_t at_least_none(std::int64_t bytes) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(bytes, 0));
}

/// What is filled while it is being counted may be counted twice, until the next look; never not at
/// all.
std::int64_t since(std::int64_t filled, std::int64_t before) {
  return std::max<std::int64_t>(filled - before, 0);
}

/// By kPlaces.
Result<std::vector<gate::Permit>> leave_to_count(gate::Gate& gate, const gate::Permit& permit) {
  std::vector<gate::Permit> leave;
  for (const Place& place : kPlaces) {
    const auto category = gate.policy().current().category(place.category);
    if (!category)
      return base::Error{base::Code::invalid, "a category of the workspace is not in the notice"};
    leave.push_back(TRY(gate.ask(permit.actor(), permit.owner(), *category, permit.purpose())));
  }
  return leave;
}

Result<std::uint64_t> entries_in(vault::Vault& vault, store::Reader& reader,
                                 const gate::Permit& permit, const Place& place) {
  const std::uint64_t all = TRY(vault.count(reader, permit, place.collection));
  if (place.paths == Place::Paths::none) return all;
  std::optional<base::RecordId> group;
  if (place.paths == Place::Paths::at_the_top) group = base::RecordId();
  const auto usage = TRY(vault.usage(reader, permit, place.collection, group));
  const std::uint64_t by_length = usage.bytes / entry_bytes;
  return all + (by_length - std::min(by_length, usage.pieces));
}

}  // namespace

std::uint64_t Load::takes() const {
  const std::uint64_t beside = pieces * piece_bytes + entries * entry_bytes;
  return bytes + std::min(beside, std::numeric_limits<std::uint64_t>::max() - bytes);
}

Room::Room(vault::Vault& vault, base::Clock& clock, base::Wait& wait, Allowance& allowance)
    : vault_(vault),
      clock_(clock),
      mutex_(wait),
      looked_(wait),
      allowance_(allowance),
      counts_(kAccounts) {}

Room::Kept& Room::Kept::operator+=(const Kept& more) {
  records += more.records;
  entries += more.entries;
  content += more.content;
  return *this;
}

Room::Taken::Taken(Taken&& other) noexcept
    : room_(std::exchange(other.room_, nullptr)),
      account_(other.account_),
      load_(other.load_),
      count_(other.count_) {}

Room::Taken::~Taken() { fill(Load()); }

void Room::Taken::fill(const Load& load) {
  if (room_ == nullptr) return;
  const std::uint64_t content = load.bytes + load.pieces * piece_bytes;
  std::exchange(room_, nullptr)
      ->give_back(*this, {0, static_cast<std::int64_t>(load.entries * entry_bytes),
                          static_cast<std::int64_t>(content)});
}

void Room::Taken::fill_with_records(std::int64_t bytes) {
  if (room_ != nullptr) std::exchange(room_, nullptr)->give_back(*this, {bytes, 0, 0});
}

void Room::give_back(const Taken& taken, const Kept& filled) {
  const base::Lock lock(mutex_);
  Count* count = counts_.find(taken.account_);
  if (count == nullptr) return;  // forgotten meanwhile, and counted when it is needed
  count->taken -= std::min(count->taken, taken.load_.takes());
  if (filled.records >= 0) {
    count->kept += filled;
    count->filled += filled;
  } else if (taken.count_ == count->number) {
    // Where they were counted since, what was removed may be counted out already.
    count->kept.records += filled.records;
  }
}

Result<Room::Used> Room::look(const gate::Permit& permit, base::AccountId account, Look what) {
  const auto leave = TRY(leave_to_count(vault_.gate(), permit));
  if (what == Look::content) {
    // It takes next to nothing, and is done at each upload: nobody waits for it.
    const auto [seen, gone] = TRY(look_now(permit, leave, account, what));
    if (!gone) return seen;
    what = Look::entries;
  }
  base::Lock lock(mutex_);
  Looking& looking = looking_[account];
  looking.wanted = std::max(looking.wanted, what);
  ++looking.here;
  const std::uint64_t begun = looking.begun;
  looked_.wait(lock, [&] { return looking.ended > begun || looking.ended == looking.begun; });
  if (looking.ended == begun) {
    ++looking.begun;
    what = std::exchange(looking.wanted, Look::content);
    lock.unlock();
    auto seen = look_now(permit, leave, account, what);
    lock.lock();
    if (seen.ok()) looking.seen = seen->used;
    if (!seen.ok()) looking.seen = seen.error();
    looking.ended = looking.begun;
    looked_.notify_all();
  }
  auto seen = looking.seen;
  if (--looking.here == 0) looking_.erase(account);
  return seen;
}

Result<Room::Seen> Room::look_now(const gate::Permit& permit,
                                  const std::vector<gate::Permit>& leave, base::AccountId account,
                                  Look what) {
  Kept before;
  {
    const base::Lock lock(mutex_);
    if (const Count* count = counts_.find(account)) before = count->filled;
  }
  Used used;
  used.bytes_max = TRY(allowance_.bytes_max(account));
  std::uint64_t records = 0;
  TRY(vault_.store().read([&](store::Reader& reader) -> Result<void> {
    used.content = TRY(vault_.usage(reader, permit));
    if (what == Look::content) return {};
    used.entries = 0;
    for (std::size_t i = 0; i < leave.size(); ++i) {
      used.entries += TRY(entries_in(vault_, reader, leave.at(i), kPlaces.at(i)));
    }
    if (what != Look::everything) return {};
    records = 0;
    for (const base::Literal collection : {kRecords, kRecordCollections, kRecordSubjects}) {
      const auto usage = TRY(vault_.usage(reader, permit, collection));
      records += bytes_counted(usage);
    }
    return {};
  }));
  const base::Lock lock(mutex_);
  Count* count = counts_.find(account);
  if (count == nullptr) count = &counts_.put(account, {});
  count->bytes_max = used.bytes_max;
  const bool gone = what == Look::content && used.content.pieces < count->pieces;
  if (!gone) count->pieces = used.content.pieces;
  const auto counted = [](std::uint64_t bytes) { return static_cast<std::int64_t>(bytes); };
  count->kept.content = counted(Load{used.content.bytes, used.content.pieces}.takes()) +
                        since(count->filled.content, before.content);
  if (what != Look::content) {
    count->kept.entries =
        counted(used.entries * entry_bytes) + since(count->filled.entries, before.entries);
    count->looked = clock_.now();
  }
  if (what == Look::everything) {
    count->kept.records = counted(records) + since(count->filled.records, before.records);
    count->counted = count->looked;
    count->number = ++numbers_;
  }
  used.entries = at_least_none(count->kept.entries) / entry_bytes;
  used.records_bytes = at_least_none(count->kept.records);
  return Seen{used, gone};
}

Result<Room::Used> Room::used(const gate::Permit& permit, base::AccountId account) {
  Look what = Look::everything;
  {
    const base::Lock lock(mutex_);
    const base::Time now = clock_.now();
    const Count* count = counts_.find(account);
    if (count != nullptr && now < count->counted + kCountedFor)
      what = now < count->looked + kLookedFor ? Look::content : Look::entries;
  }
  return look(permit, account, what);
}

Result<Room::Taken> Room::take(const gate::Permit& permit, base::AccountId account,
                               const Load& load) {
  const std::uint64_t bytes = load.takes();
  bool fresh = false;  // what is known of all but records
  base::Lock lock(mutex_);
  while (true) {
    const base::Time now = clock_.now();
    Count* count = counts_.find(account);
    // Who only removes is not refused.
    if (bytes == 0) return Taken(this, account, load, count == nullptr ? 0 : count->number);
    const bool counted = count != nullptr && now < count->counted + kCountedFor;
    if (counted && (fresh || now < count->looked + kLookedFor)) {
      const Kept& all = count->kept;
      const std::uint64_t kept = at_least_none(all.records + all.entries + all.content);
      const std::uint64_t left = count->bytes_max - std::min(count->bytes_max, kept + count->taken);
      if (bytes <= left) {
        count->taken += bytes;
        return Taken(this, account, load, count->number);
      }
      if (fresh && now < count->counted + kRefusedFor) return over_quota();
    }
    lock.unlock();
    TRY(look(permit, account, counted && !fresh ? Look::entries : Look::everything));
    fresh = true;
    lock.lock();
  }
}

}  // namespace workspace
