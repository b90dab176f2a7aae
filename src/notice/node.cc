#include "notice/node.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <charconv>
#include <istream>
#include <spanstream>

namespace notice {
namespace {

constexpr int indent_max = 64;
constexpr int indicators_max = 8;

Position position(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {mark.line + 1, mark.column + 1};
}

/// Thrown to leave yaml-cpp's parser early; never leaves this file.
struct Stop {};

/// Refuses what could nest deeper than the parser's stack bears, before the parser sees it. Counts
/// brackets even in quotes: that errs on the safe side, and 32 unclosed ones are no prose.
bool shallow(std::string_view text, Findings& findings) {
  int line = 1;
  int brackets = 0;
  std::size_t start = 0;
  while (start < text.size()) {
    std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos) end = text.size();
    const std::string_view row = text.substr(start, end - start);
    const std::size_t indent = row.find_first_not_of(" \t\r");
    int indicators = 0;
    for (std::size_t i = indent; i != std::string_view::npos && i + 1 < row.size(); ++i) {
      if (row[i] == ' ' || row[i] == '\t') continue;
      const bool spaced = row[i + 1] == ' ' || row[i + 1] == '\t';
      if (!spaced || (row[i] != '-' && row[i] != '?' && row[i] != ':')) break;
      ++indicators;
    }
    for (const char c : row) {
      if (c == '[' || c == '{') ++brackets;
      if ((c == ']' || c == '}') && brackets > 0) --brackets;
    }
    if (brackets > nesting_max || indicators > indicators_max ||
        (indent != std::string_view::npos && indent > indent_max)) {
      findings.error({line, 1}, "this is nested too deeply",
                     fmt::format("a notice needs no more than {} levels", nesting_max));
      return false;
    }
    start = end + 1;
    ++line;
  }
  return true;
}

/// Strict UTF-8 without control characters except tab and line feed: the parser lets broken bytes
/// and lone surrogates through, and what is shown or printed must not hide anything.
bool is_plain_text(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      if ((lead < 0x20 && lead != '\t' && lead != '\n') || lead == 0x7f) return false;
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || i + length > text.size()) return false;
    std::uint32_t point = lead & (0xffU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0U) != 0x80U) return false;
      point = (point << 6U) | (next & 0x3fU);
    }
    const std::uint32_t least = length == 4 ? 0x10000U : length == 3 ? 0x800U : 0x80U;
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    if (point < least || point > 0x10ffff || surrogate || point < 0xa0) return false;
    i += length;
  }
  return true;
}

