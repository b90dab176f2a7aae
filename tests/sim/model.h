// What must be there, in plain code: maps and sets. Owns what every owner is known to have, and,
// where a change was cut short, what she may have. Never asks the program.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"

namespace sim {

/// The model's own time: one for each thing that happens.
using Moment = std::uint64_t;
inline constexpr Moment kNow = std::numeric_limits<Moment>::max();

/// From a moment up to another, both of them too.
struct Window {
  Moment from = 0;
  Moment until = 0;
};

/// A value with its past. While a change is under way, or its end is not known, several values may
/// be the present one.
template <class T>
class Cell {
 public:
  explicit Cell(T first, Moment at) : entries_{{first, at, kNow}} {}

  /// A change to `value` begins. One at a time.
  void begin(const T& value, Moment at) {
    busy = true;
    entries_.push_back({value, at, kNow});
  }
  /// The change is acknowledged: only it is present now.
  void done(Moment at) {
    busy = false;
    for (std::size_t i = 0; i + 1 < entries_.size(); ++i) close(entries_[i], at);
  }
  /// The change has surely not happened.
  void refused() {
    busy = false;
    entries_.pop_back();
  }
  /// Nobody knows.
  void in_doubt() { busy = false; }

  bool allows(const T& value) const { return allows(value, {kNow, kNow}); }
  bool allows(const T& value, const Window& window) const {
    for (const Entry& entry : entries_)
      if (entry.value == value && entry.from <= window.until && entry.until >= window.from)
        return true;
    return false;
  }
  /// The only present value; nothing where there is doubt.
  std::optional<T> certain() const {
    std::optional<T> found;
    for (const Entry& entry : entries_) {
      if (entry.until != kNow) continue;
      if (found && *found != entry.value) return std::nullopt;
      found = entry.value;
    }
    return found;
  }
  template <class Each>
  bool all_present(const Each& each) const {
    for (const Entry& entry : entries_)
      if (entry.until == kNow && !each(entry.value)) return false;
    return true;
  }
  /// It was looked at: `value` is the present one.
  void settle(const T& value, Moment at) {
    busy = false;
    bool kept = false;
    for (std::size_t i = entries_.size(); i-- > 0;) {
      if (entries_[i].until != kNow) continue;
      if (!kept && entries_[i].value == value)
        kept = true;
      else
        close(entries_[i], at);
    }
    if (!kept) entries_.push_back({value, at, kNow});
  }

  bool busy = false;  // a change is under way

 private:
  struct Entry {
    T value;
    Moment from = 0;
    Moment until = kNow;
  };
  static void close(Entry& entry, Moment at) {
    if (entry.until == kNow) entry.until = at;
  }
  std::vector<Entry> entries_;
};

/// How she stands, as far as the workload changes it.
struct Stand {
  bool restricted = false;
  bool consented = false;
  bool objected = false;
  bool unconfirmed = false;
  bool operator==(const Stand&) const = default;
};

/// How many entries a chain of hers has: at least those that were acknowledged, at most those that
/// were tried.
struct Count {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};

struct Content {
  base::ContentId id;
  std::uint64_t bytes = 0;
  std::uint8_t filler = 0;
  Cell<bool> there;
};

/// Content that comes in parts: nobody reads it before it is whole, and then it is a Content.
struct Growth {
  base::ContentId id;
  std::uint64_t length = 0;
  std::uint8_t filler = 0;
  Cell<std::uint64_t> bytes{0, 0};  // that were acknowledged; 0: not there
  bool held = false;                // somebody writes it
  bool over = false;                // whole, or given up
};

enum class Life : std::uint8_t {
  creating,  // begun, or its end is not known
  live,
  erasing,  // the same of her erasure
  erased,
};

struct Owner {
  base::OwnerId id;
  std::string address;
  Life life = Life::creating;
  std::uint64_t erased_epoch = 0;
  base::Bytes log_key;  // of the entries, where an erasure of hers was begun that leaves one
  Moment created = 0;
  Moment erased = kNow;                                  // acknowledged or found
  int at_work = 0;                                       // fibers that do something with her now
  std::uint64_t stand_changes = 0;                       // begun so far
  std::map<std::uint64_t, Cell<std::uint64_t>> records;  // by slot; 0: none
  std::deque<Content> contents;
  std::deque<Growth> growths;
  Cell<Stand> stand{Stand{}, 0};
  Count entries;
  Count changes;            // of her standing chain
  bool restored = false;    // since then openings may be lost, and the standing of the erased is
  std::string fingerprint;  // of her key, as seen first
};

struct Mail {
  std::size_t owner = 0;
  bool acknowledged = false;
  bool excused = false;  // she was restricted or erased, or a restore came
};

struct Model {
  Moment next() { return ++now; }
  /// Whether anything of hers is certain to be there.
  static bool usable(const Owner& owner) { return owner.life == Life::live; }

  Moment now = 0;
  std::deque<Owner> owners;              // which stay where they are while others come
  std::map<std::string, Mail> mails;     // by their token
  std::vector<base::Bytes> leaves;       // of the log, as seen last
  std::vector<std::string> checkpoints;  // that were signed and seen
  std::vector<Window> backups;           // of which one is the state that the backup holds
};

/// Whether an error says that surely nothing has happened.
inline bool definite(base::Code code) {
  switch (code) {
    case base::Code::denied:
    case base::Code::gone:
    case base::Code::missing:
    case base::Code::conflict:
    case base::Code::invalid:
      return true;
    default:
      return false;
  }
}

}  // namespace sim
