// The terminal and the three streams that a command is started with: asks a person a question, with
// or without echo, and moves bytes in and out. Owns nothing for longer than a question takes, and
// never leaves a terminal without echo behind, whatever ends it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/secret_bytes.h"

namespace base {

enum class Stream : std::uint8_t { in, out, error };

bool is_terminal(Stream stream);
/// Whether a person can be asked: standard input and output are a terminal.
bool on_a_terminal();
/// How wide the terminal of standard error is; 80 where it does not say.
std::size_t terminal_columns();

/// One line of standard input, behind the question; nothing where it ends first.
std::optional<std::string> ask_on_terminal(const std::string& question);
/// The same without echo, on the terminal of this process, whatever its standard input is. Code::
/// missing where there is no terminal, Code::invalid where nothing is given, Code::too_large over
/// `bytes_max`. A signal that ends the process while it waits ends it with the echo back on.
Result<SecretBytes> ask_secret_on_terminal(const std::string& question, std::size_t bytes_max);

/// Some bytes of standard input; 0 at its end.
Result<std::size_t> read_standard_input(Mutable out);
/// All of `bytes`; Code::unavailable where nobody reads any more.
Result<void> write_standard_output(View bytes);

}  // namespace base
