// Turns the tree into a Document. Tolerant: what is missing or of a wrong type stays empty, because
// the schema has reported it; so that meaning can be checked in the same run.
#pragma once

#include "notice/document.h"
#include "notice/node.h"

namespace notice {

Document read_document(const Node& root);

}  // namespace notice
