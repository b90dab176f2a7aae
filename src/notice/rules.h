// What a notice means, checked: references, the law, the operator, the prose. Internal to the
// module. Each function reports all it finds and says nothing about what the schema has already
// refused.
#pragma once

#include "notice/diagnostic.h"
#include "notice/document.h"
#include "notice/node.h"

namespace notice {

/// What the checks read: the meaning, and the tree for the places.
struct Subject {
  const Document& document;
  const Node& root;
};

/// Every name that refers to something finds it; everything declared is used; numbers are unique.
void check_references(const Subject& subject, Findings& findings);
/// Bases, legitimate interests, consent, transfers: Articles 5, 6, 7, 13, 14 and 44 GDPR.
void check_law(const Subject& subject, Findings& findings);
/// Who receives data and where: mechanisms for whatever lies outside the EEA.
void check_transfers(const Subject& subject, Findings& findings);
/// The operator's facts, origins, authority, staff limits, periods, colours.
void check_operator(const Subject& subject, Findings& findings);
/// The clauses are complete; every text is in every language and plain Markdown.
void check_prose(const Subject& subject, Findings& findings);

}  // namespace notice
