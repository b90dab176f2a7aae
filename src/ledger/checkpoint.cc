#include <algorithm>
#include <charconv>

#include "ledger/note.h"

namespace ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::string_view kProofHeader = "c2sp.org/tlog-proof@v1";
constexpr std::size_t kProofHashesMax = 63;

/// Takes the text up to the next newline, and the newline; nothing where there is none.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

/// A decimal number without leading zeroes.
std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number > kTreeSizeMax || std::to_string(number) != text)
    return std::nullopt;
  CHECK(end == text.data() + text.size());
  return number;
}

std::optional<Digest> digest_of(std::string_view text) {
  const auto raw = base::parse_base64(text);
  if (!raw.ok() || raw->size() != sizeof(Digest)) return std::nullopt;
  Digest digest{};
  std::copy(raw->begin(), raw->end(), digest.begin());
  return digest;
}

}  // namespace

std::string sign_checkpoint(const Checkpoint& checkpoint, const base::SigningKey& signer) {
  const std::string text = checkpoint.origin + "\n" + std::to_string(checkpoint.head.size) + "\n" +
                           base::base64(checkpoint.head.root) + "\n";
  return sign_note(text, checkpoint.origin, signer);
}

Result<Checkpoint> parse_checkpoint(const Note& note) {
  const Error malformed{Code::invalid, "this is not a checkpoint"};
  std::string_view rest = note.text;
  const auto origin = take_line(rest);
  const auto size_line = take_line(rest);
  const auto root_line = take_line(rest);
  if (!origin || origin->empty() || !size_line || !root_line) return malformed;
  const auto size = number_of(*size_line);
  const auto root = digest_of(*root_line);
  if (!size || !root) return malformed;
  while (const auto extension = take_line(rest))
    if (extension->empty()) return malformed;
  return Checkpoint{std::string(*origin), {*size, *root}};
}

Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key) {
  const Note parsed = TRY(parse_note(note));
  TRY(verify_note(parsed, key));
  Checkpoint checkpoint = TRY(parse_checkpoint(parsed));
  if (checkpoint.origin != key.name) return Error{Code::denied, "the checkpoint is another log's"};
  return checkpoint;
}

std::string format_proof(const InclusionProof& proof) {
  std::string out(kProofHeader);
  out += "\nindex " + std::to_string(proof.index) + "\n";
  for (const Digest& hash : proof.hashes) out += base::base64(hash) + "\n";
  return out + "\n" + proof.checkpoint;
}

Result<InclusionProof> parse_proof(std::string_view text) {
  const Error malformed{Code::invalid, "this is not a proof of inclusion"};
  if (take_line(text) != kProofHeader) return malformed;
  const auto index_line = take_line(text);
  constexpr std::string_view kIndex = "index ";
  if (!index_line || !index_line->starts_with(kIndex)) return malformed;
  const auto index = number_of(index_line->substr(kIndex.size()));
  if (!index) return malformed;
  InclusionProof proof;
  proof.index = *index;
  for (;;) {
    const auto line = take_line(text);
    if (!line) return malformed;
    if (line->empty()) break;
    const auto hash = digest_of(*line);
    if (!hash || proof.hashes.size() == kProofHashesMax) return malformed;
    proof.hashes.push_back(*hash);
  }
  proof.checkpoint = text;
  TRY(parse_note(proof.checkpoint));
  return proof;
}

}  // namespace ledger
