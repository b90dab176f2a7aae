// A child process that is asked questions, one at a time: bounded bytes there, bounded bytes back.
// For what needs the Internet or trusts bytes from outside, so that neither is done in the process
// that holds the keys. Owns the child: starts it when first asked, kills it when it takes too long
// or does not answer as it should, and starts another the next time.
#pragma once

#include <atomic>
#include <functional>
#include <optional>

#include "base/bytes.h"
#include "base/children.h"

namespace base {

/// Largest question and answer, in bytes.
inline constexpr std::size_t kErrandBytesMax = 1 << 20;

/// Safe from any thread; others wait while one asks.
class Errand {
 public:
  /// `words` make this program run do_errands().
  Errand(Wait& wait, Words words, Children* starter = nullptr);
  ~Errand();
  Errand(const Errand&) = delete;
  Errand& operator=(const Errand&) = delete;

  /// Code::unavailable where no child can be asked or none answers within `at_most`: whether it
  /// did what it was asked is not known then.
  Result<Bytes> ask(View question, Duration at_most);
  /// Who asks now is answered within seconds or not at all, and nobody after that.
  void leave() { leaving_ = true; }

 private:
  Result<void> start();
  void end();
  Result<void> put(View question);

  Mutex mutex_;
  OwnChildren own_;
  Children& children_;
  Words words_;
  Descriptor line_;
  int child_ = -1;
  std::atomic<bool> leaving_{false};
};

/// The child's side: answers each question until its parent is gone; the exit code.
int do_errands(const std::function<Bytes(View question)>& answer);

/// One message of the line: its length, big-endian in four bytes, then its bytes. What follows the
/// first whole message in `bytes`; nothing where it is not whole yet. Code::too_large over the
/// bound.
struct ErrandMessage {
  View body{};
  bool whole = false;
};
Result<ErrandMessage> parse_errand(View bytes);

}  // namespace base
