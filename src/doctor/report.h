// The doctor's findings as people and as programs read them. Owns nothing and prints nothing.
#pragma once

#include <string>

#include "doctor/finding.h"

namespace doctor {

/// Grouped by subject, aligned, wrapped at 96 columns; the last line counts.
std::string text_of(const Findings& findings);
/// An array of {subject, severity, name, finding, fix}.
std::string json_of(const Findings& findings);
/// Whether one of them is an error.
bool any_error(const Findings& findings);

}  // namespace doctor
