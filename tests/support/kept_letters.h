// For tests: a transport that keeps letters instead of sending them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "egress/outbox.h"
#include "tests/support/opened.h"

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
  /// The token in the newest letter; nothing where there is none.
  std::optional<std::string> token() const {
    if (letters.empty()) return std::nullopt;
    const std::string& text = opened(letters.back().text);
    const auto at = text.find("#token=");
    if (at == std::string::npos) return std::nullopt;
    return text.substr(at + 7, text.find('\n', at) - at - 7);
  }

  std::vector<egress::Letter> letters;
  bool failing = false;
  std::function<egress::Delivery(const egress::Letter&)> answer;  // accepted, where there is none
};

}  // namespace support
