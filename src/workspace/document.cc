#include "workspace/document.h"

#include <simdjson.h>

#include <algorithm>
#include <vector>

namespace workspace {
namespace {

using base::Code;
using base::Error;
using base::Result;
namespace dom = simdjson::dom;

/// Readers disagree on which of two members of one name counts.
bool distinct(const dom::object& object) {
  std::vector<std::string_view> names;
  for (const auto& member : object) names.push_back(member.key);
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) == names.end();
}

/// Goes as deep as the parser lets anything be.
bool all_distinct(const dom::element& value) {
  dom::object object;
  if (value.get(object) == simdjson::SUCCESS)
    return distinct(object) && std::ranges::all_of(object, [](const auto& member) {
             return all_distinct(member.value);
           });
  dom::array list;
  if (value.get(list) == simdjson::SUCCESS) return std::ranges::all_of(list, all_distinct);
  return true;
}

Result<void> check(std::string_view text) {
  dom::parser parser;
  // The parser counts the values within the innermost list or object as one level more.
  if (parser.allocate(std::max<std::size_t>(text.size(), 64), document_depth_max + 1) !=
      simdjson::SUCCESS)
    return Error{Code::exhausted, "there is no memory for the document now"};
  dom::element root;
  const auto failed = parser.parse(text.data(), text.size(), true).get(root);
  if (failed == simdjson::DEPTH_ERROR)
    return Error{Code::invalid, "document: at most 32 objects and lists within each other"};
  if (failed == simdjson::NUMBER_ERROR)
    return Error{Code::invalid, "document: a number that 64 bits do not hold: write it as text"};
  if (failed != simdjson::SUCCESS) return Error{Code::invalid, "document: this is not JSON"};
  if (!root.is_object()) return Error{Code::invalid, "document: a JSON object"};
  if (!all_distinct(root))
    return Error{Code::invalid, "document: an object has two members of one name"};
  return {};
}

}  // namespace

Result<Document> Document::parse(std::string_view text) {
  if (text.size() > document_bytes_max)
    return Error{Code::too_large, "document: at most 128 KiB; keep what is larger as a file"};
  TRY(check(text));
  return Document(std::string(text));
}

}  // namespace workspace
