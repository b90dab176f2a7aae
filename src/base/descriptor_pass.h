// A message over a line between two processes, with an open descriptor in it or without. Owns
// nothing; a message is whole or it is none.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/descriptor.h"

namespace base {

/// Whether `bytes` went, with a copy of `passed` where there is one. Never waits for ever: a line
/// whose reader does not read is full, and answers no.
bool send_with(int line, View bytes, const Descriptor* passed);

/// The size of the next message, put into `into`, and the descriptor that came with it. Nothing
/// where the line has ended or the message is larger than `into`.
std::optional<std::size_t> receive_with(int line, Mutable into, Descriptor& passed);

}  // namespace base
