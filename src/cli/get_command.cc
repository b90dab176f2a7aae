#include <fmt/format.h>

#include <cstdio>

#include "base/host.h"
#include "base/process.h"
#include "base/terminal.h"
#include "cli/meter.h"
#include "cli/transfer_commands.h"
#include "client/printable.h"

namespace cli {
namespace {

using base::Code;
using base::Error;
using base::Result;
using client::Kind;
using client::RemoteEntry;
using client::RemotePath;
using client::Replace;

// As deep as a workspace goes; a server that goes deeper does not mean well.
constexpr std::size_t kDepthMax = 64;

/// What stands at a local path; links are followed, as a person's own are.
Result<bool> is_directory(const std::string& path) {
  const auto status = base::file_status(path, base::Links::follow);
  if (!status.ok() && status.code() == Code::missing) return false;
  if (!status.ok()) return status.error();
  return status->directory;
}

/// A get under way.
class Get {
 public:
  Get(client::Remote& remote, base::Wait& wait, base::Clock& clock, const TransferOptions& options)
      : remote_(remote),
        wait_(wait),
        replace_(options.force ? Replace::yes : Replace::no),
        meter_(clock, !options.quiet && base::is_terminal(base::Stream::error)) {}

  /// Nothing more is to be tried.
  bool over() const { return over_; }
  int exit_code() const { return exit_code_; }

  void to_output(const RemotePath& path) {
    const auto done = stream(path);
    meter_.end(done.ok());
    if (!done.ok()) failed(path, done.error());
  }
  /// To `local`, or into it where it is a directory.
  void to_disk(const RemotePath& path, const std::string& local, bool into) {
    const auto entry = remote_.find(path);
    if (!entry.ok()) return failed(path, entry.error());
    top_ = true;
    const std::string place = into && !path.top() ? local + "/" + path.name() : local;
    if (entry->kind == Kind::folder)
      folder(path, place);
    else
      file(path, *entry, place);
  }

 private:
  Result<void> stream(const RemotePath& path) {
    const auto entry = TRY(remote_.find(path));
    if (entry.kind == Kind::folder)
      return Error{Code::conflict, "it is a folder, which has no bytes to print"};
    const auto moved = meter_.begin(path.name());
    std::uint64_t done = 0;
    if (entry.size == 0) return {};
    TRY(remote_.get(path, {0, entry.etag}, [&](const client::Head&, base::View piece) {
      done += piece.size();
      moved(done, entry.size);
      return base::write_standard_output(piece);
    }));
    if (done != entry.size)
      return Error{Code::corrupt, "the server sends another number of bytes than the file has"};
    return {};
  }

  void file(const RemotePath& path, const RemoteEntry& entry, const std::string& place) {
    const auto moved = meter_.begin(path.name());
    const auto done =
        client::download(remote_, {disk_, wait_}, path, entry, place, replace_, moved);
    meter_.end(done.ok());
    if (!done.ok()) failed(path, done.error());
  }

  void folder(const RemotePath& path, const std::string& place) {
    if (path.depth() > kDepthMax) return failed(path, {Code::corrupt, "this is too deep"});
    if (const auto made = make_directory(place); !made.ok()) return failed(path, made.error());
    std::string cursor;
    do {
      const auto page = remote_.list(path, cursor);
      if (!page.ok()) return failed(path, page.error());
      for (const RemoteEntry& entry : page->entries) {
        entry_of(path, entry, place);
        if (over_) return;
      }
      cursor = page->next;
    } while (!cursor.empty());
  }

  void entry_of(const RemotePath& folder_path, const RemoteEntry& entry, const std::string& place) {
    const RemotePath path = folder_path.as_file().child(entry.name);
    // A name that the server has made up could lead anywhere.
    if (!client::safe_file_name(entry.name))
      return failed(path, {Code::corrupt, "no file can have this name here"});
    if (entry.kind == Kind::folder)
      folder(path, place + "/" + entry.name);
    else
      file(path, entry, place + "/" + entry.name);
  }

  /// A link that is there already could lead anywhere, too; the person's own choice is at the top.
  Result<void> make_directory(const std::string& place) {
    const auto status = base::file_status(place, base::Links::keep);
    if (status.ok() && !status->directory) {
      const bool leads_to_one = TRY(is_directory(place));
      if (!top_ || !leads_to_one)
        return Error{Code::conflict, "something else than a directory is there"};
    }
    top_ = false;
    return disk_.make_directory(place);
  }

  void failed(const RemotePath& path, const Error& error) {
    exit_code_ = std::max(exit_code_, fail("get", path.text(), error, remote_.take_problem()));
    over_ = over_ || ends_all(error);
  }

  client::Remote& remote_;
  base::Wait& wait_;
  Replace replace_;
  Meter meter_;
  base::RealDisk disk_;
  int exit_code_ = kDone;
  bool over_ = false;
  bool top_ = true;
};

int get_all(Get& get, const std::vector<RemotePath>& paths, const std::string& local) {
  const auto directory = is_directory(local);
  if (!directory.ok()) return fail("get", local, directory.error(), {});
  const bool into = *directory || local.ends_with('/');
  if ((paths.size() > 1 || local.ends_with('/')) && !*directory)
    return fail("get", local, {Code::missing, "there is no such directory"}, {});
  for (const RemotePath& path : paths) {
    get.to_disk(path, local, into);
    if (get.over()) break;
  }
  return get.exit_code();
}

}  // namespace

int get(const TransferOptions& options) {
  std::vector<std::string> places = options.places;
  if (places.size() == 1) places.emplace_back(".");
  const std::string local = places.back();
  places.pop_back();
  std::vector<RemotePath> paths;
  for (const std::string& place : places) {
    auto path = read_path("get", place);
    if (!path.ok()) return kCannot;
    paths.push_back(std::move(*path));
  }
  base::ignore_broken_pipes();
  base::ThreadWait wait;
  auto remote = open_remote("get", options.remote, wait);
  if (!remote.ok()) return kCannot;
  base::SteadyClock clock;
  Get get(*remote, wait, clock, options);
  if (local != "-") return get_all(get, paths, local);
  for (const RemotePath& path : paths) {
    get.to_output(path);
    if (get.exit_code() != kDone) break;
  }
  return get.exit_code();
}

}  // namespace cli
