// A YAML file as a tree of nodes that know where they stand. Owns copies of all text. Bounds what a
// hostile file can cost before and while it is read: size, nesting, nodes; no anchors, no aliases,
// no tags. Says nothing about meaning.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "notice/diagnostic.h"

namespace notice {

inline constexpr std::size_t file_bytes_max = 1 << 20;
inline constexpr int nesting_max = 32;
inline constexpr std::size_t nodes_max = 50'000;
inline constexpr std::size_t text_bytes_max = 8'000;
// Texts outside prose meet regular expressions, whose cost grows with their length.
inline constexpr std::size_t plain_bytes_max = 300;

struct Member;

struct Node {
  enum class Kind { null, boolean, integer, text, list, map };

  Kind kind = Kind::null;
  Position at;
  std::string text;  // of every scalar as written: UTF-8 without control characters
  std::int64_t integer = 0;
  bool boolean = false;
  std::vector<Node> items;
  std::vector<Member> members;

  bool is(Kind other) const { return kind == other; }
  /// The member's value, or nothing where this is no map or has no such key.
  const Node* find(std::string_view key) const;
};

struct Member {
  std::string key;
  Position at;
  Node value;
};

/// The tree of the one document in `text`; nothing where it cannot be read. Duplicate keys, anchors
/// and tags are reported and left out, so that the rest can still be looked at.
std::optional<Node> read_yaml(std::string_view text, Findings& findings);

/// Where the key at the end of `path` stands, or the last part of it that exists.
Position locate(const Node& root, std::initializer_list<std::string_view> path);

/// What kind of thing it is, for messages: "a list", "text".
const char* describe(Node::Kind kind);

}  // namespace notice
