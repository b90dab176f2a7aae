#include "ledger/handover.h"
#include "ledger/published.h"

namespace ledger {

using base::Code;
using base::Error;
using base::Result;

Result<void> change_origin(base::Disk& disk, const std::string& directory,
                           const std::string& origin, const base::SigningKey& signer) {
  LogFiles files(disk, directory);
  const std::optional<std::string> line = TRY(files.read("key"));
  if (!line || !line->ends_with('\n')) return Error{Code::missing, "the log has no key"};
  const VerifierKey published =
      TRY(parse_verifier_key(std::string_view(*line).substr(0, line->size() - 1)));
  const KeyHistory history = TRY(read_chain(disk, directory));
  // The key file is replaced last: the chain is ahead of it where a change was cut short.
  const VerifierKey from = history.keys.empty() ? published : history.current();
  if (from.name == origin) return {};
  if (from.key != signer.public_key())
    return Error{Code::corrupt, "the log's key is not the one in the key tree"};
  const auto head = TRY(published_head(files, from));
  if (!head || head->size == 0) return Error{Code::missing, "the log has no entries"};
  const Handover change{from, VerifierKey::of(origin, signer.public_key()), *head};
  return publish_handover(disk, directory, sign_handover(change, signer, signer));
}

}  // namespace ledger
