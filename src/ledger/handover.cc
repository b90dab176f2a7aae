#include "ledger/handover.h"

#include <algorithm>
#include <charconv>

#include "ledger/log_files.h"

namespace ledger {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::string_view kKeyChanges = "log-key-handover/v1";
constexpr std::string_view kOriginChanges = "log-origin-change/v1";
// Header, two keys, size, root, an empty line, two signatures: each ends in a newline.
constexpr std::size_t kLines = 8;

Error malformed() { return {Code::invalid, "the log's chain of keys is malformed"}; }

std::string text_of(const Handover& handover) {
  std::string text(moves_origin(handover.from, handover.to) ? kOriginChanges : kKeyChanges);
  text += "\n" + handover.from.str() + "\n" + handover.to.str() + "\n";
  text += std::to_string(handover.head.size) + "\n" + base::base64(handover.head.root) + "\n";
  return text;
}

/// The name or the key, and never both: a reader who knows one recognises the other by it.
bool changes_one(const Handover& handover) {
  return !moves_origin(handover.from, handover.to) || handover.from.key == handover.to.key;
}

Leaf leaf_of(const std::string& kind, const std::string& text) {
  Leaf leaf;
  leaf.label = base::sha256(base::view(kind + " label\n" + text));
  leaf.commit = base::sha256(base::view(kind + " commit\n" + text));
  return leaf;
}

/// The signature lines of a note.
std::string signature_of(const std::string& note, std::string_view text) {
  return note.substr(text.size() + 1);
}

/// Takes as many lines as a statement has; nothing where there are fewer.
std::optional<std::string_view> take_statement(std::string_view& chain) {
  std::size_t end = 0;
  for (std::size_t line = 0; line < kLines; ++line) {
    end = chain.find('\n', end);
    if (end == std::string_view::npos) return std::nullopt;
    ++end;
  }
  const std::string_view statement = chain.substr(0, end);
  chain.remove_prefix(end);
  return statement;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

Result<Handover> parse_statement(std::string_view statement) {
  const Note note = TRY(parse_note(statement));
  const std::vector<std::string_view> lines = lines_of(note.text);
  if (lines.size() != 5 || note.signatures.size() != 2) return malformed();
  Handover handover;
  handover.from = TRY(parse_verifier_key(lines[1]));
  handover.to = TRY(parse_verifier_key(lines[2]));
  std::uint64_t size = 0;
  const auto [end, error] =
      std::from_chars(lines[3].data(), lines[3].data() + lines[3].size(), size);
  const auto root = base::parse_base64(lines[4]);
  if (error != std::errc{} || size > kTreeSizeMax || !root.ok() || root->size() != sizeof(Digest))
    return malformed();
  handover.head.size = size;
  std::ranges::copy(*root, handover.head.root.begin());
  // Made again, it must be the same text: this refuses every other spelling.
  if (text_of(handover) != note.text || !changes_one(handover)) return malformed();
  TRY(verify_note(note, handover.from));
  TRY(verify_note(note, handover.to));
  return handover;
}

bool same(const VerifierKey& a, const VerifierKey& b) { return a.str() == b.str(); }

}  // namespace

Leaf handover_leaf(const VerifierKey& from, const VerifierKey& to) {
  return leaf_of(std::string(kKeyChanges), from.str() + "\n" + to.str() + "\n");
}

Leaf origin_leaf(const Handover& handover) {
  return leaf_of(std::string(kOriginChanges), text_of(handover));
}

std::string sign_handover(const Handover& handover, const base::SigningKey& from,
                          const base::SigningKey& to) {
  CHECK(from.public_key() == handover.from.key && to.public_key() == handover.to.key);
  CHECK(changes_one(handover));
  const std::string text = text_of(handover);
  return sign_note(text, handover.from.name, from) +
         signature_of(sign_note(text, handover.to.name, to), text);
}

std::optional<std::size_t> KeyHistory::find(const VerifierKey& key) const {
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (same(keys[i], key)) return i;
  return std::nullopt;
}

bool KeyHistory::may_sign(std::size_t which, const TreeHead& head) const {
  if (which > 0 && head.size <= ends[which - 1].size && head != ends[which - 1]) return false;
  if (which == ends.size()) return true;
  return head.size < ends[which].size || head == ends[which];
}

Result<KeyHistory> parse_chain(std::string_view chain) {
  if (chain.size() > kChainBytesMax)
    return Error{Code::too_large, "the log's chain of keys is too long"};
  KeyHistory history;
  while (!chain.empty()) {
    const auto statement = take_statement(chain);
    if (!statement || history.ends.size() == kHandoversMax) return malformed();
    Handover next = TRY(parse_statement(*statement));
    if (history.keys.empty()) history.keys.push_back(next.from);
    if (!same(history.current(), next.from))
      return Error{Code::invalid, "the log's chain of keys has a gap"};
    if (history.find(next.to))
      return Error{Code::invalid, "the log's chain of keys comes back to an older key"};
    if (!history.ends.empty() && next.head.size < history.ends.back().size)
      return Error{Code::invalid, "the log's chain of keys goes back to a smaller tree"};
    history.keys.push_back(std::move(next.to));
    history.ends.push_back(next.head);
  }
  return history;
}

Result<KeyHistory> read_chain(base::Disk& disk, const std::string& directory) {
  const std::optional<std::string> chain =
      TRY(LogFiles(disk, directory).read("keys", kChainBytesMax));
  return parse_chain(chain.value_or(""));
}

Result<std::string> origin_in_force(base::Disk& disk, const std::string& directory,
                                    const std::string& origin) {
  const KeyHistory history = TRY(read_chain(disk, directory));
  if (history.keys.empty()) return origin;
  if (history.keys.front().name != origin)
    return Error{Code::conflict, "the log began under another origin than the notice has"};
  return history.current().name;
}

Result<void> check_handover(base::Disk& disk, const std::string& directory,
                            const std::string& statement) {
  LogFiles files(disk, directory);
  const std::optional<std::string> chain = TRY(files.read("keys", kChainBytesMax));
  TRY(parse_chain(chain.value_or("") + statement));
  return {};
}

Result<void> publish_handover(base::Disk& disk, const std::string& directory,
                              const std::string& statement) {
  LogFiles files(disk, directory);
  const std::optional<std::string> chain = TRY(files.read("keys", kChainBytesMax));
  if (chain && chain->ends_with(statement)) return {};
  TRY(parse_chain(chain.value_or("") + statement));
  return files.replace("keys", chain.value_or("") + statement);
}

}  // namespace ledger
