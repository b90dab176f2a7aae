// What an operator may change about the look: the accent and the logo, from the notice. Owns
// nothing; refuses an accent that people could not read.
#pragma once

#include <string>

#include "base/result.h"
#include "notice/document.h"

namespace pages {

/// Custom properties for both colour schemes, derived from the two accents. Code::invalid where an
/// accent is no #rrggbb or has less contrast than 4.5:1 with a ground it stands on or with both
/// colours that text on it may have.
base::Result<std::string> brand_css(const notice::Brand& brand);

/// The logo as a picture of its own, for the browser's tab. Code::invalid where view box or path
/// hold anything but what such data is made of.
base::Result<std::string> logo_svg(const notice::Brand& brand);

}  // namespace pages
