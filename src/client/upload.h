// One file on its way from here into a workspace, in constant memory. A small one goes in one
// request; a large one in parts (tus 1.0), each of them durable at the server before the next, so
// that it goes on by itself after a broken connection or a restart of the server, and after this
// program was killed. Replaces nothing unless it may.
#pragma once

#include "client/begun_uploads.h"
#include "client/transfer.h"

namespace client {

struct UploadParts {
  std::uint64_t from_bytes = std::uint64_t{8} << 20;  // smaller files go in one request
  std::uint64_t bytes = std::uint64_t{32} << 20;      // of each part
};

struct Outbound {
  std::string file;  // here
  RemotePath path;   // there
  std::string media_type;
  Replace replace = Replace::no;
};

/// Code::stale where something is there and may not be replaced, Code::unavailable where it broke
/// off too often: of a large file what has come is kept at the server for seven days, and the next
/// upload of the same file to the same path goes on with it. Code::conflict where the file changes
/// while it is read.
base::Result<void> upload(Remote& remote, const Places& places, BegunUploads& begun,
                          const Outbound& outbound, const Moved& moved,
                          const UploadParts& parts = {});

}  // namespace client
