#include "vault/fields.h"

#include "vault/door.h"

// Layout: version u8 | count u16 | fields by ascending name, each
//   name length u8 | name | kind u8 | integer: two's complement u64; otherwise: length u32 | bytes

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::uint8_t kVersion = 1;
enum class Kind : std::uint8_t { integer = 1, bytes = 2, text = 3 };

Result<std::string> decode_name(base::Reader& reader) {
  const std::uint8_t size = TRY(reader.u8());
  if (size == 0 || size > Door::name_bytes_max)
    return Error{Code::corrupt, "a field's name has a wrong length"};
  const base::View name = TRY(reader.take(size));
  return std::string(base::text(name));
}

Result<std::variant<std::int64_t, base::Bytes, Fields::Text>> decode_value(base::Reader& reader) {
  const std::uint8_t kind = TRY(reader.u8());
  if (kind == static_cast<std::uint8_t>(Kind::integer)) {
    const std::uint64_t number = TRY(reader.u64());
    return {static_cast<std::int64_t>(number)};
  }
  if (kind != static_cast<std::uint8_t>(Kind::bytes) &&
      kind != static_cast<std::uint8_t>(Kind::text))
    return Error{Code::corrupt, "a field of no known kind"};
  const base::View raw = TRY(reader.block());
  if (kind == static_cast<std::uint8_t>(Kind::bytes)) return {base::copy(raw)};
  return {Fields::Text(std::string(base::text(raw)))};
}

}  // namespace

Fields& Fields::set(base::Literal name, Text value) {
  values_.insert_or_assign(name.c_str(), std::move(value));
  return *this;
}
Fields& Fields::set(base::Literal name, std::int64_t value) {
  values_.insert_or_assign(name.c_str(), value);
  return *this;
}
Fields& Fields::set(base::Literal name, base::Time value) {
  return set(name, static_cast<std::int64_t>(value.time_since_epoch().count()));
}
Fields& Fields::set(base::Literal name, base::Bytes value) {
  values_.insert_or_assign(name.c_str(), std::move(value));
  return *this;
}

namespace {

template <class T, class Values>
Result<T> value_of(const Values& values, base::Literal name) {
  const auto found = values.find(name.c_str());
  if (found == values.end()) return Error{Code::corrupt, "a record lacks a field"};
  const T* value = std::get_if<T>(&found->second);
  if (value == nullptr) return Error{Code::corrupt, "a record's field is of another kind"};
  return *value;
}

}  // namespace

Result<Fields::Text> Fields::text(base::Literal name) const {
  return value_of<Text>(values_, name);
}
Result<std::int64_t> Fields::integer(base::Literal name) const {
  return value_of<std::int64_t>(values_, name);
}
Result<base::Time> Fields::time(base::Literal name) const {
  const std::int64_t since_epoch_us = TRY(integer(name));
  return base::Time(base::Duration(since_epoch_us));
}
Result<base::Bytes> Fields::bytes(base::Literal name) const {
  return value_of<base::Bytes>(values_, name);
}
bool Fields::has(base::Literal name) const { return values_.contains(name.c_str()); }

const std::string& Door::open(const base::Personal<std::string>& value) {
  return value.open(base::Opening());
}

Result<base::Bytes> Door::encode(const Fields& fields) {
  if (fields.values_.size() > fields_max)
    return Error{Code::too_large, "a record has too many fields"};
  std::size_t size = 3;
  for (const auto& [name, value] : fields.values_) {
    CHECK(!name.empty() && name.size() <= name_bytes_max);
    size += name.size() + 10;
    if (const auto* bytes = std::get_if<base::Bytes>(&value)) size += bytes->size();
    if (const auto* text = std::get_if<Fields::Text>(&value)) size += open(*text).size();
  }
  if (size > bytes_max) return Error{Code::too_large, "a record is too large"};

  base::Bytes out;
  out.reserve(size);  // no reallocation: none would be wiped
  out.push_back(kVersion);
  base::put_u16(out, static_cast<std::uint16_t>(fields.values_.size()));
  for (const auto& [name, value] : fields.values_) {
    out.push_back(static_cast<std::uint8_t>(name.size()));
    out.insert(out.end(), name.begin(), name.end());
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      out.push_back(static_cast<std::uint8_t>(Kind::integer));
      base::put_u64(out, static_cast<std::uint64_t>(*number));
    } else if (const auto* bytes = std::get_if<base::Bytes>(&value)) {
      out.push_back(static_cast<std::uint8_t>(Kind::bytes));
      base::put_block(out, *bytes);
    } else {
      out.push_back(static_cast<std::uint8_t>(Kind::text));
      base::put_block(out, base::view(open(*std::get_if<Fields::Text>(&value))));
    }
  }
  return out;
}

Result<Fields> Door::decode(base::View bytes) {
  if (bytes.size() > bytes_max) return Error{Code::corrupt, "a record is too large"};
  base::Reader reader(bytes);
  const std::uint8_t version = TRY(reader.u8());
  if (version != kVersion) return Error{Code::corrupt, "a record of no known version"};
  const std::uint16_t count = TRY(reader.u16());
  if (count > fields_max) return Error{Code::corrupt, "a record has too many fields"};
  Fields fields;
  for (std::uint16_t i = 0; i < count; ++i) {
    std::string name = TRY(decode_name(reader));
    if (!fields.values_.empty() && fields.values_.rbegin()->first >= name)
      return Error{Code::corrupt, "a record's fields are out of order"};
    auto value = TRY(decode_value(reader));
    fields.values_.emplace_hint(fields.values_.end(), std::move(name), std::move(value));
  }
  if (!reader.done()) return Error{Code::corrupt, "a record is longer than its fields"};
  return fields;
}

}  // namespace vault
