// An Outcome as a line of JSON, from a child process to its parent and to whoever asks for --json.
// Owns nothing.
#pragma once

#include <string>

#include "tests/sim/run.h"

namespace sim {

std::string encode(const Outcome& outcome);
/// What a child said of its life; where it said nothing, that its process ended.
Outcome decode(const std::string& text, bool ended_well);

/// `crash points 1204, owners 977, …`.
std::string words_of(const Figures& figures);
std::string json_of(const Figures& figures);

}  // namespace sim
