// What a device is called, for the person whose it is: the program and the system that a User-Agent
// header speaks of, in words of ours. Whatever else the header says is not kept; nothing that
// somebody sent gets into a page or a mail by it.
#pragma once

#include <string_view>

#include "base/result.h"

namespace accounts {

/// Closed words; empty where it is not known.
struct Device {
  base::Literal program = "";  // `Firefox`
  base::Literal system = "";   // `Linux`
};

/// Never fails: what is not recognised is not known.
Device device_of(std::string_view user_agent);

}  // namespace accounts
