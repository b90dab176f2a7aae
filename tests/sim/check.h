// Looks at everything after a start, and holds it against the model: every owner, every record, all
// content, the directory, the log, the replica, and what an adversary could open. Owns nothing;
// settles in the model what was in doubt.
#pragma once

#include "tests/sim/invariants.h"
#include "tests/sim/model.h"
#include "tests/sim/world.h"
#include "vault/journal.h"

namespace sim {

class Check {
 public:
  /// What a value may be from: the present, or after a restore the times that the backup may be of.
  enum class After : std::uint8_t { crash, restore };
  Check(World& world, Model& model, Findings& findings, After after)
      : world_(world), model_(model), findings_(findings), after_(after) {}

  /// The world must be open, and nothing under way.
  void run();

 private:
  void owner(Owner& owner);
  void settle_life(Owner& owner);
  void live(Owner& owner);
  void erased(Owner& owner);
  void last_entry(const Owner& owner);
  void records(Owner& owner);
  void contents(Owner& owner);
  void growths(Owner& owner);
  void directory(Owner& owner);
  void standing(Owner& owner);
  void chain(Owner& owner, vault::Chain chain, Count& count);
  void openings(const Owner& owner);
  void log();
  void sealed();
  void keys();
  void replica();
  template <class T>
  bool allowed(const Cell<T>& cell, const T& value) const;
  gate::Permit permit(const Owner& owner, notice::CategoryId category);
  bool has_content(const Owner& owner, base::ContentId id);
  /// How much of a content that grows there is, and whether it is whole.
  std::pair<std::uint64_t, bool> grown(const Owner& owner, base::ContentId id);
  std::uint64_t count_rows(base::Literal sql, const Owner& owner);

  World& world_;
  Model& model_;
  Findings& findings_;
  const After after_;
};

/// A digest of every row of the database: what two recoveries are compared by.
base::Result<base::Digest> digest_of(World& world);

}  // namespace sim
