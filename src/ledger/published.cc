#include "ledger/published.h"

#include "ledger/handover.h"

namespace ledger {

using base::Code;
using base::Error;
using base::Result;

Result<std::optional<TreeHead>> published_head(LogFiles& files, const VerifierKey& key) {
  const std::optional<std::string> note = TRY(files.read("checkpoint"));
  if (!note) return std::optional<TreeHead>();
  const std::optional<std::string> chain = TRY(files.read("keys", kChainBytesMax));
  const KeyHistory history = TRY(parse_chain(chain.value_or("")));
  if (!history.keys.empty() && history.current().str() != key.str())
    return Error{Code::corrupt, "the log was handed over to another key than this one"};
  const auto checkpoint = open_checkpoint(*note, key);
  if (checkpoint.ok()) return std::optional(checkpoint->head);
  const Error not_ours{Code::corrupt, "the published checkpoint is not this log's",
                       checkpoint.error()};
  if (history.ends.empty()) return not_ours;
  // A handover that was cut short: the last tree of the key before, to be signed again by this one.
  const auto before = open_checkpoint(*note, history.keys[history.ends.size() - 1]);
  if (!before.ok() || before->head != history.ends.back()) return not_ours;
  return std::optional(before->head);
}

}  // namespace ledger
