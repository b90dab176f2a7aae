// The declared collections, each with the category that the notice gives it, held against what the
// notice promises. Owns the list; never touches a record.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "gate/gate.h"
#include "notice/policy.h"
#include "vault/vault.h"

namespace vault {

/// The vault's own collection: what opens the owner's entries in the log, for her alone.
inline constexpr base::Literal kLogOpenings = "log_openings";
/// The notice's purpose for a person's exercise of her rights (Articles 15 and 20 GDPR).
inline constexpr base::Literal kRights = "rights_requests";

class Collections {
 public:
  struct Declared {
    Collection collection;
    notice::CategoryId category;
  };

  /// Code::invalid where a category is not declared in the notice, a name is declared twice, the
  /// purpose rights_requests is not for a category (so that nothing of it could be exported), or
  /// something would be kept for longer than the notice says.
  static base::Result<Collections> resolve(std::span<const Collection> declared,
                                           const notice::Policy& policy);

  /// Code::invalid for an undeclared collection, or one that holds the other (content, records);
  /// Code::denied where the permit is for another category.
  base::Result<const Declared*> records(const gate::Permit& permit, base::Literal name) const;
  base::Result<const Declared*> content(const gate::Permit& permit, base::Literal name) const;
  /// How long what is put now stays. Code::invalid where a time is given and the collection takes
  /// none, none is given and it needs one, or it lies beyond what the notice allows.
  base::Result<Stay> stay(const Declared& declared, base::Time now,
                          std::optional<base::Time> given) const;

  const Declared* find(std::string_view name) const;
  /// All, in the order of their declaration.
  const std::vector<Declared>& all() const noexcept { return all_; }

 private:
  base::Result<const Declared*> check(const gate::Permit& permit, base::Literal name) const;
  std::vector<Declared> all_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::map<std::string, base::Duration, std::less<>> given_max_;  // by name, where there is one
};

}  // namespace vault
