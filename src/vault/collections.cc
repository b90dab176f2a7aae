#include "vault/collections.h"

#include <algorithm>

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

Collection log_openings() {
  return {
      kLogOpenings,
      kLogOpenings,
      "log_entries",
      {{"number", FieldKind::integer, "Number of the entry in its chain, from 0"},
       {"chain", FieldKind::integer, "0: entries; 1: changes of how you stand", Presence::optional},
       {"nonce", FieldKind::bytes, "Opens the entry's commitment in the public log"},
       {"payload", FieldKind::text, "What the entry says, as JSON"}}};
}

Error about(base::Literal what, base::Literal collection) {
  return {Code::invalid, what, Error{Code::invalid, collection}};
}

/// The longest that the notice allows, whatever happens; nothing where it ends with the account or
/// never.
std::optional<base::Duration> bound(const notice::Keeping& keeping) {
  std::optional<base::Duration> longest;
  const auto also = [&](notice::Period period) {
    const base::Duration length = notice::length_min(period);
    longest = longest ? std::min(*longest, length) : length;
  };
  if (keeping.term == notice::Term::period) also(keeping.period);
  if (keeping.at_most) also(*keeping.at_most);
  return longest;
}

/// The notice's clock of such a rule begins when the data comes in, or is used.
bool counts_from_put(const notice::Keeping& keeping) {
  return keeping.from == "collected" || keeping.from == "last_use" || keeping.at_most.has_value();
}

Result<const notice::Keeping*> keeping_of(const Collection& collection,
                                          const notice::Policy& policy) {
  const notice::Category* category = policy.document().category(collection.category.c_str());
  if (category == nullptr)
    return about("a collection's category is not declared in the notice", collection.category);
  const notice::Retention* rule = policy.document().retention_rule(category->retention);
  if (rule == nullptr)
    return about("the notice has no retention for a collection's category", collection.name);
  return &rule->keeping;
}

Result<void> check_expiry(const Collection& collection, const notice::Keeping& keeping) {
  const auto longest = bound(keeping);
  const Expiry& expiry = collection.expiry;
  const bool timed =
      expiry.rule == Expiry::Rule::after_creation || expiry.rule == Expiry::Rule::after_last_put;
  if (timed && expiry.after <= base::Duration::zero())
    return about("a collection expires after no time at all", collection.name);
  if (!longest) return {};
  if (expiry.rule == Expiry::Rule::never || expiry.rule == Expiry::Rule::if_given)
    return about("the notice ends the keeping of a collection's category, the collection does not",
                 collection.name);
  if (timed && expiry.after > *longest)
    return about("a collection would be kept for longer than the notice says", collection.name);
  return {};
}

bool for_rights(const Collection& collection, const notice::Policy& policy) {
  const notice::Purpose* rights = policy.document().purpose(kRights.c_str());
  return rights != nullptr && std::ranges::find(rights->categories, collection.category.c_str()) !=
                                  rights->categories.end();
}

}  // namespace

Result<Collections> Collections::resolve(std::span<const Collection> declared,
                                         const notice::Policy& policy) {
  Collections out;
  const auto add = [&](const Collection& collection) -> Result<void> {
    const notice::Keeping* keeping = TRY(keeping_of(collection, policy));
    if (!out.by_name_.emplace(collection.name.c_str(), out.all_.size()).second)
      return Error{Code::invalid, "a collection is declared twice"};
    TRY(check_expiry(collection, *keeping));
    if (!for_rights(collection, policy))
      return about(
          "the notice's purpose rights_requests does not have a collection's category, "
          "so that nothing of it could be exported",
          collection.name);
    if (collection.expiry.rule == Expiry::Rule::at_given_time && counts_from_put(*keeping))
      out.given_max_.emplace(collection.name.c_str(), bound(*keeping).value());
    out.all_.push_back({collection, policy.category(collection.category.c_str()).value()});
    return {};
  };
  TRY(add(log_openings()));
  for (const Collection& each : declared) {
    TRY(add(each));
  }
  return out;
}

const Collections::Declared* Collections::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &all_[found->second];
}

Result<const Collections::Declared*> Collections::check(const gate::Permit& permit,
                                                        base::Literal name) const {
  const Declared* found = find(name.c_str());
  if (found == nullptr) return Error{Code::invalid, "the collection has not been declared"};
  if (found->category != permit.category())
    return Error{Code::denied, "the permit is for another category of data"};
  return found;
}

Result<const Collections::Declared*> Collections::records(const gate::Permit& permit,
                                                          base::Literal name) const {
  const Declared* found = TRY(check(permit, name));
  if (found->collection.holds_content())
    return Error{Code::invalid, "the collection holds content and no records"};
  return found;
}

Result<const Collections::Declared*> Collections::content(const gate::Permit& permit,
                                                          base::Literal name) const {
  const Declared* found = TRY(check(permit, name));
  if (!found->collection.holds_content())
    return Error{Code::invalid, "the collection holds records and no content"};
  return found;
}

Result<Stay> Collections::stay(const Declared& declared, base::Time now,
                               std::optional<base::Time> given) const {
  const Expiry& expiry = declared.collection.expiry;
  const bool may_be = expiry.rule == Expiry::Rule::if_given;
  if (!may_be && given.has_value() != (expiry.rule == Expiry::Rule::at_given_time))
    return Error{Code::invalid, "a time to expire at is given, and not taken, or the reverse"};
  switch (expiry.rule) {
    case Expiry::Rule::never:
      return Stay{now, std::nullopt};
    case Expiry::Rule::after_creation:
      return Stay{now, now + expiry.after, true};
    case Expiry::Rule::after_last_put:
      return Stay{now, now + expiry.after};
    case Expiry::Rule::if_given:
      if (!given) return Stay{now, std::nullopt};
      break;
    case Expiry::Rule::at_given_time:
      break;
  }
  const auto most = given_max_.find(declared.collection.name.c_str());
  if (*given <= base::Time{} || (most != given_max_.end() && *given > now + most->second))
    return Error{Code::invalid, "the time to expire at is later than the notice allows"};
  return Stay{now, given};
}

}  // namespace vault
