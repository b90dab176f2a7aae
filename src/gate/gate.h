// The gate: may this actor use this category of this owner's data for this purpose, now? Answers
// from the compiled notice and the owner's standing (its own plain table: bits per owner). The
// answer is a Permit, which nobody else can make, or a refusal with its reason. Never reads data.
#pragma once

#include <cstdint>
#include <memory>

#include "base/id.h"
#include "base/result.h"
#include "base/wait.h"
#include "notice/policy.h"
#include "store/store.h"

namespace vault {
class Erasures;
class Standings;
}  // namespace vault

namespace gate {

/// Proof that a change of standing goes with its entry in the owner's log, or is the course of an
/// erasure: only those who see to that can make one.
class Recorded {
  Recorded() = default;
  friend class vault::Erasures;
  friend class vault::Standings;
  friend struct RecordedForTests;
};

/// Who asks. Staff come with their grants, later.
enum class Actor : std::uint8_t { person, member, token, system };

/// Leave to use one category of one owner's data for one purpose. Made by the Gate alone; a value
/// that is passed on and not kept: standing may change.
class Permit {
 public:
  base::OwnerId owner() const noexcept { return owner_; }
  notice::CategoryId category() const noexcept { return category_; }
  notice::PurposeId purpose() const noexcept { return purpose_; }
  Actor actor() const noexcept { return actor_; }

 private:
  friend class Gate;
  Permit(base::OwnerId owner, notice::CategoryId category, notice::PurposeId purpose, Actor actor)
      : owner_(owner), category_(category), purpose_(purpose), actor_(actor) {}
  base::OwnerId owner_;
  notice::CategoryId category_;
  notice::PurposeId purpose_;
  Actor actor_;
};

/// Safe from any thread.
class Gate {
 public:
  static store::Schema schema();
  static base::Result<std::unique_ptr<Gate>> open(store::Store& store, base::Wait& wait,
                                                  const notice::PolicyHandle& policy);
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// The decision, with its reason.
  notice::Decision decide(base::OwnerId owner, notice::CategoryId category,
                          notice::PurposeId purpose);
  /// A Permit; Code::gone for an owner erased or being erased, Code::denied for any other refusal,
  /// with the reason's words.
  base::Result<Permit> ask(Actor actor, base::OwnerId owner, notice::CategoryId category,
                           notice::PurposeId purpose);

  notice::Standing standing(base::OwnerId owner);
  /// As the transaction sees it: what a change starts from.
  static base::Result<notice::Standing> standing(store::Reader& reader, base::OwnerId owner);
  /// Changes the standing in `tx`. The new one is in force for every question from here on, also
  /// where the transaction then fails (then it is read again): never looser than the table.
  base::Result<void> set_standing(store::Tx& tx, const Recorded& recorded, base::OwnerId owner,
                                  const notice::Standing& standing);
  /// Notices now which changes of earlier transactions have failed, and what the table says
  /// instead. (A later change notices it too.) For whoever announced one in a transaction that
  /// failed.
  base::Result<void> settle(store::Tx& tx);

  const notice::PolicyHandle& policy() const noexcept;

 private:
  struct Impl;
  explicit Gate(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gate
