// Walks a key tree from its root, from whatever gives its pages: to see that it is whole, and which
// of its pages were written since an epoch. Owns nothing and changes nothing; keys stay in it.
#pragma once

#include <cstdint>
#include <functional>

#include "base/bytes.h"
#include "base/result.h"
#include "keys/page.h"
#include "keys/root_holder.h"

namespace holder {

using ReadPage = std::function<base::Result<base::Bytes>(std::uint64_t page)>;
/// Called for every page of the walk, parents first.
using OnPage = std::function<base::Result<void>(std::uint64_t page)>;

/// open: every page is opened under its parent's key. name: leaves are taken from their parents'
/// word, which costs a sixty-fourth of the reads.
enum class Leaves : std::uint8_t { open, name };

struct Walk {
  const keys::Root& root;
  std::uint64_t since = 0;  // pages that were written up to this epoch are passed over
  Leaves leaves = Leaves::open;
  std::uint64_t* unreadable = nullptr;  // counts leaves that do not open, instead of stopping there
};

/// Answers which tree it is. Code::corrupt where a page cannot be read, does not open, stands in
/// another's place or tells of an epoch that is not reached yet.
base::Result<keys::TreeId> walk(const Walk& walk, const ReadPage& read, const OnPage& on_page);

}  // namespace holder
