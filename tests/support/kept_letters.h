// For tests: a transport that keeps letters instead of sending them.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "egress/outbox.h"

namespace support {

/// Keeps letters instead of sending them; fails while told to.
class KeptLetters final : public egress::Transport {
 public:
  base::Result<egress::Delivery> deliver(const egress::Letter& letter,
                                         const egress::Sender&) override {
    if (failing) return base::Error{base::Code::unavailable, "told to fail"};
    if (answer) {
      const egress::Delivery said = answer(letter);
      if (said.outcome != egress::Outcome::accepted) return said;
    }
    letters.push_back(letter);
    return egress::Delivery{egress::Outcome::accepted, 250};
  }
  std::vector<egress::Letter> letters;
  bool failing = false;
  std::function<egress::Delivery(const egress::Letter&)> answer;  // accepted, where there is none
};

}  // namespace support
