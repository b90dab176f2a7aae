#include "egress/domain_policy.h"

#include <map>
#include <optional>

#include "base/bytes.h"

namespace egress {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// `v=DMARC1; p=none` as tags and values.
std::map<std::string, std::string> tags_of(std::string_view text) {
  std::map<std::string, std::string> tags;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    const auto equals = one.find('=');
    if (equals == std::string_view::npos) continue;
    tags.emplace(lower(trimmed(one.substr(0, equals))), trimmed(one.substr(equals + 1)));
  }
  return tags;
}

bool is_spf(const std::string& text) {
  const std::string small = lower(text);
  return small == "v=spf1" || small.starts_with("v=spf1 ");
}

/// How a record ends for everybody else: the sign before `all`; nothing where it says nothing.
std::optional<char> sign_of_all(const std::string& record) {
  std::string_view left(record);
  while (!left.empty()) {
    std::string_view term = left.substr(0, left.find(' '));
    left.remove_prefix(std::min(term.size() + 1, left.size()));
    if (term.starts_with("redirect=")) return '-';  // another record says it
    if (term == "all") return '+';
    if (term.size() == 4 && term.ends_with("all")) return term[0];
  }
  return std::nullopt;
}

}  // namespace

const char* to_string(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::holds:
      return "holds";
    case Verdict::advice:
      return "advice";
    case Verdict::fails:
      return "fails";
  }
  return "unknown";
}

Finding judge_spf(const std::vector<std::string>& texts) {
  std::vector<std::string> records;
  for (const std::string& text : texts)
    if (is_spf(text)) records.push_back(lower(text));
  if (records.empty())
    return {Verdict::fails,
            "No SPF record. Set a TXT record at the domain that names your mail provider, like "
            "\"v=spf1 include:PROVIDER -all\"."};
  if (records.size() > 1)
    return {Verdict::fails, "More than one SPF record: receivers then take none. Keep one."};
  const auto all = sign_of_all(records[0]);
  if (all == '+')
    return {Verdict::fails, "The SPF record lets everybody send (+all). End it with -all."};
  if (!all || *all == '?')
    return {Verdict::advice,
            "The SPF record does not say what to do with others. End it with -all."};
  return {
      Verdict::holds,
      "One SPF record, which refuses others. Whether it names your mail provider, a test mail's "
      "Authentication-Results say."};
}

Finding judge_dkim(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    const auto tags = tags_of(text);
    const auto version = tags.find("v");
    if (version != tags.end() && lower(version->second) != "dkim1") continue;
    const auto key = tags.find("p");
    if (key == tags.end()) continue;
    if (key->second.empty())
      return {
          Verdict::fails,
          "The DKIM key of this selector was withdrawn (p= is empty). Publish the one that your "
          "mail provider signs with."};
    std::string packed = key->second;
    std::erase(packed, ' ');
    if (!base::parse_base64(packed).ok())
      return {Verdict::fails, "The DKIM key of this selector is damaged. Copy it anew."};
    return {Verdict::holds, "A DKIM key is published under this selector."};
  }
  return {Verdict::fails,
          "No DKIM key under this selector. Set the TXT record SELECTOR._domainkey that your mail "
          "provider shows."};
}

Finding judge_dmarc(const std::vector<std::string>& texts) {
  std::size_t records = 0;
  std::string policy;
  for (const std::string& text : texts) {
    if (!lower(trimmed(text)).starts_with("v=dmarc1")) continue;
    ++records;
    const auto tags = tags_of(text);
    if (const auto found = tags.find("p"); found != tags.end()) policy = lower(found->second);
  }
  if (records == 0)
    return {Verdict::fails,
            "No DMARC record. Set a TXT record at _dmarc, like \"v=DMARC1; p=quarantine\"."};
  if (records > 1)
    return {Verdict::fails, "More than one DMARC record: receivers then take none. Keep one."};
  if (policy == "reject" || policy == "quarantine")
    return {Verdict::holds, "DMARC asks receivers to act against mails that only pretend."};
  if (policy == "none")
    return {
        Verdict::advice,
        "DMARC only watches (p=none). When its reports are clean, set p=quarantine or p=reject."};
  return {Verdict::fails, "The DMARC record has no policy. Set p=quarantine or p=reject."};
}

}  // namespace egress
