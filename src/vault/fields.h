// The contents of a record: named fields, personal or plain. Modules build and take apart records
// through it, so that personal values stay Personal all the way; only the vault's door turns the
// whole into bytes and back.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/personal.h"
#include "base/result.h"

namespace vault {

class Fields {
 public:
  using Text = base::Personal<std::string>;

  Fields& set(base::Literal name, Text value);
  Fields& set(base::Literal name, std::int64_t value);
  Fields& set(base::Literal name, base::Time value);
  Fields& set(base::Literal name, base::Bytes value);
  template <class Tag>
  Fields& set(base::Literal name, const base::Id<Tag>& id) {
    return set(name, base::copy(id.bytes()));
  }

  /// Code::corrupt where the field is not there or of another kind.
  base::Result<Text> text(base::Literal name) const;
  base::Result<std::int64_t> integer(base::Literal name) const;
  base::Result<base::Time> time(base::Literal name) const;
  base::Result<base::Bytes> bytes(base::Literal name) const;
  template <class IdType>
  base::Result<IdType> id(base::Literal name) const {
    const base::Bytes raw = TRY(bytes(name));
    return IdType::from(raw);
  }
  bool has(base::Literal name) const;

 private:
  friend class Door;
  using Value = std::variant<std::int64_t, base::Bytes, Text>;
  std::map<std::string, Value, std::less<>> values_;
};

/// One record of a collection.
struct Record {
  base::RecordId group;
  base::RecordId id;
  std::uint64_t version = 0;
  Fields fields;
  std::int64_t expires = 0;  // microseconds since 1970; 0: never
};

}  // namespace vault
