// The two states of FaultyDisk: a tree of files and directories as it is seen, and as a crash would
// leave it. Knows names, contents and what is not synced; nothing of faults, paths or waiting.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/entropy.h"

namespace base::faulty {

struct Node;
using NodePtr = std::shared_ptr<Node>;
using Names = std::map<std::string, NodePtr>;

/// Bytes at an offset, or (where there are none) a new size.
struct Unsynced {
  std::uint64_t offset = 0;
  std::optional<Bytes> bytes;
};

/// A file or a directory, as seen and as durable.
struct Node {
  enum class Kind : std::uint8_t { file, directory };
  explicit Node(Kind what) : kind(what) {}

  Kind kind;
  Names names;
  Names durable_names;
  Bytes bytes;
  Bytes durable_bytes;
  std::vector<Unsynced> unsynced;
  bool lost = false;  // something is seen that is neither durable nor still to be synced
  bool told = true;   // or a sync of everything has lost it, which the next sync of this file tells

  void write(std::uint64_t offset, View data);
  void truncate(std::uint64_t size);
  void sync();
  /// What is not synced stays to be seen, and no later sync makes it durable.
  void lose();
  /// What was lost is not seen any more either: what is durable is, and what was written since.
  void evict();
  /// Only what was durable is left, and what of the rest `entropy` lets survive.
  void crash(Entropy* entropy);
};

/// One change of names, atomic: sets each name to its node, or takes it away.
struct Change {
  struct Part {
    NodePtr directory;
    std::string name;
    NodePtr node;
  };
  std::vector<Part> parts;
};

class Tree {
 public:
  const NodePtr& root() const noexcept { return root_; }
  /// Makes the change seen; it is durable after sync() of a directory that it touches.
  void change(Change change);
  /// Makes the changes of `directory` durable, with all that must come before them.
  void sync(const NodePtr& directory);
  /// Makes all changes durable, of names and of contents.
  void sync_all();
  /// Node::lose() of every file. As kernels do that remember a file's errors for who has it open,
  /// each file's next sync fails too, though it makes durable what was written since.
  void lose_all();
  /// Node::evict() of every file.
  void evict_all();
  void crash(Entropy* entropy);
  /// Bytes in all files that are seen.
  std::uint64_t used() const;

 private:
  NodePtr root_ = std::make_shared<Node>(Node::Kind::directory);
  std::vector<Change> unsynced_;  // in the order made
};

}  // namespace base::faulty
