// What a verification found: named checks, each with its explanation, for a person or as JSON. Owns
// text only; decides nothing but whether all checks hold.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/tlog.h"

namespace client {

enum class Outcome : std::uint8_t { holds, fails, skipped };

struct Check {
  std::string name;  // a word that programs may rely on
  Outcome outcome = Outcome::skipped;
  std::string says;  // a sentence for a person
};

/// Whether the verifier key was known beforehand, or taken from the log that it is to vouch for.
enum class Pinning : std::uint8_t { pinned, unpinned };

struct Report {
  std::vector<Check> checks;
  Pinning pinning = Pinning::unpinned;
  std::string verifier_key;
  ledger::TreeHead head;  // the log's current tree, where its checkpoint could be read

  void add(std::string name, std::string says) {
    checks.push_back({std::move(name), Outcome::holds, std::move(says)});
  }
  void fail(std::string name, std::string says) {
    checks.push_back({std::move(name), Outcome::fails, std::move(says)});
  }
  void skip(std::string name, std::string says) {
    checks.push_back({std::move(name), Outcome::skipped, std::move(says)});
  }

  /// Every check was made, and holds.
  bool holds() const;
  /// The outcome of the check of that name; skipped where it was not made.
  Outcome outcome(std::string_view name) const;
  /// Lines for a person, the key and its pinning last.
  std::string text() const;
  std::string json() const;
};

}  // namespace client
