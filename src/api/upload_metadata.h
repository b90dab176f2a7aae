// The Upload-Metadata header of tus 1.0: names, each with a value in base64. Takes what it knows
// and passes by what it does not; owns nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace api {

struct UploadMetadata {
  std::string path;                    // that the file is to have, its name with it
  std::string type;                    // media type; empty: not said
  std::optional<base::Time> modified;  // when the file itself was changed
};

/// `path` is needed (or `filename`, for clients that know no other name); `type` is `filetype`,
/// `modified` RFC 3339. Code::invalid for anything that is not of that form, or names one of them
/// twice.
base::Result<UploadMetadata> parse_upload_metadata(std::string_view header);

}  // namespace api
