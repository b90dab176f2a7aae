// Signed notes, checkpoints, verifier keys and proofs as a log's reader gets them.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/note.h"

namespace {

// The published key and text of golang.org/x/mod/sumdb/note; the corpus holds the note.
constexpr std::string_view kKey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";

void read_note(std::string_view text) {
  static const ledger::VerifierKey key = ledger::parse_verifier_key(kKey).value();
  const auto note = ledger::parse_note(text);
  if (!note.ok()) return;
  CHECK(text.starts_with(note->text + "\n") && !note->signatures.empty());
  // Nobody signs under that key any more.
  if (ledger::verify_note(*note, key).ok()) CHECK(note->text == kText);
  const auto checkpoint = ledger::parse_checkpoint(*note);
  if (checkpoint.ok())
    CHECK(note->text.starts_with(checkpoint->origin + "\n" + std::to_string(checkpoint->head.size) +
                                 "\n" + base::base64(checkpoint->head.root) + "\n"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_note(text);
  const auto key = ledger::parse_verifier_key(text);
  if (key.ok()) CHECK(key->str() == text);
  const auto proof = ledger::parse_proof(text);
  if (proof.ok()) CHECK(ledger::format_proof(*proof) == text);
  return 0;
}
