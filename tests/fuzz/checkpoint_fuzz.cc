// Checkpoints as a reader gets them, under a key that the mutator has too: what carries a good
// signature and is still no checkpoint of this log is reached as well.

#include "ledger/note.h"
#include "tests/fuzz/mutate.h"

namespace {

constexpr std::string_view kOrigin = "log.example";

const base::SigningKey& signer() {
  static const auto key =
      base::SigningKey::from_seed(base::SecretBytes::copy_of(base::Bytes(32, 7))).value();
  return key;
}

/// What may be signed: no control characters but newlines, and one at the end.
std::string as_text(base::View bytes) {
  std::string text(base::text(bytes));
  for (char& c : text)
    if (c != '\n' && (c < ' ' || c > '~')) c = '+';
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  fuzz::Draws draws(seed);
  if (draws.one_in(4)) return LLVMFuzzerMutate(data, size, max_size);
  const std::string_view whole(reinterpret_cast<const char*>(data), size);
  const auto note = ledger::parse_note(whole);
  const std::string_view inside = note.ok() ? std::string_view(note->text) : whole;
  const std::string text = as_text(fuzz::mutated(base::view(inside), 512));
  return fuzz::answer(base::view(ledger::sign_note(text, std::string(kOrigin), signer())), data,
                      max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto key = ledger::VerifierKey::of(std::string(kOrigin), signer().public_key());
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto checkpoint = ledger::open_checkpoint(text, key);
  if (!checkpoint.ok()) return 0;
  CHECK(checkpoint->origin == kOrigin);
  // Signed anew, it says the same: nothing was read that does not stand there.
  const auto again = ledger::parse_note(ledger::sign_checkpoint(*checkpoint, signer())).value();
  CHECK(ledger::parse_note(text).value().text.starts_with(again.text));
  return 0;
}
