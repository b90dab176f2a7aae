#include "ledger/note.h"

#include <algorithm>
#include <array>

namespace ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kNoteBytesMax = 64U << 10;
constexpr std::size_t kSignaturesMax = 64;
constexpr std::uint8_t kEd25519 = 1;  // the signature type
constexpr std::string_view kDash = "\xe2\x80\x94 ";

/// Takes one UTF-8 character; nothing for what is not the shortest form of a scalar value.
std::optional<char32_t> take_character(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || text.size() < size) return std::nullopt;
  char32_t character = size == 1 ? lead : lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
    character = character << 6 | (byte(i) & 0x3fU);
  }
  const bool overlong = (size == 3 && character < 0x800) || (size == 4 && character < 0x10000);
  const bool surrogate = character >= 0xd800 && character < 0xe000;
  if (overlong || surrogate || character > 0x10ffff) return std::nullopt;
  text.remove_prefix(size);
  return character;
}

bool is_space(char32_t c) {
  return c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
         c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

bool valid_note_text(std::string_view text) {
  while (!text.empty()) {
    const auto c = take_character(text);
    if (!c || (*c < 0x20 && *c != '\n')) return false;
  }
  return true;
}

Result<Note::Signature> parse_signature(std::string_view line) {
  const Error malformed{Code::invalid, "a note's signature line is malformed"};
  if (!line.starts_with(kDash)) return malformed;
  line.remove_prefix(kDash.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !valid_key_name(line.substr(0, space))) return malformed;
  const auto raw = base::parse_base64(line.substr(space + 1));
  if (!raw.ok() || raw->size() < 5) return malformed;
  Note::Signature signature;
  signature.name = line.substr(0, space);
  signature.id = base::load_u32(raw->data());
  signature.bytes.assign(raw->begin() + 4, raw->end());
  return signature;
}

}  // namespace

bool valid_key_name(std::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const auto c = take_character(name);
    if (!c || *c < 0x20 || *c == '+' || is_space(*c)) return false;
  }
  return true;
}

VerifierKey VerifierKey::of(std::string name, const base::PublicKey& key) {
  base::Bytes message = base::copy(base::view(name));
  message.push_back('\n');
  message.push_back(kEd25519);
  message.insert(message.end(), key.begin(), key.end());
  const Digest digest = base::sha256(message);
  return {std::move(name), base::load_u32(digest.data()), key};
}

std::string VerifierKey::str() const {
  std::array<std::uint8_t, 4> short_id{};
  base::store_u32(short_id.data(), id);
  base::Bytes typed{kEd25519};
  typed.insert(typed.end(), key.begin(), key.end());
  return name + "+" + base::hex(short_id) + "+" + base::base64(typed);
}

Result<VerifierKey> parse_verifier_key(std::string_view text) {
  const Error malformed{Code::invalid, "the verifier key is malformed"};
  const auto first = text.find('+');
  if (first == std::string_view::npos) return malformed;
  const auto second = text.find('+', first + 1);  // base64 may have more of them
  if (second == std::string_view::npos || !valid_key_name(text.substr(0, first))) return malformed;
  const auto typed = base::parse_base64(text.substr(second + 1));
  if (!typed.ok() || typed->size() != 33) return malformed;
  if (typed->front() != kEd25519) return Error{Code::invalid, "the verifier key is not Ed25519"};
  base::PublicKey key{};
  std::copy(typed->begin() + 1, typed->end(), key.begin());
  VerifierKey out = VerifierKey::of(std::string(text.substr(0, first)), key);
  // Made again, it must be the same: this checks the short id and every spelling at once.
  if (out.str() != text) return Error{Code::invalid, "the verifier key does not fit its own id"};
  return out;
}

Result<Note> parse_note(std::string_view text) {
  if (text.size() > kNoteBytesMax) return Error{Code::too_large, "a note is too large"};
  const Error malformed{Code::invalid, "this is not a signed note"};
  if (!valid_note_text(text) || !text.ends_with('\n')) return malformed;
  // Text, an empty line, and signature lines up to the end.
  const auto empty_line = text.rfind("\n\n");
  if (empty_line == std::string_view::npos) return malformed;
  Note note;
  note.text = text.substr(0, empty_line + 1);
  std::string_view rest = text.substr(empty_line + 2);
  if (rest.empty()) return malformed;
  while (!rest.empty()) {
    if (note.signatures.size() == kSignaturesMax)
      return Error{Code::too_large, "a note has too many signatures"};
    const auto end = rest.find('\n');
    note.signatures.push_back(TRY(parse_signature(rest.substr(0, end))));
    rest.remove_prefix(end + 1);
  }
  return note;
}

std::string sign_note(std::string_view text, const std::string& name,
                      const base::SigningKey& signer) {
  CHECK(valid_key_name(name) && text.ends_with('\n') && valid_note_text(text));
  base::Bytes raw;
  base::put_u32(raw, VerifierKey::of(name, signer.public_key()).id);
  const base::Signature signature = signer.sign(base::view(text));
  raw.insert(raw.end(), signature.begin(), signature.end());
  return std::string(text) + "\n" + std::string(kDash) + name + " " + base::base64(raw) + "\n";
}

Result<void> verify_note(const Note& note, const VerifierKey& key) {
  bool signed_by_key = false;
  for (const Note::Signature& claimed : note.signatures) {
    if (claimed.name != key.name || claimed.id != key.id) continue;
    base::Signature signature{};
    const bool fits = claimed.bytes.size() == signature.size();
    if (fits) std::copy(claimed.bytes.begin(), claimed.bytes.end(), signature.begin());
    if (!fits || !base::verify_signature(key.key, base::view(note.text), signature))
      return Error{Code::denied, "the signature is not the log's"};
    signed_by_key = true;
  }
  if (!signed_by_key) return Error{Code::denied, "the note is not signed by the log's key"};
  return {};
}

}  // namespace ledger
