// One file on its way from a workspace to here, in constant memory; and what that shares with the
// way back (upload.h). It gathers in a part file that is named after its version, so that it goes
// on where it stopped, and gets its name once it is whole and durable. Never writes outside of the
// directory that it is given.
#pragma once

#include <functional>
#include <string>

#include "base/disk.h"
#include "client/remote.h"

namespace client {

/// Hears how many bytes are there, of how many (nothing: nobody knows).
using Moved = std::function<void(std::uint64_t done, std::optional<std::uint64_t> total)>;

struct Places {
  base::Disk& disk;
  base::Wait& wait;
};

/// Gets a file that the server has described to `file`. Code::conflict where something is there,
/// unless it may be replaced; Code::unavailable where it broke off too often: the part is kept, and
/// the next download of the same version goes on with it.
base::Result<void> download(Remote& remote, const Places& places, const RemotePath& path,
                            const RemoteEntry& entry, const std::string& file, Replace replace,
                            const Moved& moved);

/// Where the part of a version gathers until it is whole. Code::corrupt where the entry's etag is
/// of no form that a file's name could have.
base::Result<std::string> part_file(const std::string& file, const std::string& etag);

/// The media type that a name's ending stands for; bytes of no known kind where it stands for none.
std::string media_type_of(const std::string& name);

}  // namespace client
