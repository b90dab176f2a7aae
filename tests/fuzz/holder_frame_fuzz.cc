// What a stranger, or a holder gone bad, may send before and after it is known: messages, and the
// answers to a root's questions. The first byte chooses how large a body may be.

#include "base/crypto.h"
#include "base/faulty_disk.h"
#include "holder/dispatch.h"
#include "holder/frame.h"
#include "holder/remote_root.h"

namespace {

/// Keeps two roots in memory.
class Kept final : public keys::RootHolder {
 public:
  base::Result<std::array<std::optional<keys::Root>, 2>> read() override {
    std::array<std::optional<keys::Root>, 2> copies;
    for (std::size_t i = 0; i < 2; ++i)
      if (roots_[i])
        copies[i] = keys::Root{roots_[i]->epoch, roots_[i]->key.clone(), roots_[i]->page};
    return copies;
  }
  base::Result<void> write(std::size_t slot, const keys::Root& root) override {
    roots_.at(slot) = keys::Root{root.epoch, root.key.clone(), root.page};
    return {};
  }
  base::Result<void> destroy(std::size_t slot) override {
    roots_.at(slot).reset();
    return {};
  }

 private:
  std::array<std::optional<keys::Root>, 2> roots_;
};

class Answering final : public holder::Channel {
 public:
  explicit Answering(base::View answer) : answer_(answer) {}
  base::Result<base::Bytes> call(holder::Method, base::View) override {
    return base::copy(answer_);
  }

 private:
  base::View answer_;
};

/// What was read is what was meant: written again, it is the same bytes.
void check_frame(const holder::Frame& frame, base::View bytes) {
  base::Bytes again;
  if (!frame.outcome)
    again = holder::encode_question(frame.method, frame.id, frame.body);
  else if (frame.outcome->ok())
    again = holder::encode_answer(frame.method, frame.id, frame.body);
  else
    again = holder::encode_refusal(frame.method, frame.id, frame.outcome->code());
  CHECK(base::equal_constant_time(again, bytes.first(frame.size)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t body_max = data[0] % 2 == 0 ? 256 : holder::kBodyBytesMax;
  base::View left(data + 1, size - 1);
  Kept kept;
  base::ThreadWait wait;
  base::FaultyDisk disk(wait);
  CHECK(disk.make_directory("holder").ok());
  const auto fence = holder::Fence::open(disk, "holder").value();
  holder::RootPart root(kept, *fence);
  holder::Dispatch dispatch(root, nullptr);
  while (true) {
    const auto frame = holder::parse_frame(left, body_max);
    if (!frame.ok() || !*frame) break;
    check_frame(**frame, left);
    (void)dispatch.handle(static_cast<holder::Method>((*frame)->method), (*frame)->body).ok();
    Answering answering((*frame)->body);
    holder::RemoteRootHolder remote(answering, 1);
    (void)remote.read().ok();
    left = left.subspan((*frame)->size);
  }
  return 0;
}
