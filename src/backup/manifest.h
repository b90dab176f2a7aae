// The manifest of a backup: of which installation it is, under which schemas, and the digest of
// every piece. Owns nothing; text in, text out. Whoever reads one believes nothing before its own
// digest, its last line, fits (docs/formats/backup.md).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "keys/page.h"

namespace backup {

inline constexpr std::uint64_t kFormat = 1;
inline constexpr std::size_t kManifestBytesMax = 64 << 20;

struct Piece {
  base::Digest digest{};
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
};

struct Part {
  std::string table;
  std::vector<std::string> columns;
  std::vector<Piece> pieces;
};

struct Manifest {
  keys::TreeId tree{};  // the key tree whose keys open it
  std::string origin;   // of the log at that time
  std::string made_at;
  std::map<std::string, std::uint64_t> schemas;  // steps that each bulk module had had
  std::vector<Part> tables;
  std::uint64_t files = 0;     // of content
  std::uint64_t bytes = 0;     // of content
  std::vector<Piece> content;  // chunks of {id, bytes, digest}, by id

  std::string encode() const;
  /// Code::corrupt where it is damaged, Code::conflict where a newer program has made it.
  static base::Result<Manifest> decode(std::string_view text);
};

}  // namespace backup
