// What a server says of files and folders, and why it refuses something: read strictly where it is
// acted upon, leniently where it is only shown. Everything here is bytes from outside. Owns
// nothing; never decides what is done with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace client {

enum class Kind : std::uint8_t { file, folder };

struct RemoteEntry {
  std::string name;
  Kind kind = Kind::file;
  std::uint64_t size = 0;  // of a file, as are type and etag
  std::string type;
  std::string etag;
  std::string changed;  // RFC 3339
};

struct Listing {
  std::vector<RemoteEntry> entries;
  std::string next;  // the cursor of what comes after; empty at the end
};

struct Trashed {
  std::string id;  // letters and digits
  Kind kind = Kind::file;
  std::string path;  // where it was
  std::uint64_t size = 0;
  std::string removed;  // RFC 3339, as is expires
  std::string expires;
};
struct TrashListing {
  std::vector<Trashed> items;
  std::string next;
};

/// A link to a file or folder, for whoever has it.
struct SharedLink {
  std::string id;  // letters and digits
  Kind kind = Kind::file;
  std::string path;     // when it was made
  std::string created;  // RFC 3339, as is expires
  std::string expires;
  bool password = false;
  std::string url;  // of a link that was just made; nobody can say it again
};

/// Code::corrupt where it is not one.
base::Result<RemoteEntry> parse_entry(std::string_view json);
base::Result<Listing> parse_listing(std::string_view json);
base::Result<TrashListing> parse_trash(std::string_view json);
/// Of a link that was just made, its URL with it: nothing but what may stand in one.
base::Result<SharedLink> parse_made_link(std::string_view json);
base::Result<std::vector<SharedLink>> parse_links(std::string_view json);

/// problem+json (RFC 9457). What is not there, or of another kind, is empty.
struct Problem {
  long status = 0;  // of the answer; 0 where none came
  std::string type;
  std::string title;
  std::string detail;

  /// One line for a person, printable whatever the server has sent.
  std::string text() const;
};
Problem parse_problem(std::string_view json);

}  // namespace client
