// Static files under addresses that contain a digest of their bytes, compressed once when they are
// added. Owns the bytes; never changes a file that was added.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pages/pages.h"

namespace pages {

class Assets {
 public:
  /// `name` is NAME.EXTENSION; the extension decides the Content-Type. Answers the address.
  const std::string& add(std::string_view name, std::string bytes);
  /// A file whose name says by itself which bytes it has: it keeps it. Answers the address.
  const std::string& add_hashed(std::string_view name, std::string bytes);
  /// The address of an asset that was added.
  const std::string& path(std::string_view name) const;
  /// Of all of them, sorted.
  std::vector<std::string> addresses() const;
  std::optional<Asset> find(std::string_view path, std::string_view accept_encoding) const;

 private:
  const std::string& put(std::string_view name, std::string path, std::string bytes);
  struct File {
    std::string plain, brotli, gzip;  // the latter two empty where they would not be smaller
    std::string_view type;
  };
  std::map<std::string, std::string, std::less<>> paths_;  // by name
  std::map<std::string, File, std::less<>> files_;         // by path
};

/// Whether Accept-Encoding (RFC 9110, 12.5.3) names `coding` with a weight above 0.
bool accepts_encoding(std::string_view accept_encoding, std::string_view coding);

}  // namespace pages
