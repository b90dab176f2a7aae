// Whether others will believe mails from a domain: its SPF (RFC 7208), DKIM (RFC 6376) and DMARC
// (RFC 7489) records, as far as they can be judged without a mail. Owns the words of what to set;
// never asks the domain name system itself.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace egress {

enum class Verdict : std::uint8_t { holds, advice, fails };
const char* to_string(Verdict verdict) noexcept;

struct Finding {
  Verdict verdict;
  base::Literal says;  // and what to set, where it does not hold
};

/// From the text records at the domain.
Finding judge_spf(const std::vector<std::string>& texts);
/// From the text records at `SELECTOR._domainkey.DOMAIN`.
Finding judge_dkim(const std::vector<std::string>& texts);
/// From the text records at `_dmarc.DOMAIN`.
Finding judge_dmarc(const std::vector<std::string>& texts);

}  // namespace egress
