// The JSON that a leaf of the log commits to. Text in, text out; owns nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "vault/vault.h"

namespace vault {

/// The canonical JSON of an entry: its content with `type` and `at`. Code::invalid where the
/// content is not a JSON object or has these members itself.
base::Result<std::string> entry_payload(const Entry& entry, base::Time at);
/// The content of a change of standing with what it changes, as member `standing`. Code::invalid as
/// above.
base::Result<std::string> standing_content(std::string_view content, const StandingChange& change,
                                           const notice::Policy& policy);
/// What is known of an erasure when its keys are destroyed here.
struct Destroyed {
  std::uint64_t epoch = 0;
  base::Time at{};
  std::vector<keys::Following> replicas;
};
/// The canonical payload of an erasure: its content with `epoch`, `erased_at` and `replicas`, as
/// the receipt will have them. Code::invalid as above.
base::Result<std::string> erasure_payload(std::string_view content, const Destroyed& destroyed);

}  // namespace vault
