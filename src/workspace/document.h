// A JSON document on its way in, checked at the edge: one object, of bounded size and depth, in
// which no member stands twice and every number fits into 64 bits. Owns the text
// as it was sent, byte for byte; what is kept is that text, sealed. Does not print.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace workspace {

class JsonSchema;
class Records;

inline constexpr std::size_t document_bytes_max = 128UL << 10;
inline constexpr std::size_t document_depth_max = 32;  // objects and lists within each other

class Document {
 public:
  /// Code::invalid for anything that is not such an object, Code::too_large over the size.
  static base::Result<Document> parse(std::string_view text);

 private:
  friend class JsonSchema;
  friend class Records;
  explicit Document(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace workspace
