// What the doctor says: one finding a line, with what to do about it. Owns the words for how bad it
// is and what it is about; decides nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace doctor {

/// ok: as it should be. advice: could be better. warning: something can be lost, or learnt, that
/// should not be. error: it does not work so, or it does not protect what it has to.
enum class Severity : std::uint8_t { ok, advice, warning, error };
base::Literal name_of(Severity severity);

/// In the order in which they are said.
enum class Subject : std::uint8_t {
  server,
  files,
  root,
  replicas,
  store,
  clock,
  memory,
  disk,
  certificate,
  notice,
  mail,
  settings
};
base::Literal name_of(Subject subject);

struct Finding {
  Severity severity = Severity::ok;
  Subject subject = Subject::server;
  base::Literal name;  // for programs: never changes
  std::string text;
  std::string fix{};  // one sentence; empty where there is nothing to do
};
using Findings = std::vector<Finding>;

}  // namespace doctor
