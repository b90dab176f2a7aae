#include "api/record_body.h"

#include <simdjson.h>

#include <algorithm>

namespace api {
namespace {

using base::Code;
using base::Error;
using base::Result;
using workspace::Change;
using workspace::Document;
using workspace::Draft;
namespace lazy = simdjson::ondemand;

constexpr std::size_t kDepth = 64;  // of the whole; a document has a bound of its own

Error broken() { return {Code::invalid, "the body is not one JSON object with distinct members"}; }

/// One JSON object at hand, whose members are taken as they come. (What lies within a value that is
/// taken as it stands is not looked at here.)
class Members {
 public:
  using Take = std::function<Result<void>(std::string_view name, lazy::value& value)>;
  static Result<void> each(lazy::object& object, const Take& take) {
    std::vector<std::string> seen;
    for (auto member : object) {
      lazy::field field;
      std::string_view name;
      if (std::move(member).get(field) != simdjson::SUCCESS ||
          field.unescaped_key().get(name) != simdjson::SUCCESS)
        return broken();
      if (std::ranges::find(seen, name) != seen.end()) return broken();
      seen.emplace_back(name);
      TRY(take(seen.back(), field.value()));
    }
    return {};
  }
};

/// The whole text as one object.
Result<void> each_member(const std::string& text, const Members::Take& take) {
  const simdjson::padded_string padded(text);
  const std::size_t capacity = std::max<std::size_t>(padded.size(), 64);
  simdjson::dom::parser whole;
  lazy::parser parser;
  if (whole.allocate(capacity, kDepth) != simdjson::SUCCESS ||
      parser.allocate(capacity, kDepth) != simdjson::SUCCESS)
    return Error{Code::exhausted, "there is no memory for the body now"};
  // What is taken lazily is looked at only so far; that all of it is JSON is seen before.
  lazy::document document;
  lazy::object object;
  if (whole.parse(padded).error() != simdjson::SUCCESS ||
      parser.iterate(padded).get(document) != simdjson::SUCCESS ||
      document.get_object().get(object) != simdjson::SUCCESS)
    return broken();
  return Members::each(object, take);
}

Result<std::string> text_of(lazy::value& value, base::Literal otherwise) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return Error{Code::invalid, otherwise};
  return std::string(text);
}

Result<Document> document_of(lazy::value& value, base::Literal otherwise) {
  lazy::object object;
  std::string_view raw;
  if (value.get_object().get(object) != simdjson::SUCCESS ||
      object.raw_json().get(raw) != simdjson::SUCCESS)
    return Error{Code::invalid, otherwise};
  return Document::parse(raw);
}

/// What a draft is made of, until all members have been seen.
struct Drafted {
  std::optional<Document> document;
  std::optional<workspace::Name> subject;
  std::optional<base::Time> expires;

