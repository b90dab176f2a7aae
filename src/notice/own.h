// The default notice as another operator's: who it is, where the service is, whom mails and keys go
// to. Owns nothing; reads and writes no file. What no fact says stays as the default has it, and is
// that operator's to read before anybody is served.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "notice/document.h"

namespace notice {

/// What `init` asks an operator. Texts stand in the notice in its language, English.
struct OwnFacts {
  std::string name;  // the legal one
  std::string organisation_number;
  std::string street, postal_code, city, country, country_name;
  std::string contact;
  std::string service;
  std::string timezone;
  std::vector<std::string> origins;  // the first one is the site
  std::string log_origin;
  std::string mail_host{};                  // who hands mails over; empty: nobody
  std::vector<std::string> holder_hosts{};  // who keeps keys
  std::string effective{};  // the day from which notice and terms hold; empty: the default's
  bool operator==(const OwnFacts&) const = default;
};

/// The default notice's text with these facts: in its operator's block, in its prose, in its
/// recipients. Whether it compiles is for check() to say.
std::string own_notice(const OwnFacts& facts);

/// Those facts of a notice's operator: without hosts and day.
OwnFacts facts_of(const Document& document);

/// A place of an own notice that no fact has changed and that may not be true of its operator.
struct ToRead {
  int line = 1;
  std::string why;
};
/// Those of `text`, which own_notice() made for an operator in `country`, in the order of lines.
std::vector<ToRead> still_to_read(std::string_view text, std::string_view country);

}  // namespace notice
