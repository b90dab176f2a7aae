// Text from a server as it may be shown: on a terminal it can move no cursor, start no sequence and
// turn no line around, and a name of it stays within the directory that it is meant for. Owns
// nothing; never changes what is kept.
#pragma once

#include <string>
#include <string_view>

namespace client {

/// Without control characters (also those of Unicode, and what changes the direction of writing)
/// and without what is no UTF-8: `?` stands for each.
std::string printable(std::string_view text);

/// Whether a file of that name can be made in a directory, and nowhere else: 1 to 255 bytes without
/// slash and control characters, and neither `.` nor `..`.
bool safe_file_name(std::string_view name);

}  // namespace client
