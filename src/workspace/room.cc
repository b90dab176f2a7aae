#include "workspace/room.h"

#include <algorithm>
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

std::uint64_t at_least_none(std::int64_t bytes) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(bytes, 0));
}

}  // namespace

Room::Room(vault::Vault& vault, base::Clock& clock, base::Wait& wait, Allowance& allowance)
    : vault_(vault), clock_(clock), mutex_(wait), allowance_(allowance), counts_(kAccounts) {}

Room::Taken::Taken(Taken&& other) noexcept
    : room_(std::exchange(other.room_, nullptr)), account_(other.account_), bytes_(other.bytes_) {}

Room::Taken::~Taken() { fill(0, 0); }

void Room::Taken::fill_with_records(std::int64_t bytes) { fill(bytes, 0); }

void Room::Taken::fill_with_content(std::uint64_t bytes) {
  fill(0, static_cast<std::int64_t>(bytes));
}

void Room::Taken::fill(std::int64_t records, std::int64_t content) {
  if (room_ != nullptr)
    std::exchange(room_, nullptr)->give_back(account_, bytes_, {records, content});
}

void Room::give_back(base::AccountId account, std::uint64_t taken, Kept filled) {
  const base::Lock lock(mutex_);
  Count* count = counts_.find(account);
  if (count == nullptr) return;  // forgotten meanwhile, and counted when it is needed
  count->taken -= std::min(count->taken, taken);
  for (Kept* kept : {&count->kept, &count->filled}) {
    kept->records += filled.records;
    kept->content += filled.content;
  }
}

/// What is filled while it is being counted may be counted twice, until the next look; never not at
/// all.
Result<Room::Used> Room::look(const gate::Permit& permit, base::AccountId account, Look what) {
  Used used;
  used.bytes_max = TRY(allowance_.bytes_max(account));
  Kept before;
  {
    const base::Lock lock(mutex_);
    if (const Count* count = counts_.find(account)) before = count->filled;
  }
  std::uint64_t records = 0;
  TRY(vault_.store().read([&](store::Reader& reader) -> Result<void> {
    used.content = TRY(vault_.usage(reader, permit));
    if (what == Look::content) return {};
    for (const base::Literal collection : {kRecords, kRecordCollections, kRecordSubjects})
      records += TRY(vault_.usage(reader, permit, collection)).bytes;
    return {};
  }));
  const base::Lock lock(mutex_);
  Count* count = counts_.find(account);
  if (count == nullptr) count = &counts_.put(account, {});
  count->bytes_max = used.bytes_max;
  count->kept.content =
      static_cast<std::int64_t>(used.content.bytes) + count->filled.content - before.content;
  count->looked = clock_.now();
  if (what == Look::everything) {
    count->kept.records =
        static_cast<std::int64_t>(records) + count->filled.records - before.records;
    count->counted = count->looked;
  }
  used.records_bytes = at_least_none(count->kept.records);
  return used;
}

Result<Room::Used> Room::used(const gate::Permit& permit, base::AccountId account) {
  bool counted = false;
  {
    const base::Lock lock(mutex_);
    const Count* count = counts_.find(account);
    counted = count != nullptr && clock_.now() < count->counted + kCountedFor;
  }
  return look(permit, account, counted ? Look::content : Look::everything);
}

Result<Room::Taken> Room::take(const gate::Permit& permit, base::AccountId account,
                               std::uint64_t bytes) {
  if (bytes == 0) return Taken(this, account, 0);  // who only removes is not refused
  bool fresh = false;                              // what is known of content
  base::Lock lock(mutex_);
  while (true) {
    const base::Time now = clock_.now();
    Count* count = counts_.find(account);
    const bool counted = count != nullptr && now < count->counted + kCountedFor;
    if (counted && (fresh || now < count->looked + kLookedFor)) {
      const std::uint64_t kept = at_least_none(count->kept.records + count->kept.content);
      const std::uint64_t left = count->bytes_max - std::min(count->bytes_max, kept + count->taken);
      if (bytes <= left) {
        count->taken += bytes;
        return Taken(this, account, bytes);
      }
      if (fresh && now < count->counted + kRefusedFor) return over_quota();
    }
    lock.unlock();
    TRY(look(permit, account, counted && !fresh ? Look::content : Look::everything));
    fresh = true;
    lock.lock();
  }
}

}  // namespace workspace
