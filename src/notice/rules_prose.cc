#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "notice/markdown.h"
#include "notice/rules.h"
#include "notice/vocabulary.h"

namespace notice {
namespace {

/// A map from language to text, as far as its keys tell.
bool is_prose(const Node& node) {
  if (!node.is(Node::Kind::map) || node.members.empty()) return false;
  return std::ranges::all_of(node.members, [](const Member& member) {
    return member.key.size() == 2 && member.value.is(Node::Kind::text) &&
           std::ranges::all_of(member.key, [](char c) { return c >= 'a' && c <= 'z'; });
  });
}

void check_text(const Node& prose, std::string_view name, const std::vector<std::string>& languages,
                Findings& findings) {
  for (const std::string& language : languages) {
    if (prose.find(language) != nullptr) continue;
    findings.error(prose.at, fmt::format("`{}` has no text in `{}`", name, language),
                   "every language under `languages:` has every text");
  }
  for (const Member& member : prose.members) {
    if (std::ranges::find(languages, member.key) == languages.end()) {
      findings.error(member.at, fmt::format("`{}` is not among the languages", member.key),
                     hint_among(member.key, languages));
    }
    for (std::string& fault : markdown_faults(member.value.text)) {
      findings.error(member.value.at, std::move(fault), "plain Markdown: paragraphs, lists, links");
    }
  }
}

void walk(const Node& node, std::string_view name, const std::vector<std::string>& languages,
          Findings& findings) {
  if (is_prose(node)) {
    check_text(node, name, languages, findings);
    return;
  }
  for (const Node& item : node.items) walk(item, name, languages, findings);
  for (const Member& member : node.members) walk(member.value, member.key, languages, findings);
}

void check_ids(const Node& sections, Findings& findings) {
  std::map<std::string, Position> seen;
  std::map<std::string, Position> anchors;
  for (const Node& section : sections.items) {
    const Node* anchor = section.find("id");
    if (anchor != nullptr && !anchors.emplace(anchor->text, anchor->at).second) {
      findings.error(anchor->at, fmt::format("section `{}` stands twice", anchor->text),
                     "each section has an id of its own");
    }
    const Node* clauses = section.find("clauses");
    if (clauses == nullptr) continue;
    for (const Node& clause : clauses->items) {
      const Node* id = clause.find("id");
      if (id == nullptr || !id->is(Node::Kind::text)) continue;
      if (!is_clause_id(id->text)) {
        findings.error(id->at, fmt::format("unknown clause id `{}`", id->text),
                       hint_among(id->text, clause_ids()));
        continue;
      }
      const auto [first, fresh] = seen.emplace(id->text, id->at);
      if (fresh) continue;
      findings.error(id->at, fmt::format("clause `{}` stands twice", id->text),
                     fmt::format("it stands first on line {}; keep one", first->second.line));
    }
  }
  for (const std::string& id : clause_ids()) {
    if (seen.contains(id)) continue;
    findings.error(sections.at, fmt::format("clause `{}` is missing", id),
                   "add it to a section, with title, summary and text");
  }
}

/// A processor needs a contract with the controller: without that part there is none.
void check_terms(const Node& terms, Findings& findings) {
  const Node* parts = terms.find("parts");
  if (parts == nullptr) return;
  std::map<std::string, Position> anchors;
  for (const Node& part : parts->items) {
    const Node* id = part.find("id");
    if (id != nullptr && !anchors.emplace(id->text, id->at).second)
      findings.error(id->at, fmt::format("part `{}` of the terms stands twice", id->text),
                     "each part has an id of its own");
  }
  if (!anchors.contains(data_processing_part))
    findings.error(parts->at, fmt::format("the terms have no part `{}`", data_processing_part),
                   "Article 28(3) GDPR: a processor needs a contract with each customer");
}

}  // namespace

void check_prose(const Subject& subject, Findings& findings) {
  if (!subject.document.languages.empty()) {
    walk(subject.root, {}, subject.document.languages, findings);
  }
  static const Node none;
  const Node* sections = subject.root.find("sections");
  check_ids(sections == nullptr ? none : *sections, findings);
  if (const Node* terms = subject.root.find("terms")) check_terms(*terms, findings);
}

}  // namespace notice
