#include <fmt/format.h>

#include "base/host.h"
#include "base/terminal.h"
#include "cli/meter.h"
#include "cli/transfer_commands.h"
#include "client/upload.h"

namespace cli {
namespace {

using base::Code;
using base::Error;
using base::Result;
using client::RemotePath;
using client::Replace;

constexpr std::size_t kDepthMax = 64;
constexpr const char* kUnknownType = "application/octet-stream";

/// Standard input on its way: it comes once.
class OutgoingInput final : public client::Outgoing {
 public:
  explicit OutgoingInput(const client::Moved& moved) : moved_(moved) {}
  std::optional<std::uint64_t> size() const override { return std::nullopt; }
  Result<std::size_t> read(base::Mutable out) override {
    const std::size_t got = TRY(base::read_standard_input(out));
    at_ += got;
    moved_(at_, std::nullopt);
    return got;
  }
  Result<void> rewind() override {
    if (at_ == 0) return {};
    return Error{Code::unavailable, "standard input is read already, and cannot be sent again"};
  }

 private:
  const client::Moved& moved_;
  std::uint64_t at_ = 0;
};

/// A put under way.
class Put {
 public:
  Put(client::Remote& remote, base::Wait& wait, base::Clock& clock, const TransferOptions& options)
      : remote_(remote),
        wait_(wait),
        begun_(disk_, options.remote.directory + "/uploads"),
        media_type_(options.media_type),
        replace_(options.force ? Replace::yes : Replace::no),
        meter_(clock, !options.quiet && base::is_terminal(base::Stream::error)) {}

  bool over() const { return over_; }
  int exit_code() const { return exit_code_; }

  void from_input(const RemotePath& path) {
    const auto moved = meter_.begin(path.name());
    OutgoingInput body(moved);
    const auto done =
        remote_.put(path, media_type_.empty() ? kUnknownType : media_type_, body, replace_);
    finish(path.text(), done.ok() ? Result<void>() : done.error());
  }

  /// A file, or a directory with all that is in it, to `path`. A person's own link is followed, one
  /// that is found on the way is not.
  void from_disk(const std::string& local, const RemotePath& path, base::Links links) {
    const auto status = base::file_status(local, links);
    if (!status.ok()) return failed(local, status.error());
    if (status->directory) return directory(local, path);
    if (!status->regular)
      return failed(local, {Code::unsupported, "it is neither a file nor a directory"});
    const auto moved = meter_.begin(path.name());
    const std::string type = media_type_.empty() ? client::media_type_of(path.name()) : media_type_;
    finish(local,
           client::upload(remote_, {disk_, wait_}, begun_, {local, path, type, replace_}, moved));
  }

 private:
  void directory(const std::string& local, const RemotePath& path) {
    if (path.depth() > kDepthMax) return failed(local, {Code::too_large, "this is too deep"});
    if (!path.top())
      if (const auto made = remote_.make_folder(path); !made.ok())
        return failed(local, made.error());
    const auto names = disk_.list(local);
    if (!names.ok()) return failed(local, names.error());
    for (const std::string& name : *names) {
      from_disk(local + "/" + name, path.as_file().child(name), base::Links::keep);
      if (over_) return;
    }
  }

  void finish(const std::string& what, const Result<void>& done) {
    meter_.end(done.ok());
    if (done.ok()) return;
    if (done.code() == Code::stale && replace_ == Replace::no) {
      (void)remote_.take_problem();
      return failed(what, {Code::conflict, "it is there already; --force replaces it"});
    }
    failed(what, done.error());
  }

  void failed(const std::string& what, const Error& error) {
    exit_code_ = std::max(exit_code_, fail("put", what, error, remote_.take_problem()));
    over_ = over_ || ends_all(error);
  }

  client::Remote& remote_;
  base::Wait& wait_;
  base::RealDisk disk_;
  client::BegunUploads begun_;
  std::string media_type_;
  Replace replace_;
  Meter meter_;
  int exit_code_ = kDone;
  bool over_ = false;
};

int put_all(client::Remote& remote, Put& put, const std::vector<std::string>& locals,
            const RemotePath& path) {
  const auto into = goes_into(remote, path, locals.size());
  if (!into.ok()) return fail("put", path.text(), into.error(), remote.take_problem());
  for (const std::string& local : locals) {
    RemotePath to = path.as_file();
    if (*into) {
      const std::string whole = base::absolute_path(local);
      to = to.child(whole.substr(whole.rfind('/') + 1));
      if (to.name().empty()) return fail("put", local, {Code::invalid, "this has no name"}, {});
    }
    put.from_disk(local, to, base::Links::follow);
    if (put.over()) break;
  }
  return put.exit_code();
}

}  // namespace

int put(const TransferOptions& options) {
  std::vector<std::string> locals = options.places;
  const auto path = read_path("put", locals.back());
  if (!path.ok()) return kCannot;
  locals.pop_back();
  for (const char c : options.media_type)
    if (c < 0x20 || c > 0x7e) {
      fmt::print(stderr, "put: --type: a media type has plain letters alone\n");
      return kCannot;
    }
  const bool input = std::ranges::find(locals, "-") != locals.end();
  if (input && (locals.size() > 1 || path->folder())) {
    fmt::print(stderr, "put: standard input goes to one file: name it\n");
    return kCannot;
  }
  base::ThreadWait wait;
  auto remote = open_remote("put", options.remote, wait);
  if (!remote.ok()) return kCannot;
  base::SteadyClock clock;
  Put put(*remote, wait, clock, options);
  if (!input) return put_all(*remote, put, locals, *path);
  put.from_input(*path);
  return put.exit_code();
}

}  // namespace cli
