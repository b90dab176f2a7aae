#include "holder/message_parts.h"

namespace holder {

using base::Bytes;
using base::Code;
using base::Error;
using base::Result;

void put_pages(Bytes& out, const std::vector<PagesRequest::Page>& pages) {
  CHECK(pages.size() <= kPagesPerBody);
  base::put_u32(out, static_cast<std::uint32_t>(pages.size()));
  for (const PagesRequest::Page& page : pages) {
    CHECK(page.image.size() == keys::kPageSize);
    base::put_u64(out, page.page);
    out.insert(out.end(), page.image.begin(), page.image.end());
  }
}

Result<std::vector<PagesRequest::Page>> take_pages(base::Reader& in) {
  const std::uint32_t count = TRY(in.u32());
  if (count > kPagesPerBody) return Error{Code::too_large, "too many pages at once"};
  std::vector<PagesRequest::Page> pages;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t page = TRY(in.u64());
    const base::View image = TRY(in.take(keys::kPageSize));
    pages.push_back({page, image});
  }
  return pages;
}

void put_leaves(Bytes& out, const std::vector<ledger::Leaf>& leaves) {
  CHECK(leaves.size() <= kLeavesPerBody);
  base::put_u32(out, static_cast<std::uint32_t>(leaves.size()));
  for (const ledger::Leaf& leaf : leaves) {
    const Bytes entry = leaf.encode();
    out.insert(out.end(), entry.begin(), entry.end());
  }
}

Result<std::vector<ledger::Leaf>> take_leaves(base::Reader& in) {
  const std::uint32_t count = TRY(in.u32());
  if (count > kLeavesPerBody) return Error{Code::too_large, "too many leaves at once"};
  std::vector<ledger::Leaf> leaves;
  for (std::uint32_t i = 0; i < count; ++i) {
    const base::View entry = TRY(in.take(ledger::kLeafBytes));
    const ledger::Leaf leaf = TRY(ledger::Leaf::decode(entry));
    leaves.push_back(leaf);
  }
  return leaves;
}

void put_text(Bytes& out, const std::string& text, std::size_t bytes_max) {
  CHECK(text.size() <= bytes_max);
  base::put_block(out, base::view(text));
}

Result<std::string> take_text(base::Reader& in, std::size_t bytes_max) {
  const base::View bytes = TRY(in.block());
  if (bytes.size() > bytes_max)
    return Error{Code::too_large, "a checkpoint, a key or a chain of keys is too large"};
  return std::string(base::text(bytes));
}

Result<void> end(const base::Reader& in) {
  if (!in.done()) return Error{Code::invalid, "bytes are left over"};
  return {};
}

}  // namespace holder
