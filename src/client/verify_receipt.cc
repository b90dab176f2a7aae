#include <fmt/format.h>

#include "client/trusted_log.h"
#include "client/verify.h"
#include "ledger/ledger.h"
#include "ledger/receipt_form.h"

namespace client {
namespace {

using base::Code;
using base::Result;
using ledger::TreeHead;

/// What the receipt's own proof says, once its checkpoint is known to be the log's.
struct Signed {
  ledger::InclusionProof proof;
  TreeHead head;
};

std::string form_of(const ledger::Receipt& receipt) {
  if (receipt.pending.empty()) return "This is an erasure receipt.";
  return fmt::format(
      "This is an erasure receipt. When it was made, these replicas had not confirmed yet that "
      "their copy of the key was destroyed: {}.",
      fmt::join(receipt.pending, ", "));
}

/// Which of the log's keys the receipt is under; the newest where it names none of them.
std::size_t check_key(const ledger::Receipt& receipt, const ledger::KeyHistory& keys,
                      Report& report) {
  const auto named = ledger::parse_verifier_key(receipt.verifier_key);
  const auto found = named.ok() ? keys.find(*named) : std::nullopt;
  const std::size_t newest = keys.keys.size() - 1;
  if (!found) {
    report.fail("key",
                "The receipt names another key than the log's: it is another log's receipt, "
                "or was changed.");
    return newest;
  }
  const ledger::VerifierKey& key = keys.keys[*found];
  if (receipt.origin != key.name) {
    report.fail("key", "The receipt names another log than its key does.");
    return *found;
  }
  report.add("key", fmt::format("The receipt names {} key of the log {}.",
                                *found == newest ? "the" : "an earlier", key.name));
  return *found;
}

std::optional<Signed> check_signature(const ledger::Receipt& receipt,
                                      const ledger::KeyHistory& keys, std::size_t which,
                                      Report& report) {
  const auto fails = [&](std::string why) {
    report.fail("signature", std::move(why));
    return std::nullopt;
  };
  auto proof = ledger::parse_proof(receipt.proof);
  if (!proof.ok()) return fails(fmt::format("The proof is malformed: {}.", proof.error().chain()));
  const auto checkpoint = ledger::open_checkpoint(proof->checkpoint, keys.keys[which]);
  if (!checkpoint.ok())
    return fails(fmt::format("The checkpoint in the proof is not the log's: {}.",
                             checkpoint.error().chain()));
  if (!keys.may_sign(which, checkpoint->head))
    return fails("The checkpoint in the proof is signed by a key that was not the log's then.");
  // Notes may carry other people's signatures, and lines beside the three; a receipt's has none, so
  // that no byte of it can be changed unseen.
  const auto note = ledger::parse_note(proof->checkpoint);
  const bool plain =
      note.ok() && note->signatures.size() == 1 && std::ranges::count(note->text, '\n') == 3;
  if (!plain) return fails("The checkpoint in the proof has more in it than the log signed.");
  report.add("signature", fmt::format("The log signed the receipt's checkpoint of {} entries.",
                                      checkpoint->head.size));
  return Signed{std::move(*proof), checkpoint->head};
}

/// The leaf that the log has at the receipt's index, proved to stand under the receipt's
/// checkpoint.
Result<std::optional<ledger::Leaf>> check_entry(const ledger::Receipt& receipt,
                                                const Signed& receipts, const TreeHead& now,
                                                LogSource& log, Report& report) {
  using Found = std::optional<ledger::Leaf>;
  const auto fails = [&](std::string why) {
    report.fail("entry", std::move(why));
    return Found();
  };
  if (receipts.proof.index != receipt.index)
    return fails(fmt::format("The receipt says entry {}, its proof says entry {}.", receipt.index,
                             receipts.proof.index));
  if (receipt.index >= now.size)
    return fails(fmt::format("The log has no entry {}: it has {}.", receipt.index, now.size));
  const std::uint64_t tile = receipt.index / ledger::kTileWidth;
  const auto entries = get_bundle(log, ledger::Bundle{tile, ledger::tile_width(0, tile, now.size)});
  if (!entries.ok() && entries.code() != Code::missing && entries.code() != Code::corrupt)
    return entries.error();
  if (!entries.ok())
    return fails(fmt::format("The log does not give the entry: {}.", entries.error().chain()));
  const base::Bytes& entry = (*entries)[receipt.index % ledger::kTileWidth];
  const auto leaf = ledger::Leaf::decode(entry);
  if (!leaf.ok()) return fails("The log's entry at this index is not a leaf.");
  const auto included = ledger::verify_inclusion(receipt.index, ledger::hash_leaf(entry),
                                                 receipts.head, receipts.proof.hashes);
  if (!included.ok())
    return fails("The proof does not lead from the log's entry to the signed checkpoint.");
  report.add("entry",
             fmt::format("Entry {} is in the log, under the receipt's checkpoint.", receipt.index));
  return Found(*leaf);
}

void check_opening(const ledger::Receipt& receipt, const ledger::Leaf& leaf, Report& report) {
  if (leaf.label == receipt.label)
    report.add("label", "The entry carries the receipt's label.");
  else
    report.fail("label", "The entry carries another label than the receipt.");
  if (leaf.commit == ledger::commit_of(receipt.nonce, receipt.payload))
    report.add("commitment", "The entry commits to this receipt, word for word.");
  else
    report.fail("commitment",
                "The entry commits to something else: the receipt's words or its nonce were "
                "changed.");
}

Result<void> check_history(const TreeHead& then, const TreeHead& now, LogSource& log,
                           Report& report) {
  if (now.size < then.size) {
    report.fail("history", fmt::format("The log had {} entries and has {} now: it was rewritten.",
                                       then.size, now.size));
    return {};
  }
  const auto hashes = ledger::hashes_from_tiles(
      now.size, [&](const ledger::Tile& tile) { return get_tile(log, tile); });
  const auto proof = ledger::prove_consistency(then.size, now.size, hashes);
  if (!proof.ok() && proof.code() != Code::missing && proof.code() != Code::corrupt)
    return proof.error();
  if (!proof.ok())
    report.fail("history",
                fmt::format("The log does not give its tiles: {}.", proof.error().chain()));
  else if (!ledger::verify_consistency(then, now, *proof).ok())
    report.fail("history", "The log now does not begin with the log then: it was rewritten.");
  else
    report.add("history", fmt::format("The log of {} entries begins with the {} that were signed "
                                      "then: it has not been rewritten since.",
                                      now.size, then.size));
  return {};
}

}  // namespace

Result<Report> verify_receipt(std::string_view text, LogSource& log,
                              const std::optional<std::string>& verifier_key) {
  Report report;
  const ledger::KeyHistory keys = TRY(trusted_keys(log, verifier_key, report));
  const auto receipt = ledger::parse_receipt(text);
  if (!receipt.ok()) {
    report.fail("form",
                fmt::format("This is not an erasure receipt: {}.", receipt.error().chain()));
    return report;
  }
  report.add("form", form_of(*receipt));
  const std::size_t which = check_key(*receipt, keys, report);
  const auto receipts = check_signature(*receipt, keys, which, report);
  const std::optional<TreeHead> now = TRY(current_head(log, keys, report));
  constexpr const char* kNeeds = "Needs the checks before it.";
  if (!receipts || !now) {
    for (const char* name : {"entry", "label", "commitment", "history"}) report.skip(name, kNeeds);
    return report;
  }
  const auto leaf = TRY(check_entry(*receipt, *receipts, *now, log, report));
  if (leaf) {
    check_opening(*receipt, *leaf, report);
  } else {
    report.skip("label", kNeeds);
    report.skip("commitment", kNeeds);
  }
  TRY(check_history(receipts->head, *now, log, report));
  return report;
}

}  // namespace client
