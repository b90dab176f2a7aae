#include "vault/collections.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

}  // namespace

Result<Collections> Collections::resolve(std::span<const Collection> declared,
                                         const notice::Policy& policy) {
  Collections out;
  const auto add = [&](base::Literal name, base::Literal category) -> Result<void> {
    const auto id = policy.category(category.c_str());
    if (!id.has_value())
      return Error{Code::invalid, "a collection's category is not declared in the notice",
                   Error{Code::invalid, category}};
    if (!out.categories_.emplace(name.c_str(), *id).second)
      return Error{Code::invalid, "a collection is declared twice"};
    out.names_.push_back(name);
    return {};
  };
  TRY(add(kLogOpenings, kLogOpenings));
  for (const Collection& each : declared) {
    TRY(add(each.name, each.category));
  }
  return out;
}

Result<void> Collections::check(const gate::Permit& permit, base::Literal collection) const {
  const auto found = categories_.find(collection.c_str());
  if (found == categories_.end())
    return Error{Code::invalid, "the collection has not been declared"};
  if (found->second != permit.category())
    return Error{Code::denied, "the permit is for another category of data"};
  return {};
}

}  // namespace vault
