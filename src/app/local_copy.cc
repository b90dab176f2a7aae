#include "app/local_copy.h"

#include <algorithm>

#include "app/holder_command.h"
#include "ledger/handover.h"
#include "ledger/log_files.h"
#include "ledger/note.h"

namespace app {

using base::Code;
using base::Error;
using base::Result;

LocalCopy::LocalCopy(base::Disk& disk, const ServeOptions& options)
    : disk_(disk),
      data_(options.data),
      root_(root_of(options)),
      passphrase_file_(options.passphrase_file) {}

Result<base::Bytes> LocalCopy::call(holder::Method method, base::View body) {
  switch (method) {
    case holder::Method::restore_begin: {
      const holder::Offer given = TRY(offer());
      return encode(given);
    }
    case holder::Method::restore_pages: {
      const auto request = TRY(holder::parse_fetch_pages(body));
      return holder::encode_pages(listed_, request.from,
                                  [this](std::uint64_t page) { return read(page); });
    }
    case holder::Method::restore_leaves: {
      const auto request = TRY(holder::parse_fetch_leaves(body));
      return holder::encode_leaves(TRY(leaves(request.first)));
    }
    default:
      return Error{Code::unsupported, "not a request of a restore"};
  }
}

Result<base::Bytes> LocalCopy::read(std::uint64_t page) {
  const auto file = TRY(disk_.open(data_ + "/keys.ktn", base::Open::read));
  base::Bytes image(keys::kPageSize);
  if (TRY(file->read_at(page * keys::kPageSize, image)) != image.size())
    return Error{Code::corrupt, "the key tree's file ends before a page"};
  return image;
}

Result<holder::Offer> LocalCopy::offer() {
  holder::Offer given;
  // The log first: the tree is never behind what it counts.
  ledger::LogFiles log(disk_, data_ + "/log");
  given.checkpoint = TRY(log.read("checkpoint")).value_or("");
  given.key = TRY(log.read("key")).value_or("\n");
  given.key.pop_back();
  given.chain = TRY(log.read("keys", ledger::kChainBytesMax)).value_or("");
  const auto note = TRY(ledger::parse_note(given.checkpoint));
  leaves_ = TRY(ledger::parse_checkpoint(note)).head.size;
  const auto primary = TRY(open_root(disk_, root_, passphrase_file_));
  auto roots = TRY(primary->read());
  for (auto& root : roots)
    if (root && (!given.root || root->epoch > given.root->epoch)) given.root = std::move(root);
  if (!given.root) return Error{Code::missing, "there is no root in the root directory"};
  const auto file = TRY(disk_.open(data_ + "/keys.ktn", base::Open::read));
  listed_.assign(TRY(file->size()) / keys::kPageSize, false);
  given.tree = TRY(holder::walk(
      {.root = *given.root, .leaves = holder::Leaves::name},
      [this](std::uint64_t page) { return read(page); },
      [this](std::uint64_t page) -> Result<void> {
        if (page >= listed_.size() || listed_[page])
          return Error{Code::corrupt, "a key page lies behind the end or hangs in the tree twice"};
        listed_[page] = true;
        return {};
      }));
  given.verdict = holder::Verdict::ready;
  given.status.epoch = given.root->epoch;
  given.status.leaves = leaves_;
  given.pages = static_cast<std::uint64_t>(std::ranges::count(listed_, true));
  return given;
}

Result<std::vector<ledger::Leaf>> LocalCopy::leaves(std::uint64_t first) {
  ledger::LogFiles log(disk_, data_ + "/log");
  std::vector<ledger::Leaf> out;
  for (std::uint64_t index = first / ledger::kTileWidth;
       index < ledger::tile_count(0, leaves_) &&
       out.size() + ledger::kTileWidth <= holder::kLeavesPerBody;
       ++index) {
    const unsigned width = ledger::tile_width(0, index, leaves_);
    const base::Bytes bundle = TRY(log.read_bundle(ledger::Bundle{index, width}));
    const auto entries = TRY(ledger::parse_bundle(bundle, width));
    const std::uint64_t from = index * ledger::kTileWidth;
    for (std::uint64_t at = from; at < from + width; ++at)
      if (at >= first) out.push_back(TRY(ledger::Leaf::decode(entries[at - from])));
  }
  return out;
}

}  // namespace app
