// Walks a key tree from its root, from whatever gives its pages: to see that it is whole, and which
// of its pages were written since an epoch. Owns nothing and changes nothing; keys stay in it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "keys/page.h"
#include "keys/root_holder.h"

namespace holder {

using ReadPage = std::function<base::Result<base::Bytes>(std::uint64_t page)>;
/// Code::corrupt where the page does not open under the key.
base::Result<keys::Page> open_page(const ReadPage& read, std::uint64_t page, base::View key);
/// Called for every page of the walk, parents first.
using OnPage = std::function<base::Result<void>(std::uint64_t page)>;

/// open: every page is opened under its parent's key. name: leaves are taken from their parents'
/// word, which costs a sixty-fourth of the reads.
enum class Leaves : std::uint8_t { open, name };

struct Walk {
  const keys::Root& root;
  std::uint64_t since = 0;  // pages that were written up to this epoch are passed over
  Leaves leaves = Leaves::open;
  // Takes leaves that do not open, instead of stopping there.
  std::vector<std::uint64_t>* unreadable = nullptr;
};

/// A walk that is taken in steps. Borrows the root, and what the functions need.
class Walking {
 public:
  Walking(const Walk& walk, ReadPage read, OnPage on_page)
      : walk_(walk), read_(std::move(read)), on_page_(std::move(on_page)) {}
  /// Goes on over `pages_max` pages, or to the end: then true. After an error it is over.
  base::Result<bool> step(std::uint64_t pages_max);
  /// Which tree it is, once a step was taken.
  const keys::TreeId& tree() const;

 private:
  struct Level {
    keys::Page page;
    std::size_t next;  // slot to look at
  };
  base::Result<void> begin();
  base::Result<bool> child();
  base::Result<void> go_down(const keys::PageName& name, const keys::Slot& slot);

  const Walk walk_;
  const ReadPage read_;
  const OnPage on_page_;
  std::optional<keys::TreeId> tree_;
  std::vector<Level> path_;  // from the root down to where the walk is
};

/// The whole walk. Answers which tree it is. Code::corrupt where a page cannot be read, does not
/// open, stands in another's place or tells of an epoch that is not reached yet.
base::Result<keys::TreeId> walk(const Walk& walk, const ReadPage& read, const OnPage& on_page);

}  // namespace holder
