// What a template is filled with: names and their texts, flags, groups and lists. Owns copies of
// everything; knows nothing of HTML: the templates escape.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace pages {

class Values {
 public:
  using List = std::vector<Values>;
  using Value = std::variant<std::string, bool, Values, List>;

  Values& text(std::string name, std::string value) {
    return put(std::move(name), std::move(value));
  }
  Values& flag(std::string name, bool value) { return put(std::move(name), value); }
  Values& group(std::string name, Values value) { return put(std::move(name), std::move(value)); }
  Values& list(std::string name, List value) { return put(std::move(name), std::move(value)); }
  /// A group with one text, where there is one: `{{#name}}{{member}}{{/name}}`.
  Values& maybe(std::string name, std::string member, std::string value) {
    if (value.empty()) return *this;
    return group(std::move(name), Values().text(std::move(member), std::move(value)));
  }

  /// A list that is there already, to add to its items; CHECKs that it is there.
  List& items(const std::string& name) {
    const auto found = values_.find(name);
    CHECK(found != values_.end() && std::holds_alternative<List>(found->second));
    return std::get<List>(found->second);
  }
  /// A text that is there already; CHECKs that it is there.
  const std::string& at(const std::string& name) const {
    const auto found = values_.find(name);
    CHECK(found != values_.end() && std::holds_alternative<std::string>(found->second));
    return std::get<std::string>(found->second);
  }
  const std::map<std::string, Value>& all() const { return values_; }

 private:
  template <class T>
  Values& put(std::string name, T value) {
    values_.insert_or_assign(std::move(name), Value(std::move(value)));
    return *this;
  }
  std::map<std::string, Value> values_;
};

}  // namespace pages
