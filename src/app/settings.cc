#include "app/settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/disk.h"

namespace app {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"data", "Directory of all data (made where missing)", &ServeOptions::data, Kind::path},
    Setting{"root", "Directory of the root key, never inside --data [DATA.root]",
            &ServeOptions::root, Kind::path},
    Setting{"root-holder",
            "What keeps the root: file, remote:NAME of a paired holder, or split:A,B of two of "
            "these [file]",
            &ServeOptions::root_holder},
    Setting{"passphrase-file",
            "File with the passphrase that wraps the root's file [it is not wrapped]",
            &ServeOptions::passphrase_file, Kind::path},
    Setting{"notice", "The notice file [the embedded one]", &ServeOptions::notice, Kind::path},
    Setting{"plans", "The file of plans [the embedded ones]", &ServeOptions::plans, Kind::path},
    Setting{"listen", "Address and port [127.0.0.1:8080]", &ServeOptions::listen},
    Setting{"name", "Name to serve, one of the notice's origins (repeatable) [all of them]",
            &ServeOptions::names},
    Setting{"tls-cert", "Certificate chain, PEM", &ServeOptions::tls_certificate, Kind::path},
    Setting{"tls-key", "Private key of --tls-cert, PEM", &ServeOptions::tls_key, Kind::path},
    Setting{"tls-self-signed", "TLS with a certificate made at start",
            &ServeOptions::tls_self_signed},
    Setting{"behind-proxy", "A proxy in front speaks TLS and sets X-Forwarded-Proto",
            &ServeOptions::behind_proxy},
    Setting{"trusted-proxy",
            "Address or range of a proxy whose X-Forwarded-For and X-Forwarded-Proto count "
            "(repeatable) [none]",
            &ServeOptions::trusted_proxies},
    Setting{"country-database",
            "MaxMind DB file that tells the country of a session [none is shown]",
            &ServeOptions::country_database, Kind::path},
    Setting{"metrics", "Address and port for Prometheus [none]", &ServeOptions::metrics},
    Setting{"no-replica",
            "It is chosen that no second host follows: doctor asks for none, and a holder that "
            "follows all the same stops the start",
            &ServeOptions::no_replica},
    Setting{"test-clock", "Let POST /test/clock move time forward; loopback only",
            &ServeOptions::test_clock},
    Setting{"smtp", "Mail server: smtp://host:587 (STARTTLS) or smtps://host:465 (TLS)",
            &SmtpOptions::server},
    Setting{"smtp-user", "User to log in as there [none]", &SmtpOptions::user},
    Setting{"smtp-password-file", "File with the user's password", &SmtpOptions::password_file,
            Kind::path},
    Setting{"smtp-ca", "Certificates that its certificate is checked with, PEM [the system's]",
            &SmtpOptions::ca_file, Kind::path},
    Setting{"mail-from", "Address that mails come from [the notice's contact]", &SmtpOptions::from},
};

template <class... Cases>
struct Either : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Either(Cases...) -> Either<Cases...>;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// What is wrong with giving `setting` this value; empty where it has been given.
std::string give(const Setting& setting, std::string_view value, bool again,
                 ServeOptions& options) {
  if (value.empty()) return "it has no value: write `name = value`, or leave the line out";
  return std::visit(Either{[&](std::string* text) -> std::string {
                             if (again) return "it stands twice";
                             *text = value;
                             return {};
                           },
                           [&](bool* flag) -> std::string {
                             if (again) return "it stands twice";
                             if (value != "yes" && value != "no") return "it is yes or no";
                             *flag = value == "yes";
                             return {};
                           },
                           [&](std::vector<std::string>* list) -> std::string {
                             if (!again) list->clear();
                             list->emplace_back(value);
                             return {};
                           }},
                    place_of(setting, options));
}

std::string quoted(const std::vector<std::string>& values) {
  if (values.empty()) return "nothing";
  return fmt::format("{}", fmt::join(values, ", "));
}

