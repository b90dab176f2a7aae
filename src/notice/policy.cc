#include "notice/policy.h"

#include <algorithm>

#include "base/result.h"

namespace notice {
namespace {

constexpr int number_max = 63;

constexpr Decision denied(Reason reason) { return {Verdict::denied, reason}; }

template <class Id>
Id id_of(int number) {
  CHECK(number > 0 && number <= number_max);
  return Id{static_cast<std::uint8_t>(number)};
}

}  // namespace

const char* describe(Reason reason) noexcept {
  switch (reason) {
    case Reason::none:
      return "nothing stands against it";
    case Reason::not_declared:
      return "our notice does not declare this";
    case Reason::not_enabled:
      return "our notice declares this, but it is not switched on";
    case Reason::purpose_not_for_category:
      return "our notice does not use this data for that";
    case Reason::consent_missing:
      return "it needs consent, and none was given";
    case Reason::withdrawn:
      return "it needs consent, and that was withdrawn";
    case Reason::objected:
      return "the person has objected to it";
    case Reason::under_review:
      return "the person has objected to it, and a person is looking at it";
    case Reason::restricted:
      return "processing of this data is restricted";
    case Reason::suspended:
      return "the account is suspended";
    case Reason::erasing:
      return "the data is being erased";
    case Reason::erased:
      return "the data has been erased";
    case Reason::unconfirmed:
      return "after a restore it waits until the person says again how she stands";
  }
  return "unknown";
}

const char* to_string(Reason reason) noexcept {
  switch (reason) {
    case Reason::none:
      return "none";
    case Reason::not_declared:
      return "not_declared";
    case Reason::not_enabled:
      return "not_enabled";
    case Reason::purpose_not_for_category:
      return "purpose_not_for_category";
    case Reason::consent_missing:
      return "consent_missing";
    case Reason::withdrawn:
      return "withdrawn";
    case Reason::objected:
      return "objected";
    case Reason::under_review:
      return "under_review";
    case Reason::restricted:
      return "restricted";
    case Reason::suspended:
      return "suspended";
    case Reason::erasing:
      return "erasing";
    case Reason::erased:
      return "erased";
    case Reason::unconfirmed:
      return "unconfirmed";
  }
  return "unknown";
}

Policy Policy::compile(Document document) {
  Policy out(std::move(document));
  for (const Category& category : out.document_.categories) {
    out.categories_ |= std::uint64_t{1} << id_of<CategoryId>(category.number).number;
  }
  for (const Purpose& purpose : out.document_.purposes) {
    const auto id = id_of<PurposeId>(purpose.number);
    out.declared_.add(id);
    if (purpose.enabled) out.enabled_.add(id);
    if (purpose.basis == Basis::consent) out.consent_.add(id);
    if (purpose.basis == Basis::legitimate_interest) out.objectable_.add(id);
    if (purpose.on_objection == OnObjection::review) out.reviewed_.add(id);
    if (purpose.while_restricted != Exemption::none) out.exempt_.add(id);
    for (const std::string& name : purpose.categories) {
      const Category* category = out.document_.category(name);
      CHECK(category != nullptr);
      out.purposes_of_category_[static_cast<std::size_t>(category->number)].add(id);
    }
  }
  return out;
}

Decision Policy::allowed(CategoryId category, PurposeId purpose,
                         const Standing& standing) const noexcept {
  const bool known = category.number <= number_max && purpose.number <= number_max &&
                     (categories_ >> category.number & 1U) != 0 && declared_.has(purpose);
  if (!known) return denied(Reason::not_declared);
  // What is erased stays erased, whatever else would allow it.
  if (standing.erased) return denied(Reason::erased);
  if (standing.erasing) return denied(Reason::erasing);
  if (!purposes_of_category_[category.number].has(purpose)) {
    return denied(Reason::purpose_not_for_category);
  }
  if (!enabled_.has(purpose)) return denied(Reason::not_enabled);
  const bool her_say = consent_.has(purpose) || objectable_.has(purpose) || !exempt_.has(purpose);
  if (standing.unconfirmed && her_say) return denied(Reason::unconfirmed);
  if (consent_.has(purpose) && !standing.consented.has(purpose)) {
    return denied(standing.withdrawn.has(purpose) ? Reason::withdrawn : Reason::consent_missing);
  }
  if (objectable_.has(purpose) && standing.objected.has(purpose)) {
    return denied(reviewed_.has(purpose) ? Reason::under_review : Reason::objected);
  }
  if (!exempt_.has(purpose)) {
    if (standing.restricted) return denied(Reason::restricted);
    if (standing.suspended) return denied(Reason::suspended);
  }
  return {Verdict::allowed, Reason::none};
}

std::optional<CategoryId> Policy::category(std::string_view name) const {
  const Category* found = document_.category(name);
  if (found == nullptr) return std::nullopt;
  return id_of<CategoryId>(found->number);
}

std::optional<PurposeId> Policy::purpose(std::string_view name) const {
  const Purpose* found = document_.purpose(name);
  if (found == nullptr) return std::nullopt;
  return id_of<PurposeId>(found->number);
}

const Category* Policy::category(CategoryId id) const {
  const auto found = std::ranges::find(document_.categories, int{id.number}, &Category::number);
  return found == document_.categories.end() ? nullptr : &*found;
}

const Purpose* Policy::purpose(PurposeId id) const {
  const auto found = std::ranges::find(document_.purposes, int{id.number}, &Purpose::number);
  return found == document_.purposes.end() ? nullptr : &*found;
}

struct PolicyHandle::Installed {
  Policy policy;
  const Installed* previous;
};

PolicyHandle::PolicyHandle(Policy first) : newest_(new Installed{std::move(first), nullptr}) {}

PolicyHandle::~PolicyHandle() {
  const Installed* each = newest_.load(std::memory_order_acquire);
  while (each != nullptr) {
    const std::unique_ptr<const Installed> last(each);
    each = last->previous;
  }
}

const Policy& PolicyHandle::current() const noexcept {
  return newest_.load(std::memory_order_acquire)->policy;
}

void PolicyHandle::install(Policy next) {
  auto fresh = std::make_unique<Installed>(
      Installed{std::move(next), newest_.load(std::memory_order_acquire)});
  while (!newest_.compare_exchange_weak(fresh->previous, fresh.get(), std::memory_order_acq_rel)) {
  }
  fresh.release();  // owned by the chain from here on
}

}  // namespace notice
