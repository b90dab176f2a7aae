// An HTML form with files (multipart/form-data, RFC 7578), read as it arrives: part after part,
// each a stream. Owns a small buffer; never holds a whole part.
#pragma once

#include <optional>
#include <string>

#include "http/http.h"

namespace http {

class Multipart {
 public:
  struct Part {
    std::string name;
    std::optional<std::string> file_name;  // without folders; nothing for a plain field
  };

  /// Code::unsupported where the request is of another media type.
  static base::Result<Multipart> open(const Request& request);

  /// The next part, past what is left of this one; nothing after the last. Code::invalid for a body
  /// that is not of this form.
  base::Result<std::optional<Part>> next();
  /// Bytes of the part at hand; 0 at its end.
  base::Result<std::size_t> read(base::Mutable out);
  /// The rest of the part at hand; Code::too_large over `bytes_max`.
  base::Result<std::string> read_text(std::size_t bytes_max);

 private:
  Multipart(BodyReader& body, std::string boundary)
      : body_(&body), delimiter_("\r\n--" + boundary), buffer_("\r\n") {}
  base::Result<void> fill(std::size_t bytes_min);
  base::Result<std::string> line();

  BodyReader* body_;
  std::string delimiter_;
  std::string buffer_;  // begins like a line end, since the first delimiter needs none
  bool ended_ = false;  // the body gave its last byte
};

}  // namespace http
