// Connections to other hosts, opened by a child process and handed over as descriptors, so that
// the server itself needs no Internet sockets. The child is this same program, started anew: it has
// none of our memory and none of our files, reaches only the one place that it was given at its
// start, and ends with us. Owns the child, which another may start for it (base/children.h).
#pragma once

#include <string>
#include <vector>

#include "base/children.h"
#include "base/clock.h"
#include "base/descriptor.h"
#include "base/wait.h"

namespace base {

/// A host to be reached: a name or a numeric address, and a port.
struct Place {
  std::string host;
  std::string port;
};

/// `holder.example:7300`, `192.0.2.1:7300` or `[2001:db8::1]:7300`. Code::invalid otherwise.
Result<Place> parse_place(const std::string& text);

/// Safe from any thread; one connection is opened at a time.
class Dialer {
 public:
  /// `arguments` make this program run dial_for_parent(), with `place` behind them. A process that
  /// may not connect any more gives who starts its children, `starter`.
  Dialer(Wait& wait, Words arguments, const Place& place, Children* starter = nullptr);
  ~Dialer();
  Dialer(const Dialer&) = delete;
  Dialer& operator=(const Dialer&) = delete;

  /// A connected socket. Code::unavailable where none can be had within `at_most`: a child that
  /// does not answer in time is killed, and the next call starts another.
  Result<Descriptor> dial(Duration at_most);

 private:
  Result<void> start();
  void end();

  Mutex mutex_;
  OwnChildren own_;
  Children& children_;
  Words words_;
  Descriptor line_;
  int child_ = -1;
};

/// The words with which a Dialer has its child started.
Words dialer_words(Words arguments, const Place& place);

/// The child's side: answers on descriptor 3 until its parent is gone; the exit code.
int dial_for_parent(const Place& place);

}  // namespace base
