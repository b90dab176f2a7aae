// A declared collection: what kind of record or content a module keeps, what is in it, under which
// category of the notice, and for how long. Plain values, made before the vault opens; inventory,
// export, erasure, restriction and expiry are written once over all of them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace vault {

/// What a field holds, and so what it looks like in an export. In the record `integer` and `time`
/// are integers, `text` is personal text, all others are bytes.
enum class FieldKind : std::uint8_t {
  text,
  integer,
  time,     // microseconds since 1970; RFC 3339 in an export
  bytes,    // base64
  words,    // UTF-8 that tells nothing about anybody: a version, an origin
  id,       // of a record or a group
  content,  // the id of content in one of the same owner's collections
  secret,   // bytes or text that prove who somebody is: kept, never handed out again
};
enum class Presence : std::uint8_t { required, optional };

struct Field {
  base::Literal name;  // in the record: never renamed
  FieldKind kind;
  base::Literal title;  // for the person, in the export's schema
  Presence presence = Presence::required;
};

/// When a record or content is over by itself. It must not outlast what the notice says of the
/// category (collections.h).
struct Expiry {
  enum class Rule : std::uint8_t {
    never,
    after_creation,
    after_last_put,
    at_given_time,
    if_given,  // at a time, for those records that are given one
  };
  Rule rule = Rule::never;  // with its owner, or when its module removes it
  base::Duration after{};

  static Expiry after_creation(base::Duration after) { return {Rule::after_creation, after}; }
  static Expiry after_last_put(base::Duration after) { return {Rule::after_last_put, after}; }
  static Expiry at_given_time() { return {Rule::at_given_time, {}}; }
  static Expiry if_given() { return {Rule::if_given, {}}; }
};

struct Collection {
  base::Literal name;         // also the record's associated data: never renamed
  base::Literal category;     // of the notice; the start fails where the notice lacks it
  base::Literal export_name;  // what the person sees in her archive
  std::vector<Field> schema;  // the fields of a record; none: the collection holds content
  Expiry expiry = {};

  bool holds_content() const noexcept { return schema.empty(); }
};

/// Where a record stands. `group` gathers records that are listed together (a folder's entries);
/// ids and groups are random or keyed digests, never derived from personal data without a key.
struct Key {
  base::Literal collection;
  base::RecordId group{};
  base::RecordId id{};
};

/// How long what is put now stays.
struct Stay {
  base::Time now;                   // of the put: kept as a day
  std::optional<base::Time> until;  // nothing: without end
  bool since_creation = false;      // a later put does not prolong it
};

}  // namespace vault
