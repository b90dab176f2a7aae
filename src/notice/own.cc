#include "notice/own.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "base/result.h"
#include "notice/node.h"
#include "notice/notice.h"

namespace notice {
namespace {

// What is to be put in stands as MARK number MARK until the prose has been gone through: no fact is
// ever taken for a word of the default.
constexpr char kMark = '\x01';

std::string scalar(const std::string& text) {
  // JSON's strings are YAML's, between double quotes.
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string list(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + scalar(text);
  return "[" + all + "]";
}

/// `text` in Markdown, as it stands.
std::string prose(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_[]<>#&!|~").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

/// `https://host:443` -> `host:443`.
std::string host(const std::string& origin) {
  const auto scheme = origin.find("://");
  return scheme == std::string::npos ? origin : origin.substr(scheme + 3);
}

/// A word of the default's prose and what stands there instead.
struct Phrase {
  std::string from, to;
};

bool blank(char c) { return c == ' ' || c == '\n'; }
bool letter(char c) { return (std::isalnum(static_cast<unsigned char>(c))) != 0; }

/// How much of `text` from `at` on is `phrase`, however it is wrapped; nothing where it is not.
std::size_t matches(std::string_view text, std::size_t at, std::string_view phrase) {
  if (at > 0 && letter(text[at - 1])) return 0;
  std::size_t i = at;
  for (const char c : phrase) {
    if (i >= text.size()) return 0;
    if (c != ' ') {
      if (text[i++] != c) return 0;
      continue;
    }
    if (!blank(text[i])) return 0;
    while (i < text.size() && blank(text[i])) ++i;
  }
  return i < text.size() && letter(text[i]) ? 0 : i - at;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

class Own {
 public:
  explicit Own(const OwnFacts& facts) : facts_(facts), text_(default_text()) {
    Findings findings{std::string(default_file)};
    root_ = *read_yaml(text_, findings);
    lines_ = lines_of(text_);
  }

  std::string text() {
    put_operator();
    put_recipients();
    put({"rights", "contact"}, scalar(facts_.contact));
    put({"authority", "country"}, scalar(facts_.country));
    if (!facts_.effective.empty()) {
      put({"effective"}, facts_.effective);
      put({"terms", "effective"}, facts_.effective);
    }
    std::string joined;
    for (const std::string& line : lines_)
      if (line != kGone) joined += line + "\n";
    return filled(with_phrases(joined));
  }

 private:
  static constexpr std::string_view kGone = "\x02";

  std::string mark(std::string value) {
    values_.push_back(std::move(value));
    return kMark + std::to_string(values_.size() - 1) + kMark;
  }

  std::string& line_of(std::initializer_list<std::string_view> path) {
    return lines_.at(static_cast<std::size_t>(locate(root_, path).line) - 1);
  }

  /// The value of the key at `path`, which the default has on the key's line.
  void put(std::initializer_list<std::string_view> path, std::string value) {
    std::string& line = line_of(path);
    line = line.substr(0, line.find(':') + 1) + " " + mark(std::move(value));
  }

  void put_operator() {
    put({"operator", "name"}, scalar(facts_.name));
    put({"operator", "organisation_number"}, scalar(facts_.organisation_number));
    put({"operator", "address", "street"}, scalar(facts_.street));
    put({"operator", "address", "postal_code"}, scalar(facts_.postal_code));
    put({"operator", "address", "city"}, scalar(facts_.city));
    put({"operator", "address", "country"}, scalar(facts_.country));
    put({"operator", "address", "country_name", "en"}, scalar(facts_.country_name));
    put({"operator", "contact"}, scalar(facts_.contact));
    put({"operator", "service"}, scalar(facts_.service));
    put({"operator", "site"}, scalar(site()));
    put({"operator", "timezone"}, scalar(facts_.timezone));
    put({"operator", "log_origin"}, scalar(facts_.log_origin));
    put({"operator", "brand", "name"}, scalar(facts_.service));
    put_origins();
  }

  void put_origins() {
    const Node* origins = root_.find("operator")->find("origins");
    for (const Node& item : origins->items)
      lines_.at(static_cast<std::size_t>(item.at.line) - 1) = kGone;
    put({"operator", "origins"}, list(facts_.origins));
  }

  void put_recipients() {
    if (!facts_.mail_host.empty())
      put({"recipients", "mail_delivery", "hosts"}, list({facts_.mail_host}));
    if (facts_.holder_hosts.empty()) return;
    put({"recipients", "key_holder", "hosts"}, list(facts_.holder_hosts));
    put({"recipients", "key_holder", "enabled"}, "true");
  }

  std::string site() const { return facts_.origins.empty() ? "" : facts_.origins.front(); }

  std::vector<Phrase> phrases() const {
    const auto was = check(default_file, text_).document;
    CHECK(was);
    const Operator& who = was->operator_;
    const auto line = [](const std::string& street, const std::string& code,
                         const std::string& city, const std::string& country) {
      return street + ", " + code + " " + city + ", " + country;
    };
    // The longer ones first: each place is taken once.
    return {{line(who.address.street, who.address.postal_code, who.address.city,
                  in(who.address.country_name, "en")),
             line(facts_.street, facts_.postal_code, facts_.city, facts_.country_name)},
            {who.organisation_number, facts_.organisation_number},
            {who.contact, facts_.contact},
            {who.name, facts_.name},
            {host(who.site), host(site())},
            {who.service, facts_.service}};
  }

  std::string with_phrases(const std::string& text) {
    std::vector<Phrase> all = phrases();
    for (Phrase& phrase : all) phrase.to = mark(prose(phrase.to));
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      std::size_t taken = 0;
      for (const Phrase& phrase : all) {
        taken = matches(text, at, phrase.from);
        if (taken == 0) continue;
        out += phrase.to;
        break;
      }
      if (taken == 0) out += text[at++];
      at += taken;
    }
    return out;
  }

  std::string filled(std::string_view text) const {
    std::string out;
    while (true) {
      const auto open = text.find(kMark);
      out += text.substr(0, open);
      if (open == std::string_view::npos) return out;
      const auto close = text.find(kMark, open + 1);
      out += values_.at(std::stoul(std::string(text.substr(open + 1, close - open - 1))));
      text.remove_prefix(close + 1);
    }
  }

  const OwnFacts& facts_;
  const std::string text_;
  Node root_;
  std::vector<std::string> lines_;
  std::vector<std::string> values_;
};

}  // namespace

std::string own_notice(const OwnFacts& facts) { return Own(facts).text(); }

std::vector<ToRead> still_to_read(std::string_view text, std::string_view country) {
  Findings findings{std::string(default_file)};
  const auto root = read_yaml(text, findings);
  if (!root) return {};
  std::vector<ToRead> all;
  const auto look = [&](std::initializer_list<std::string_view> path, std::string why) {
    all.push_back({locate(*root, path).line, std::move(why)});
  };
  look({"operator", "brand"}, "the brand: colours and logo are the default's");
  look({"operator", "data_protection_officer"},
       "the data protection officer: that there is none, and why");
  look({"recipients", "hosting"},
       "your hosting: country, who reaches it from where, when you looked");
  look({"recipients", "mail_delivery"}, "your mail provider: the same");
  const Node* holder = root->find("recipients")->find("key_holder");
  if (holder != nullptr && holder->find("enabled")->boolean)
    look({"recipients", "key_holder"}, "your second host: the same");
  // The law and the courts of the default's country, wherever its prose speaks of them.
  int line = 0;
  for (const std::string& row : lines_of(text)) {
    ++line;
    if (row.find("tingrett") != std::string::npos)
      all.push_back({line, "the court and the law of the default's operator"});
    else if (country != "NO" && row.find("Norw") != std::string::npos)
      all.push_back({line, "speaks of Norway"});
  }
  std::ranges::sort(all, {}, &ToRead::line);
  return all;
}

OwnFacts facts_of(const Document& document) {
  const Operator& who = document.operator_;
  return {.name = who.name,
          .organisation_number = who.organisation_number,
          .street = who.address.street,
          .postal_code = who.address.postal_code,
          .city = who.address.city,
          .country = who.address.country,
          .country_name = in(who.address.country_name, "en"),
          .contact = who.contact,
          .service = who.service,
          .timezone = who.timezone,
          .origins = who.origins,
          .log_origin = who.log_origin};
}

}  // namespace notice
