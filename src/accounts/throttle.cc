#include "accounts/throttle.h"

#include <algorithm>

namespace accounts {
namespace {

constexpr std::size_t kPlaces = 8;  // of a set
constexpr std::size_t kKeyBytes = 32;

std::int64_t interval_us(const Quota& quota) { return quota.within.count() / quota.tries; }

Remaining left_of(const Quota& quota, std::int64_t full_at_us, std::int64_t now_us) {
  const std::int64_t owed = std::max<std::int64_t>(full_at_us - now_us, 0);
  const std::int64_t left = (interval_us(quota) * quota.tries - owed) / interval_us(quota);
  return {quota, static_cast<std::uint32_t>(std::max<std::int64_t>(left, 0)), base::Duration(owed)};
}

}  // namespace

Throttle::Throttle(base::Clock& clock, base::Wait& wait, base::Entropy& entropy,
                   std::size_t entries)
    : clock_(clock),
      mutex_(wait),
      key_(entropy.bytes(kKeyBytes)),
      tables_{Table(entries), Table(entries)} {
  CHECK(entries >= kPlaces && entries % kPlaces == 0);
}

Throttle::Entry* Throttle::Table::find(const Entry& wanted, std::int64_t now_us) {
  const std::size_t sets = places.size() / kPlaces;
  Entry* const first = &places[base::load_u64(wanted.key.data()) % sets * kPlaces];
  Entry* const found = std::find_if(first, first + kPlaces, [&](const Entry& entry) {
    return entry.full_at_us > now_us && entry.key == wanted.key;
  });
  return found == first + kPlaces ? nullptr : found;
}

Throttle::Entry& Throttle::Table::place_for(const Entry& wanted, std::int64_t now_us) {
  if (Entry* const there = find(wanted, now_us)) return *there;
  const std::size_t sets = places.size() / kPlaces;
  Entry* const first = &places[base::load_u64(wanted.key.data()) % sets * kPlaces];
  Entry& soonest = *std::min_element(first, first + kPlaces, [](const Entry& a, const Entry& b) {
    return a.full_at_us < b.full_at_us;
  });
  soonest = {wanted.key, now_us};
  return soonest;
}

Throttle::Entry Throttle::wanted(const Count& count) const {
  base::Bytes message;
  base::put_block(message, base::view(count.quota.name.c_str()));
  base::put_block(message, count.of);
  const base::Digest digest = base::hmac_sha256(key_, message);
  Entry entry;
  std::copy_n(digest.begin(), entry.key.size(), entry.key.begin());
  return entry;
}

std::int64_t Throttle::full_at(const Quota& quota, const Entry& wanted, std::int64_t now_us) {
  const Entry* const entry = table(quota).find(wanted, now_us);
  return entry == nullptr ? now_us : entry->full_at_us;
}

Ruling Throttle::count(std::span<const Count> counts) {
  std::vector<Entry> entries;
  for (const Count& each : counts) entries.push_back(wanted(each));
  const base::Lock lock(mutex_);
  const std::int64_t now = now_us();
  Ruling ruling;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const Quota& quota = counts[i].quota;
    CHECK(quota.within <= std::chrono::hours(1));  // as the notice says
    const std::int64_t then = full_at(quota, entries[i], now) + interval_us(quota);
    const std::int64_t over = then - now - interval_us(quota) * quota.tries;
    if (over <= 0 || counts[i].holds == Count::Holds::no) continue;
    ruling.answer = Ruling::Answer::wait;
    ruling.wait_for = std::max(ruling.wait_for, base::Duration(over));
  }
  const bool charged = ruling.answer == Ruling::Answer::go_on;
  ++(charged ? let_through_ : held_back_);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const Quota& quota = counts[i].quota;
    std::int64_t then = full_at(quota, entries[i], now);
    if (charged) {
      // What refuses nobody is not counted beyond what it would refuse.
      const std::int64_t most = now + interval_us(quota) * quota.tries;
      const std::int64_t before = then;
      then = std::min(then + interval_us(quota), most);
      table(quota).place_for(entries[i], now).full_at_us = then;
      ruling.charges.push_back(
          {counts[i], base::Duration(then - before), base::Time(base::Duration(then))});
    }
    ruling.left.push_back(left_of(quota, then, now));
  }
  return ruling;
}

void Throttle::give_back(std::span<const Charge> charges) {
  const base::Lock lock(mutex_);
  const std::int64_t now = now_us();
  for (const Charge& each : charges) {
    const std::int64_t owed = each.owed_until.time_since_epoch().count() - now;
    if (Entry* const entry = table(each.count.quota).find(wanted(each.count), now))
      entry->full_at_us -= std::clamp<std::int64_t>(owed, 0, each.added.count());
  }
}

std::vector<Remaining> Throttle::look(std::span<const Count> counts) {
  const base::Lock lock(mutex_);
  const std::int64_t now = now_us();
  std::vector<Remaining> left;
  for (const Count& each : counts)
    left.push_back(left_of(each.quota, full_at(each.quota, wanted(each), now), now));
  return left;
}

void Throttle::tick() {
  const base::Lock lock(mutex_);
  const std::int64_t now = now_us();
  for (Table& table : tables_)
    for (Entry& entry : table.places)
      if (entry.full_at_us != 0 && entry.full_at_us <= now) entry = {};
}

Throttle::Figures Throttle::figures() {
  const base::Lock lock(mutex_);
  const std::int64_t now = now_us();
  Figures figures{let_through_.load(), held_back_.load()};
  for (const Table& table : tables_)
    figures.entries += static_cast<std::uint64_t>(
        std::ranges::count_if(table.places, [&](const Entry& e) { return e.full_at_us > now; }));
  return figures;
}

}  // namespace accounts
