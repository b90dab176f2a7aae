#include "client/upload.h"

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

// Without a byte more between them, one minute in all: long enough for a server that starts again,
// or still holds the part of a connection that broke.
constexpr int kTries = 7;

/// Some of a file of a disk on its way.
class OutgoingFile final : public Outgoing {
 public:
  OutgoingFile(base::File& file, std::uint64_t from, std::uint64_t size, std::uint64_t total,
               const Moved& moved)
      : file_(file), from_(from), size_(size), total_(total), moved_(moved) {}
  std::optional<std::uint64_t> size() const override { return size_; }
  Result<std::size_t> read(base::Mutable out) override {
    const std::uint64_t left = size_ - at_;
    if (left == 0) return std::size_t{0};
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(left, out.size()));
    const std::size_t got = TRY(file_.read_at(from_ + at_, out.first(want)));
    if (got == 0) return Error{Code::conflict, "the file became shorter while it was read"};
    at_ += got;
    moved_(from_ + at_, total_);
    return got;
  }
  Result<void> rewind() override {
    at_ = 0;
    return {};
  }

 private:
  base::File& file_;
  std::uint64_t from_;
  std::uint64_t size_;
  std::uint64_t total_;
  const Moved& moved_;
  std::uint64_t at_ = 0;
};

/// An upload in parts.
class InParts {
 public:
  InParts(Remote& remote, base::Wait& wait, BegunUploads& begun, const Outbound& outbound,
          base::File& file, std::uint64_t size, const Moved& moved, std::uint64_t part_bytes)
      : remote_(remote),
        wait_(wait),
        begun_(begun),
        outbound_(outbound),
        file_(file),
        size_(size),
        moved_(moved),
        part_bytes_(part_bytes) {}

  Result<void> run() {
    key_ = TRY(key());
    id_ = TRY(begun_.find(key_));
    if (!id_.empty()) TRY(look_again());
    if (id_.empty()) TRY(begin());
    moved_(offset_, size_);
    auto sent = send_all();
    if (sent.ok() || sent.code() == Code::missing) TRY(begun_.forget(key_));
    return sent;
  }

 private:
  Result<std::string> key() const {
    return BegunUploads::key_of(outbound_.file, remote_.origin() + "\n" + outbound_.path.text() +
                                                    "\n" + outbound_.media_type + "\n" +
                                                    std::to_string(size_));
  }

  /// How far one has come that another run began; none where the server has it no more.
  Result<void> look_again() {
    const auto state = remote_.find_upload(id_);
    if (!state.ok() && state.code() != Code::missing) return state.error();
    if (state.ok() && state->length == size_)
      offset_ = state->offset;
    else
      id_.clear();
    return {};
  }

  Result<void> begin() {
    const auto there = remote_.find(outbound_.path);
    if (!there.ok() && there.code() != Code::missing) return there.error();
    if (there.ok() && there->kind == Kind::folder)
      return Error{Code::conflict, "a folder is there already"};
    if (there.ok() && outbound_.replace == Replace::no)
      return Error{Code::stale, "something is there already"};
    id_ = TRY(remote_.begin_upload(outbound_.path, outbound_.media_type, size_));
    // Where it cannot be kept, only another run does not find it.
    (void)begun_.keep(key_, id_).ok();
    return {};
  }

  Result<void> send_all() {
    int tries = 0;
    while (offset_ < size_) {
      TRY(unchanged());
      const auto sent = send_part();
      if (sent.ok()) {
        tries = 0;
        continue;
      }
      if (sent.code() != Code::unavailable && sent.code() != Code::conflict) return sent.error();
      if (++tries == kTries) return sent.error();
      wait_.sleep(std::chrono::seconds(1U << static_cast<unsigned>(tries - 1)));
      const bool further = TRY(find_offset());
      if (further) tries = 0;
      if (!further && sent.code() == Code::conflict) return sent.error();
    }
    return {};
  }

  Result<void> send_part() {
    OutgoingFile part(file_, offset_, std::min(part_bytes_, size_ - offset_), size_, moved_);
    const auto now = TRY(remote_.send_part(id_, offset_, part, outbound_.replace));
    if (now <= offset_ || now > size_)
      return Error{Code::corrupt, "the server's answer is not what it should be"};
    offset_ = now;
    return {};
  }

  /// Whether more has come than was known. Where nobody answers, the next part says so again.
  Result<bool> find_offset() {
    const auto state = remote_.find_upload(id_);
    if (!state.ok() && state.code() == Code::unavailable) return false;
    if (!state.ok()) return state.error();
    const bool further = state->offset > offset_;
    offset_ = state->offset;
    return further;
  }

  /// What was sent and what comes must be of one version.
  Result<void> unchanged() {
    const auto now = TRY(key());
    if (now == key_) return {};
    (void)remote_.end_upload(id_).ok();  // else it ends by itself
    TRY(begun_.forget(key_));
    return Error{Code::conflict, "the file changed while it was read"};
  }

  Remote& remote_;
  base::Wait& wait_;
  BegunUploads& begun_;
  const Outbound& outbound_;
  base::File& file_;
  std::uint64_t size_;
  const Moved& moved_;
  std::uint64_t part_bytes_;
  std::string key_;
  std::string id_;
  std::uint64_t offset_ = 0;
};

}  // namespace

Result<void> upload(Remote& remote, const Places& places, BegunUploads& begun,
                    const Outbound& outbound, const Moved& moved, const UploadParts& parts) {
  const auto file = TRY(places.disk.open(outbound.file, base::Open::read));
  const auto size = TRY(file->size());
  if (size >= parts.from_bytes)
    return InParts(remote, places.wait, begun, outbound, *file, size, moved, parts.bytes).run();
  OutgoingFile body(*file, 0, size, size, moved);
  const auto entry = TRY(remote.put(outbound.path, outbound.media_type, body, outbound.replace));
  if (entry.size != size)
    return Error{Code::corrupt, "the server says that it has another number of bytes"};
  return {};
}

}  // namespace client
