// What the messages between a server and its replica have in common, whichever way they go: their
// bounds, and how lists of pages, of leaves and texts stand in a body. Owns nothing. Private to
// replica_messages and restore_messages.
#pragma once

#include <string>
#include <vector>

#include "holder/replica_messages.h"
#include "ledger/handover.h"

namespace holder {

inline constexpr std::size_t kNoteBytesMax = 64 << 10;  // of a signed checkpoint
inline constexpr std::size_t kKeyBytesMax = 1 << 10;    // of the log's verifier key
/// Before and between a message's lists and texts.
inline constexpr std::size_t kHeadBytesMax = 256;

static_assert(kHeadBytesMax + kPagesPerBody * (8 + keys::kPageSize) <= kBodyBytesMax);
static_assert(kHeadBytesMax + kLeavesPerBody * ledger::kLeafBytes + kNoteBytesMax + kKeyBytesMax <=
              kBodyBytesMax);
static_assert(kHeadBytesMax + kIntentsMax * 8 + kNoteBytesMax + kKeyBytesMax +
                  ledger::kChainBytesMax <=
              kBodyBytesMax);

/// count u32 | number u64, image, for each
void put_pages(base::Bytes& out, const std::vector<PagesRequest::Page>& pages);
base::Result<std::vector<PagesRequest::Page>> take_pages(base::Reader& in);

/// count u32 | leaves
void put_leaves(base::Bytes& out, const std::vector<ledger::Leaf>& leaves);
base::Result<std::vector<ledger::Leaf>> take_leaves(base::Reader& in);

/// length u32 | bytes
void put_text(base::Bytes& out, const std::string& text, std::size_t bytes_max);
/// Code::too_large over `bytes_max`.
base::Result<std::string> take_text(base::Reader& in, std::size_t bytes_max);

/// Code::invalid where anything is left.
base::Result<void> end(const base::Reader& in);

}  // namespace holder
