#include "workspace/room.h"

#include "workspace/entry.h"
#include "workspace/record_fields.h"

namespace workspace {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kAccounts = 1UL << 16;
constexpr base::Duration kCountedFor = std::chrono::hours(1);
constexpr base::Duration kLookedFor = std::chrono::seconds(30);
constexpr base::Duration kRefusedFor = std::chrono::seconds(2);

}  // namespace

Room::Room(vault::Vault& vault, base::Clock& clock, base::Wait& wait, Allowance* allowance)
    : vault_(vault), clock_(clock), mutex_(wait), allowance_(allowance), counts_(kAccounts) {}

Room::Taken::Taken(Taken&& other) noexcept
    : room_(std::exchange(other.room_, nullptr)), account_(other.account_), bytes_(other.bytes_) {}

Room::Taken::~Taken() { fill(0); }

void Room::Taken::fill(std::int64_t bytes) {
  if (room_ != nullptr) std::exchange(room_, nullptr)->give_back(account_, bytes_, bytes);
}

void Room::give_back(base::AccountId account, std::uint64_t taken, std::int64_t filled) {
  const base::Lock lock(mutex_);
  Count* count = counts_.find(account);
  if (count == nullptr) return;  // forgotten meanwhile, and counted when it is needed
  count->taken -= std::min(count->taken, taken);
  count->records += filled;
}

Result<void> Room::look(const gate::Permit& permit, base::AccountId account, bool count_again) {
  const std::uint64_t bytes_max = TRY(allowance_->bytes_max(account));
  std::uint64_t files = 0;
  std::int64_t records = 0;
  TRY(vault_.store().read([&](store::Reader& reader) -> Result<void> {
    files = TRY(vault_.usage(reader, permit)).bytes;
    if (!count_again) return {};
    for (const base::Literal collection : {kRecords, kRecordCollections, kRecordSubjects})
      records += static_cast<std::int64_t>(TRY(vault_.usage(reader, permit, collection)).bytes);
    return {};
  }));
  const base::Lock lock(mutex_);
  Count* count = counts_.find(account);
  if (count == nullptr) count = &counts_.put(account, {});
  count->bytes_max = bytes_max;
  count->files = files;
  count->looked = clock_.now();
  if (!count_again) return {};
  count->records = records;
  count->counted = count->looked;
  return {};
}

Result<Room::Taken> Room::take(const gate::Permit& permit, base::AccountId account,
                               std::uint64_t bytes) {
  if (allowance_ == nullptr) return Taken(nullptr, account, 0);
  if (bytes == 0) return Taken(this, account, 0);  // who only removes is not refused
  base::Lock lock(mutex_);
  while (true) {
    const base::Time now = clock_.now();
    Count* count = counts_.find(account);
    const bool counted = count != nullptr && now < count->counted + kCountedFor;
    const bool looked = counted && now < count->looked + kLookedFor;
    if (looked) {
      const auto records = static_cast<std::uint64_t>(std::max<std::int64_t>(count->records, 0));
      const std::uint64_t used = records + count->files + count->taken;
      if (used + bytes <= count->bytes_max) {
        count->taken += bytes;
        return Taken(this, account, bytes);
      }
      if (now < count->counted + kRefusedFor)
        return Error{Code::full,
                     "your plan has no room for this: delete records or files, or take a larger "
                     "plan"};
    }
    lock.unlock();
    TRY(look(permit, account, !counted || looked));
    lock.lock();
  }
}

}  // namespace workspace
