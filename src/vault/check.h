// Whether everything in the vault opens: every record and every byte of content is read and its
// seal verified. Owns nothing; changes nothing; never shows what it opened.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/store.h"
#include "vault/collections.h"
#include "vault/content_store.h"
#include "vault/records.h"

namespace vault {

struct CheckFindings {
  std::uint64_t records = 0;
  std::uint64_t records_damaged = 0;
  std::uint64_t records_keyless = 0;  // of owners whose key is gone: unreadable, to be collected
  std::uint64_t content = 0;
  std::uint64_t content_damaged = 0;
  std::uint64_t content_keyless = 0;
  std::uint64_t content_bytes = 0;  // of plaintext, read and verified
  std::uint64_t undeclared = 0;     // rows of collections that nobody declares
  std::uint64_t pages = 0;          // of the database, with what nobody asks for
  std::uint64_t pages_damaged = 0;
  static constexpr std::size_t named_max = 1'000;
  /// The first records and contents that are damaged: collection, owner and id, all opaque.
  std::vector<std::string> damaged;

  /// Nothing is damaged and nothing is there that nobody declared.
  bool sound() const noexcept {
    return records_damaged + content_damaged + undeclared + pages_damaged == 0;
  }
};

/// Called now and then with what was found so far.
using CheckProgress = std::function<void(const CheckFindings&)>;

/// An error only where the store itself cannot be read; damage is a finding.
base::Result<CheckFindings> check(store::Store& store, Records& records, ContentStore& content,
                                  std::span<const Collections::Declared> collections,
                                  const CheckProgress& progress);

}  // namespace vault
