#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "notice/rules.h"
#include "notice/vocabulary.h"

namespace notice {
namespace {

using Words = std::vector<std::string>;

template <class T>
Words ids(const std::vector<T>& list) {
  Words out;
  for (const T& each : list) out.push_back(each.id);
  return out;
}

bool has(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// The item in a list of names, for a place as precise as the file allows.
Position item_at(const Node& root, std::string_view table, std::string_view id,
                 std::string_view key, std::string_view item) {
  const Node* node = root.find(table);
  if (node != nullptr) node = node->find(id);
  if (node != nullptr) node = node->find(key);
  if (node != nullptr) {
    for (const Node& each : node->items) {
      if (each.text == item) return each.at;
    }
  }
  return locate(root, {table, id, key});
}

class References {
 public:
  References(const Subject& subject, Findings& findings)
      : document_(subject.document),
        root_(subject.root),
        findings_(findings),
        categories_(ids(document_.categories)),
        purposes_(ids(document_.purposes)),
        rules_(ids(document_.retention)),
        recipients_(ids(document_.recipients)) {}

  void names() {
    for (const Category& category : document_.categories) {
      require(category.retention, rules_, "retention rule",
              locate(root_, {"categories", category.id, "retention"}));
    }
    for (const Purpose& purpose : document_.purposes) {
      each("purposes", purpose.id, "categories", purpose.categories, categories_, "category");
    }
    for (const Technology& technology : document_.technologies) {
      require(technology.purpose, purposes_, "purpose",
              locate(root_, {"technologies", technology.id, "purpose"}));
      if (technology.provider != "operator") {
        require(technology.provider, recipients_, "recipient",
                locate(root_, {"technologies", technology.id, "provider"}));
      }
    }
    for (const Recipient& recipient : document_.recipients) {
      each("recipients", recipient.id, "purposes", recipient.purposes, purposes_, "purpose");
      each("recipients", recipient.id, "categories", recipient.categories, categories_, "category");
    }
    for (const Survivor& survivor : document_.survivors) {
      require(survivor.purpose, purposes_, "purpose",
              locate(root_, {"survivors", survivor.id, "purpose"}));
    }
    const Staff& staff = document_.staff;
    require(staff.support, purposes_, "purpose", locate(root_, {"staff", "purposes", "support"}));
    require(staff.diagnose, purposes_, "purpose", locate(root_, {"staff", "purposes", "diagnose"}));
    require(staff.incident, purposes_, "purpose", locate(root_, {"staff", "purposes", "incident"}));
  }

  void unused_purposes() {
    for (const Purpose& purpose : document_.purposes) {
      if (served(purpose.id)) continue;
      findings_.error(locate(root_, {"purposes", purpose.id}),
                      fmt::format("purpose `{}` is unused: nothing serves it", purpose.id),
                      "name it in a technology, a recipient, a survivor or staff access, or "
                      "remove it");
    }
    for (const std::string& id : required_purposes()) {
      if (has(purposes_, id)) continue;
      findings_.error(locate(root_, {"purposes"}), fmt::format("purpose `{}` is missing", id),
                      "without it the program cannot open, run or close an account");
    }
  }

  void unused_categories_and_rules() {
    std::set<std::string> used;
    for (const Purpose& purpose : document_.purposes) {
      used.insert(purpose.categories.begin(), purpose.categories.end());
    }
    std::set<std::string> rules_used;
    for (const Category& category : document_.categories) {
      rules_used.insert(category.retention);
      if (used.contains(category.id)) continue;
      findings_.error(locate(root_, {"categories", category.id}),
                      fmt::format("category `{}` is unused: no purpose needs it", category.id),
                      "data without a purpose may not be kept (Article 5(1)(b) GDPR): name it in "
                      "a purpose, or remove it");
    }
    for (const Retention& rule : document_.retention) {
      if (rules_used.contains(rule.id)) continue;
      findings_.error(locate(root_, {"retention", rule.id}),
                      fmt::format("retention rule `{}` is unused", rule.id),
                      "name it in a category, or remove it");
    }
  }

  template <class T>
  void numbers(const std::vector<T>& list, std::string_view table) {
    std::map<int, std::string> seen;
    for (const T& item : list) {
      const auto [first, fresh] = seen.emplace(item.number, item.id);
      if (fresh || item.number <= 0) continue;
      findings_.error(
          locate(root_, {table, item.id, "number"}),
          fmt::format("`{}` has the number {} of `{}`", item.id, item.number, first->second),
          "numbers stand for it in stored data: give it one that was never used");
    }
  }

 private:
  void require(const std::string& name, const Words& known, std::string_view what, Position at) {
    if (name.empty() || has(known, name)) return;
    findings_.error(at, fmt::format("unknown {} `{}`", what, name), hint_among(name, known));
  }

  void each(std::string_view table, std::string_view id, std::string_view key, const Words& names,
            const Words& known, std::string_view what) {
    for (const std::string& name : names) {
      require(name, known, what, item_at(root_, table, id, key, name));
    }
  }

  bool served(const std::string& id) const {
    const auto by_purpose = [&](const auto& item) { return item.purpose == id; };
    const auto by_purposes = [&](const Recipient& item) { return has(item.purposes, id); };
    const Staff& staff = document_.staff;
    return std::ranges::find(program_purposes(), id) != program_purposes().end() ||
           staff.support == id || staff.diagnose == id || staff.incident == id ||
           std::ranges::any_of(document_.technologies, by_purpose) ||
           std::ranges::any_of(document_.survivors, by_purpose) ||
           std::ranges::any_of(document_.recipients, by_purposes);
  }

  const Document& document_;
  const Node& root_;
  Findings& findings_;
  Words categories_, purposes_, rules_, recipients_;
};

}  // namespace

void check_references(const Subject& subject, Findings& findings) {
  References references(subject, findings);
  references.names();
  references.unused_purposes();
  references.unused_categories_and_rules();
  references.numbers(subject.document.categories, "categories");
  references.numbers(subject.document.purposes, "purposes");
}

}  // namespace notice
