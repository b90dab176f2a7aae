// What replicas ask of keys.

#include "keys/following.h"

#include "keys/impl.h"

namespace keys {

using base::Code;
using base::Result;

Result<Root> Keys::follow(std::uint64_t since, const OnImage& each) {
  return impl_->tree->follow(since, each);
}

void Keys::on_commit(std::function<void()> notify) { impl_->commits.on_commit(std::move(notify)); }

Result<bool> Keys::Impl::is_open(store::Reader& reader, const Intent& intent) {
  const auto erased = std::ranges::find(intent.parts, Role::erase, &Part::role);
  const auto told_by = erased == intent.parts.end() ? intent.parts.begin() : erased;
  // One commit changes all of an intent's owners, so one of them tells.
  if (told_by == intent.parts.end()) return false;
  const auto row = TRY(Owners::find(reader, told_by->owner));
  if (!row || row->standing == Standing::erased) return false;
  const auto leaf = tree->read(row->slot);
  // Who cannot be read may still be there: a replica that holds back is on the safe side.
  if (!leaf.ok() && leaf.code() == Code::corrupt) return true;
  if (!leaf.ok()) return leaf.error();
  const bool hers = leaf->kind == SlotKind::live && leaf->tag == tag_of(told_by->owner);
  return hers && (told_by->role == Role::erase || leaf->generation == told_by->generation);
}

Result<std::vector<std::uint64_t>> Keys::open_intents() {
  std::vector<std::uint64_t> open;
  TRY(impl_->store.read([&](store::Reader& reader) -> Result<void> {
    const auto intents = TRY(Owners::intents(reader));
    for (const Intent& intent : intents) {
      const bool stands = TRY(impl_->is_open(reader, intent));
      if (stands) open.push_back(intent.number);
    }
    return {};
  }));
  return open;
}

}  // namespace keys
