#include "client/transfer.h"

#include <array>

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kNameBytes = 255;
constexpr int kTries = 4;  // without a byte more between them

/// Letters and digits between the quotes: what may stand in a file's name.
Result<std::string> version_of(const std::string& etag) {
  const std::string version = etag.size() < 3 ? "" : etag.substr(1, etag.size() - 2);
  if (version.empty() || version.size() > 64)
    return Error{Code::corrupt, "the server's answer is not what it should be"};
  for (const char c : version)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
      return Error{Code::corrupt, "the server's answer is not what it should be"};
  return version;
}

/// A part that gathers.
struct Part {
  std::unique_ptr<base::File> file;
  std::uint64_t done = 0;
};

Result<Part> open_part(base::Disk& disk, const std::string& path, std::uint64_t size) {
  Part part;
  part.file = TRY(disk.open(path, base::Open::update));
  part.done = TRY(part.file->size());
  if (part.done > size) {  // not what we have written
    TRY(part.file->truncate(0));
    part.done = 0;
  }
  return part;
}

/// One exchange: as much as comes of what is lacking.
Result<void> fetch(Remote& remote, const RemotePath& path, const RemoteEntry& entry, Part& part,
                   const Moved& moved) {
  const auto take = [&](const Head&, base::View piece) -> Result<void> {
    if (piece.size() > entry.size - part.done)
      return Error{Code::corrupt, "the server sends more than the file has"};
    TRY(part.file->write_at(part.done, piece));
    part.done += piece.size();
    moved(part.done, entry.size);
    return {};
  };
  return remote.get(path, {part.done, entry.etag}, take);
}

/// Until it is whole. A connection that breaks is made again, as long as something comes of it.
Result<void> fetch_all(Remote& remote, base::Wait& wait, const RemotePath& path,
                       const RemoteEntry& entry, Part& part, const Moved& moved) {
  int tries = 0;
  while (part.done < entry.size) {
    const std::uint64_t before = part.done;
    const auto fetched = fetch(remote, path, entry, part, moved);
    if (!fetched.ok() && fetched.code() != Code::unavailable) return fetched.error();
    if (fetched.ok() && part.done < entry.size)
      return Error{Code::corrupt, "the server sends less than the file has"};
    if (fetched.ok()) break;
    tries = part.done > before ? 1 : tries + 1;
    if (tries == kTries) return fetched.error();
    wait.sleep(std::chrono::seconds(1U << static_cast<unsigned>(tries - 1)));
  }
  return {};
}

Result<void> nothing_there(base::Disk& disk, const std::string& file, Replace replace) {
  if (replace == Replace::yes) return {};
  const bool there = TRY(disk.exists(file));
  if (there) return Error{Code::conflict, "it is there already; --force replaces it"};
  return {};
}

}  // namespace

Result<std::string> part_file(const std::string& file, const std::string& etag) {
  const std::string version = TRY_AS(version_of(etag), "no part can be named after its version");
  const std::string ending = "." + version + ".part";
  const auto slash = file.rfind('/');
  const std::size_t start = slash == std::string::npos ? 0 : slash + 1;
  std::size_t kept = std::min(file.size() - start, kNameBytes - ending.size());
  // Not in the middle of a letter.
  while (kept > 0 && start + kept < file.size() &&
         (static_cast<std::uint8_t>(file[start + kept]) & 0xc0U) == 0x80)
    --kept;
  return file.substr(0, start + kept) + ending;
}

Result<void> download(Remote& remote, const Places& places, const RemotePath& path,
                      const RemoteEntry& entry, const std::string& file, Replace replace,
                      const Moved& moved) {
  base::Disk& disk = places.disk;
  TRY(nothing_there(disk, file, replace));
  const std::string gathering = TRY(part_file(file, entry.etag));
  {
    Part part = TRY(open_part(disk, gathering, entry.size));
    moved(part.done, entry.size);
    TRY(fetch_all(remote, places.wait, path, entry, part, moved));
    TRY(part.file->sync());
  }
  // It may have taken hours.
  TRY(nothing_there(disk, file, replace));
  TRY(disk.rename(gathering, file));
  return disk.sync_directory(base::parent_of(file));
}

std::string media_type_of(const std::string& name) {
  struct Known {
    std::string_view ending;
    const char* type;
  };
  constexpr std::array kKnown = {
      Known{"avif", "image/avif"},
      Known{"csv", "text/csv"},
      Known{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
      Known{"gif", "image/gif"},
      Known{"gz", "application/gzip"},
      Known{"htm", "text/html"},
      Known{"html", "text/html"},
      Known{"ics", "text/calendar"},
      Known{"jpeg", "image/jpeg"},
      Known{"jpg", "image/jpeg"},
      Known{"json", "application/json"},
      Known{"md", "text/markdown"},
      Known{"mp3", "audio/mpeg"},
      Known{"mp4", "video/mp4"},
      Known{"odt", "application/vnd.oasis.opendocument.text"},
      Known{"pdf", "application/pdf"},
      Known{"png", "image/png"},
      Known{"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
      Known{"svg", "image/svg+xml"},
      Known{"tar", "application/x-tar"},
      Known{"txt", "text/plain"},
      Known{"webp", "image/webp"},
      Known{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
      Known{"xml", "application/xml"},
      Known{"zip", "application/zip"},
  };
  const auto dot = name.rfind('.');
  if (dot != std::string::npos) {
    std::string ending = name.substr(dot + 1);
    for (char& c : ending)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const auto found = std::ranges::find(kKnown, std::string_view(ending), &Known::ending);
    if (found != kKnown.end()) return found->type;
  }
  return "application/octet-stream";
}

}  // namespace client
