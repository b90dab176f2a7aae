// A route of the program and who may use it, as the table of them all (routes.h) has it: plain
// values that the suites of SECU-1 compare with what the server answers.
#pragma once

namespace clause {

/// A page sends whoever may not use it to /login, all else answers a problem.
enum class Who { anybody, person, by_page };
/// The least role in the account that may use it.
enum class Least { reader, member, admin, owner };
/// Whether it goes on while processing of the person and her account is restricted.
enum class Restricted { goes_on, stops };
inline constexpr Restricted kStops = Restricted::stops;

struct Route {
  const char* method;
  const char* pattern;
  const char* example;  // a path that it takes, and that names nothing
  Who who;
  Least least = Least::reader;
  Restricted restricted = Restricted::goes_on;
};

}  // namespace clause