bool fits_on_a_line(const std::string& value) {
  return trimmed(value) == value &&
         std::ranges::none_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

std::span<const Setting> settings() { return kSettings; }

SettingPlace place_of(const Setting& setting, ServeOptions& options) {
  return std::visit(
      Either{[&](std::string SmtpOptions::* member) -> SettingPlace {
               return &(options.smtp.*member);
             },
             [&](auto ServeOptions::* member) -> SettingPlace { return &(options.*member); }},
      setting.member);
}

std::vector<std::string> values_of(const Setting& setting, const ServeOptions& options) {
  ServeOptions read = options;
  return std::visit(Either{[](const std::string* text) {
                             return text->empty() ? std::vector<std::string>() : std::vector{*text};
                           },
                           [](const bool* flag) {
                             return *flag ? std::vector<std::string>{"yes"}
                                          : std::vector<std::string>();
                           },
                           [](const std::vector<std::string>* list) { return *list; }},
                    place_of(setting, read));
}

std::vector<std::string> parse_settings(std::string_view file, std::string_view text,
                                        ServeOptions& options) {
  std::vector<std::string> faults;
  std::vector<const Setting*> seen;
  ServeOptions read = options;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const auto fault = [&](std::string_view name, std::string_view what) {
      faults.push_back(fmt::format("{}:{}: {}: {}", file, number, name, what));
    };
    const auto equals = line.find('=');
    const std::string_view name = trimmed(line.substr(0, equals));
    const auto setting = std::ranges::find_if(
        kSettings, [&](const Setting& one) { return name == one.name.c_str(); });
    if (setting == kSettings.end()) {
      fault(name, "serve has no such setting");
      continue;
    }
    const auto value =
        equals == std::string_view::npos ? std::string_view() : trimmed(line.substr(equals + 1));
    const bool again = std::ranges::find(seen, setting) != seen.end();
    seen.push_back(setting);
    if (const std::string wrong = give(*setting, value, again, read); !wrong.empty())
      fault(name, wrong);
  }
  if (faults.empty()) options = std::move(read);
  return faults;
}

base::Result<std::string> settings_text(const ServeOptions& options) {
  const ServeOptions usual;
  std::string text =
      "# What `scalign serve --config` is to serve: its options, one a line, without hyphens.\n"
      "# A line that is not there leaves the option as it is without it; what is given on the\n"
      "# command line as well holds there. `scalign serve --help` says what each means.\n\n";
  for (const Setting& setting : kSettings) {
    const auto values = values_of(setting, options);
    if (values == values_of(setting, usual)) continue;
    for (const std::string& value : values) {
      if (!fits_on_a_line(value))
        return base::Error{base::Code::invalid,
                           "a setting begins or ends with a blank, or has a line feed in it"};
      text += fmt::format("{} = {}\n", setting.name.c_str(), value);
    }
  }
  return text;
}

std::vector<std::string> differences(const ServeOptions& there, const ServeOptions& given) {
  std::vector<std::string> all;
  for (const Setting& setting : kSettings) {
    const auto wanted = values_of(setting, given);
    const auto standing = values_of(setting, there);
    if (!wanted.empty() && wanted != standing)
      all.push_back(fmt::format("--{}: {} is there, {} is given", setting.name.c_str(),
                                quoted(standing), quoted(wanted)));
  }
  return all;
}

void fill_settings(const ServeOptions& from, ServeOptions& into) {
  ServeOptions source = from;
  for (const Setting& setting : kSettings) {
    if (!values_of(setting, into).empty()) continue;
    const SettingPlace target = place_of(setting, into);
    std::visit([&](auto* value) { *std::get<decltype(value)>(target) = std::move(*value); },
               place_of(setting, source));
  }
}

void make_paths_absolute(ServeOptions& options) {
  for (const Setting& setting : kSettings) {
    if (setting.kind != Kind::path) continue;
    std::string& path = *std::get<std::string*>(place_of(setting, options));
    if (!path.empty()) path = base::absolute_path(path);
  }
}

}  // namespace app
