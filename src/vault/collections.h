// The declared collections, each with the category that the notice gives it. Owns the list; never
// touches a record.
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

class Collections {
 public:
  /// Code::invalid where a category is not declared in the notice, or a name is declared twice.
  static base::Result<Collections> resolve(std::span<const Collection> declared,
                                           const notice::Policy& policy);
  /// Code::invalid for an undeclared collection, Code::denied where the permit is for another
  /// category.
  base::Result<void> check(const gate::Permit& permit, base::Literal collection) const;

  /// Of every declared collection.
  const std::vector<base::Literal>& names() const noexcept { return names_; }

 private:
  std::map<std::string, notice::CategoryId, std::less<>> categories_;
  std::vector<base::Literal> names_;
};

}  // namespace vault
