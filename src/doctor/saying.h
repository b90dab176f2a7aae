// Findings of one subject as they are put together. Owns them until they are taken.
#pragma once

#include <string>

#include "doctor/finding.h"

namespace doctor {

class Saying {
 public:
  explicit Saying(Subject subject) : subject_(subject) {}
  void operator()(Severity severity, base::Literal name, const std::string& text,
                  const std::string& fix = "") {
    findings.push_back({severity, subject_, name, text, fix});
  }
  bool nothing() const { return findings.empty(); }
  Findings findings;

 private:
  Subject subject_;
};

}  // namespace doctor
