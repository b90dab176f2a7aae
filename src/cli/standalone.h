// One file of a page that refers to others: style sheets go into it, fonts, scripts and icons are
// left out, so that it opens anywhere.
#pragma once

#include <string>

#include "pages/pages.h"

namespace cli {

std::string standalone(const std::string& html, const pages::Pages& pages);

}  // namespace cli
