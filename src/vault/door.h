// The vault's own door: the one place where personal values become bytes to be sealed, opened bytes
// become personal values again, and a record becomes what its owner can take with her. For the
// vault's sources only; owns nothing.
#pragma once

#include <string>

#include "base/personal.h"
#include "vault/collection.h"
#include "vault/fields.h"

namespace vault {

class Address;

class Door {
 public:
  static constexpr std::size_t fields_max = 128;
  static constexpr std::size_t name_bytes_max = 64;
  static constexpr std::size_t bytes_max = 256UL << 10;

  /// The fields as bytes, one way only (docs/formats/content.md). Code::too_large over the limits.
  static base::Result<base::Bytes> encode(const Fields& fields);
  /// Code::corrupt for anything that encode does not make.
  static base::Result<Fields> decode(base::View bytes);
  static const std::string& open(const base::Personal<std::string>& value);
  /// An address as it is compared: two spellings that differ in the case of letters are one.
  static base::Bytes folded(const Address& address);

  /// Code::invalid where the fields are not those that the collection declares: one more, one
  /// less, or one of another kind.
  static base::Result<void> check(const Collection& collection, const Fields& fields);

  struct Ids {
    base::RecordId group;
    base::RecordId id;
    std::uint64_t version = 0;
    std::int64_t expires = 0;  // microseconds since 1970; 0: never
  };
  /// A record as JSON, as json_schema says; without fields where it does not open.
  static base::Personal<std::string> to_json(const Collection& collection, const Ids& ids,
                                             const Fields* fields);
  static base::Personal<std::string> content_to_json(base::ContentId id, std::uint64_t bytes,
                                                     std::int64_t expires);
};

/// JSON Schema (draft 7) of what to_json makes of a collection's records, or of its content.
std::string json_schema(const Collection& collection);

}  // namespace vault