  bool empty() const { return !document && !subject && !expires; }
};

/// Whether the member is one of a draft's.
Result<bool> take_drafted(Drafted& drafted, std::string_view name, lazy::value& value) {
  if (name == "document") {
    drafted.document = TRY(document_of(value, "document: a JSON object"));
    return true;
  }
  if (name == "subject") {
    const std::string text = TRY(text_of(value, "subject: your own name for a person"));
    drafted.subject = TRY_AS(workspace::parse_record_name(text),
                             "subject: 1 to 200 bytes, without slashes and control characters");
    return true;
  }
  if (name != "expires") return false;
  constexpr base::Literal kTime = "expires: a time as RFC 3339 writes it";
  const std::string text = TRY(text_of(value, kTime));
  drafted.expires = TRY_AS(base::parse_rfc3339(text), kTime);
  return true;
}

Result<Draft> drafted_draft(Drafted drafted) {
  if (!drafted.document) return Error{Code::invalid, "document: a JSON object"};
  return Draft{std::move(*drafted.document), std::move(drafted.subject), drafted.expires};
}

Error unknown() { return {Code::invalid, "the body has a member that is not known here"}; }

/// One change, until all of its members have been seen.
struct Wanted {
  Drafted drafted;
  std::optional<workspace::Name> collection;
  std::optional<workspace::Name> id;
  bool remove = false;
  std::optional<std::string> if_match;
  bool if_none = false;
};

Result<void> take_wanted(Wanted& wanted, std::string_view name, lazy::value& value) {
  const bool drafted = TRY(take_drafted(wanted.drafted, name, value));
  if (drafted) return {};
  if (name == "delete") {
    bool flag = false;
    if (value.get_bool().get(flag) != simdjson::SUCCESS || !flag)
      return Error{Code::invalid, "delete: true, where the record is to be deleted"};
    wanted.remove = true;
    return {};
  }
  constexpr base::Literal kName = "collection and id: names of 1 to 200 bytes";
  if (name == "collection" || name == "id") {
    const std::string text = TRY(text_of(value, kName));
    auto& into = name == "id" ? wanted.id : wanted.collection;
    into = TRY_AS(workspace::parse_record_name(text), kName);
    return {};
  }
  if (name == "if_match") {
    wanted.if_match = TRY(text_of(value, "if_match: an etag that was given, or *"));
    return {};
  }
  if (name != "if_none_match") return unknown();
  const std::string text = TRY(text_of(value, "if_none_match: *"));
  if (text != "*") return Error{Code::invalid, "if_none_match: *"};
  wanted.if_none = true;
  return {};
}

workspace::Precondition condition_of(const Wanted& wanted) {
  if (!wanted.if_match && !wanted.if_none) return {};
  return [match = wanted.if_match, none = wanted.if_none](std::optional<std::string_view> tag) {
    if (none && tag) return false;
    return !match || (tag && (*match == "*" || *tag == *match));
  };
}

Result<Change> wanted_change(Wanted wanted) {
  if (!wanted.collection) return Error{Code::invalid, "collection: the name of a collection"};
  Change change{std::move(*wanted.collection), std::move(wanted.id), std::nullopt,
                condition_of(wanted)};
  if (!wanted.remove) {
    change.draft = TRY(drafted_draft(std::move(wanted.drafted)));
    return change;
  }
  if (!wanted.drafted.empty() || !change.id)
    return Error{Code::invalid, "a change that deletes has an id, and nothing to keep"};
  return change;
}

Result<std::vector<Change>> changes_of(lazy::value& value, std::optional<std::size_t>& at) {
  constexpr base::Literal kChanges = "changes: a list of 1 to 500 changes";
  lazy::array list;
  if (value.get_array().get(list) != simdjson::SUCCESS) return Error{Code::invalid, kChanges};
  std::vector<Change> changes;
  for (auto one : list) {
    if (changes.size() == workspace::changes_max) return Error{Code::invalid, kChanges};
    at = changes.size();
    lazy::object object;
    if (std::move(one).get_object().get(object) != simdjson::SUCCESS)
      return Error{Code::invalid, kChanges};
    Wanted wanted;
    TRY(Members::each(object, [&](std::string_view name, lazy::value& member) {
      return take_wanted(wanted, name, member);
    }));
    changes.push_back(TRY(wanted_change(std::move(wanted))));
    at.reset();
  }
  if (changes.empty()) return Error{Code::invalid, kChanges};
  return changes;
}

}  // namespace

Result<Draft> parse_draft(const std::string& text) {
  Drafted drafted;
  TRY(each_member(text, [&](std::string_view name, lazy::value& value) -> Result<void> {
    const bool known = TRY(take_drafted(drafted, name, value));
    if (!known) return unknown();
    return {};
  }));
  return drafted_draft(std::move(drafted));
}

Result<std::vector<Change>> parse_changes(const std::string& text, std::optional<std::size_t>& at) {
  std::vector<Change> changes;
  TRY(each_member(text, [&](std::string_view name, lazy::value& value) -> Result<void> {
    if (name != "changes") return unknown();
    changes = TRY(changes_of(value, at));
    return {};
  }));
  if (changes.empty()) return Error{Code::invalid, "changes: a list of 1 to 500 changes"};
  return changes;
}

Result<std::optional<Document>> parse_collection(const std::string& text) {
  std::optional<Document> schema;
  TRY(each_member(text, [&](std::string_view name, lazy::value& value) -> Result<void> {
    if (name != "schema") return unknown();
    schema = TRY(document_of(value, "schema: a JSON Schema, as an object"));
    return {};
  }));
  return schema;
}

}  // namespace api