class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(Findings& findings) : findings_(findings) {}

  bool done() const { return done_; }
  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override { done_ = true; }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    Node node;
    node.at = position(mark);
    place(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    findings_.error(position(mark), "aliases are not allowed in a notice", "write it out");
    OnNull(mark, 0);
  }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    findings_.error(position(mark),
                    fmt::format("the anchor `&{}` is not allowed in a notice", name),
                    "write it out where it is used");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    refuse_tag(mark, tag);
    Node node;
    node.at = position(mark);
    node.text = value;
    if (!is_plain_text(node.text)) {
      findings_.error(node.at, "this text holds bytes that are no characters",
                      "write it in UTF-8, without control characters");
      node.text = "unreadable";
    }
    resolve(node, tag == "?");
    if (value.size() > text_bytes_max) {
      findings_.error(node.at, fmt::format("this text has {} bytes", value.size()),
                      fmt::format("at most {} are allowed", text_bytes_max));
      throw Stop();
    }
    place(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, Node::Kind::list);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, Node::Kind::map);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    Node node;
    bool has_key = false;
    std::string key;
    Position key_at;
  };

  static void resolve(Node& node, bool plain) {
    node.kind = Node::Kind::text;
    if (!plain) return;
    if (node.text == "true" || node.text == "false") {
      node.kind = Node::Kind::boolean;
      node.boolean = node.text == "true";
      return;
    }
    const char* end = node.text.data() + node.text.size();
    const auto [stop, error] = std::from_chars(node.text.data(), end, node.integer);
    if (error == std::errc() && stop == end) node.kind = Node::Kind::integer;
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    findings_.error(position(mark), "type tags are not allowed in a notice", "leave the tag out");
  }

  void open(const YAML::Mark& mark, const std::string& tag, Node::Kind kind) {
    refuse_tag(mark, tag);
    if (levels_.size() >= nesting_max) {
      findings_.error(position(mark), "this is nested too deeply",
                      fmt::format("a notice needs no more than {} levels", nesting_max));
      throw Stop();
    }
    Level level;
    level.node.kind = kind;
    level.node.at = position(mark);
    levels_.push_back(std::move(level));
  }

  void close() {
    Node node = std::move(levels_.back().node);
    levels_.pop_back();
    place(std::move(node));
  }

  void place(Node node) {
    if (++nodes_ > nodes_max) {
      findings_.error(node.at, "the file has too many parts",
                      fmt::format("at most {} values are allowed", nodes_max));
      throw Stop();
    }
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.is(Node::Kind::list)) {
      level.node.items.push_back(std::move(node));
    } else if (!level.has_key) {
      take_key(level, node);
    } else {
      level.has_key = false;
      add_member(level, std::move(node));
    }
  }

  void take_key(Level& level, const Node& node) {
    if (node.is(Node::Kind::list) || node.is(Node::Kind::map) || node.text.empty()) {
      findings_.error(node.at, "a key has to be a word", "write `key: value`");
      throw Stop();
    }
    level.has_key = true;
    level.key = node.text;
    level.key_at = node.at;
  }

  void add_member(Level& level, Node value) {
    for (const Member& member : level.node.members) {
      if (member.key != level.key) continue;
      findings_.error(level.key_at, fmt::format("the key `{}` stands here twice", level.key),
                      fmt::format("it was given first on line {}; keep one", member.at.line));
      return;
    }
    level.node.members.push_back({std::move(level.key), level.key_at, std::move(value)});
  }

  Findings& findings_;
  std::vector<Level> levels_;
  Node root_;
  std::size_t nodes_ = 0;
  bool done_ = false;
};

std::optional<Node> parse(std::string_view text, Findings& findings) {
  std::ispanstream input(std::span<const char>(text.data(), text.size()));
  try {
    YAML::Parser parser(input);
    Builder builder(findings);
    if (!parser.HandleNextDocument(builder) || !builder.done()) {
      findings.error({}, "the file is empty", "a notice begins with `format: 1`");
      return std::nullopt;
    }
    Builder second(findings);
    if (parser.HandleNextDocument(second)) {
      findings.error({}, "the file holds more than one document", "remove `---` and what follows");
    }
    return builder.take();
  } catch (const YAML::Exception& broken) {
    findings.error(position(broken.mark), fmt::format("this is not YAML: {}", broken.msg),
                   "check indentation, colons and quotes up to here");
  } catch (const Stop&) {
    // Already reported.
  } catch (const std::exception&) {
    findings.error({}, "this is not YAML", "check indentation, colons and quotes");
  }
  return std::nullopt;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::optional<Node> read_yaml(std::string_view text, Findings& findings) {
  if (text.size() > file_bytes_max) {
    findings.error({}, fmt::format("the file has {} bytes", text.size()),
                   fmt::format("at most {} are allowed", file_bytes_max));
    return std::nullopt;
  }
  if (!shallow(text, findings)) return std::nullopt;
  return parse(text, findings);
}

Position locate(const Node& root, std::initializer_list<std::string_view> path) {
  const Node* node = &root;
  Position at = root.at;
  for (const std::string_view key : path) {
    const Node* next = nullptr;
    for (const Member& member : node->members) {
      if (member.key != key) continue;
      at = member.at;
      next = &member.value;
    }
    if (next == nullptr) break;
    node = next;
  }
  return at;
}

const char* describe(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::boolean:
      return "true or false";
    case Node::Kind::integer:
      return "a number";
    case Node::Kind::text:
      return "text";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
  }
  return "something";
}

}  // namespace notice
