#include <algorithm>
#include <array>
#include <span>

#include "tidy/rules.h"

namespace tidy {
namespace {

/// call: a function of that name, qualified by nothing or by std; not a member, not a declaration
/// of ours behind a type. name: the name as it stands.
enum class As { call, name };

struct Forbidden {
  std::string_view what;
  std::string_view instead;
  As as;
  std::string_view modules;  // where it is allowed
  std::vector<std::string_view> words;
};

const std::vector<Forbidden> kForbidden = {
    {"a raw clock",
     "base::Clock",
     As::name,
     "base",
     {"system_clock::now", "steady_clock::now", "high_resolution_clock::now", "utc_clock::now",
      "file_clock::now", "std::clock"}},
    {"a raw clock",
     "base::Clock",
     As::call,
     "base",
     {"time", "gettimeofday", "clock_gettime", "timespec_get"}},
    {"raw chance",
     "base::Entropy",
     As::name,
     "base",
     {"std::random_device", "std::mt19937", "std::mt19937_64", "std::default_random_engine",
      "randombytes_buf", "randombytes_random", "randombytes_uniform", "RAND_bytes",
      "RAND_priv_bytes", "RAND_seed"}},
    {"raw chance",
     "base::Entropy",
     As::call,
     "base",
     {"rand", "srand", "random", "drand48", "getrandom", "getentropy", "arc4random"}},
    {"a raw file",
     "base::Disk",
     As::name,
     "base",
     {"std::ifstream", "std::ofstream", "std::fstream", "std::filesystem", "::open",
      "::openat",      "::creat",       "::rename",     "::unlink",        "::mkdir",
      "::rmdir",       "::fsync",       "::fdatasync",  "::truncate",      "::ftruncate",
      "::pread",       "::pwrite",      "::opendir",    "std::remove",     "std::rename"}},
    {"a raw file",
     "base::Disk",
     As::call,
     "base",
     {"fopen", "fdopen", "freopen", "tmpfile", "mkstemp", "openat", "fdatasync", "fsync",
      "opendir"}},
    {"a raw socket",
     "http, holder or egress",
     As::name,
     "base http holder",
     {"::socket", "::connect", "::bind", "::listen", "::accept", "::send", "::recv", "::sendto"}},
    {"a raw socket",
     "http, holder or egress",
     As::call,
     "base http holder",
     {"socket", "socketpair", "getaddrinfo", "gethostbyname", "inet_pton"}},
    {"the environment",
     "an option of app",
     As::call,
     "app",
     {"getenv", "secure_getenv", "setenv", "putenv"}},
    {"a raw lock",
     "base::Mutex over Wait",
     As::name,
     "base http",
     {"std::mutex", "std::recursive_mutex", "std::shared_mutex", "std::timed_mutex",
      "std::condition_variable", "std::condition_variable_any", "std::counting_semaphore",
      "std::binary_semaphore", "std::latch", "std::barrier", "std::call_once"}},
    {"a thread",
     "the threads of app and http",
     As::name,
     "base http app",
     {"std::thread", "std::jthread", "std::async", "std::promise", "std::future",
      "pthread_create"}},
    {"a raw sleep",
     "base::Wait",
     As::name,
     "base app",
     {"std::this_thread::sleep_for", "std::this_thread::sleep_until", "std::this_thread::yield"}},
    {"a raw sleep", "base::Wait", As::call, "base", {"usleep", "nanosleep", "sched_yield"}},
    {"a child process", "base", As::call, "base", {"system", "popen", "fork", "vfork", "execve"}},
    {"printing",
     "base::Log",
     As::name,
     "base app cli client",
     {"std::cout", "std::cerr", "std::clog", "fmt::print"}},
    {"printing",
     "base::Log",
     As::call,
     "base app cli client",
     {"printf", "fprintf", "puts", "fputs", "perror"}},
    {"the opening of tests", "a door", As::name, "base", {"OpeningForTests"}},
};

bool allows(std::string_view modules, const std::string& module) {
  const auto all = words_of(modules);
  return std::find(all.begin(), all.end(), module) != all.end();
}

bool is_call(std::string_view line, std::size_t at, std::size_t size) {
  const std::size_t open = line.find_first_not_of(' ', at + size);
  if (open == std::string_view::npos || line[open] != '(') return false;
  std::string_view before = line.substr(0, at);
  if (before.ends_with("std::")) return true;
  if (before.ends_with("::")) {  // of the global namespace, or of a type or namespace of ours?
    before.remove_suffix(2);
    return before.empty() || before.find_last_of(" (!=,&|{;+-*/<") == before.size() - 1;
  }
  if (before.ends_with('.') || before.ends_with("->")) return false;
  // Behind a name stands a declaration: `Time time(int column)`.
  const std::size_t last = before.find_last_not_of(' ');
  if (last == std::string_view::npos) return true;
  const std::size_t start = before.find_last_of(" \t(", last);
  const std::string_view word =
      before.substr(start == std::string_view::npos ? 0 : start + 1, last - (start + 1) + 1);
  if (word == "return" || word == "else" || word == "case") return true;
  const char c = before[last];
  return std::string_view("(!=,|{;+-?:<").find(c) != std::string_view::npos;
}

/// Whether a word that begins with `::` is qualified by nothing.
bool unqualified(std::string_view line, std::size_t at) {
  return at == 0 || (std::isalnum(static_cast<unsigned char>(line[at - 1])) == 0 &&
                     line[at - 1] != '_' && line[at - 1] != '>');
}

bool uses(std::string_view line, std::string_view word, As as) {
  for (std::size_t at = find_word(line, word); at != std::string_view::npos;
       at = find_word(line, word, at + 1)) {
    if (as == As::call ? is_call(line, at, word.size())
                       : (!word.starts_with("::") || unqualified(line, at)))
      return true;
  }
  return false;
}

struct Header {
  std::string_view prefix;  // of what stands between < and >
  std::string_view modules;
};
constexpr std::array kHeaders = {
    Header{"sqlite3.h", "store"},
    Header{"openssl/", "base http holder vault"},  // vault: streams of sealed segments
    Header{"sodium", "base"},
    Header{"curl/", "client egress"},
    Header{"boost/asio", "http app"},
    Header{"boost/beast", "http"},
    Header{"boost/context", "base"},
    Header{"sys/socket.h", "base http holder"},
    Header{"netinet/", "base http holder"},
    Header{"arpa/", "base http holder"},
    Header{"netdb.h", "base http"},
    Header{"fcntl.h", "base"},
    Header{"unistd.h", "base"},
    Header{"dirent.h", "base"},
    Header{"sys/stat.h", "base"},
    Header{"fstream", "base"},
    Header{"filesystem", "base"},
    Header{"random", "base"},
    Header{"ctime", "base"},
    Header{"time.h", "base"},
    Header{"condition_variable", "base http"},
    Header{"shared_mutex", "base http"},
    Header{"mutex", "base http"},
    Header{"thread", "base http app"},
    Header{"future", "base http app"},
};

}  // namespace

Findings forbidden_calls(const Source& file) {
  Findings findings;
  if (file.module().empty() || !file.cpp() || file.test()) return findings;
  const bool program = file.path.ends_with("main.cc");  // talks to whoever started it
  for (std::size_t i = 0; i < file.code.size(); ++i) {
    if (file.code[i].find_first_not_of(' ') == std::string::npos) continue;
    for (const Forbidden& rule : kForbidden) {
      for (const std::string_view word : rule.words) {
        if (!uses(file.code[i], word, rule.as) || allows(rule.modules, file.module())) continue;
        if (program && rule.what == "printing") continue;
        findings.push_back({file.path, i + 1,
                            std::string(word) + ": " + std::string(rule.what) +
                                " does not belong here; use " + std::string(rule.instead)});
      }
    }
  }
  return findings;
}

Findings forbidden_headers(const Source& file) {
  Findings findings;
  if (file.module().empty() || !file.cpp() || file.test()) return findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string include = include_of(file.lines[i]);
    if (!include.starts_with('<')) continue;
    const std::string_view name = std::string_view(include).substr(1, include.size() - 2);
    for (const Header& header : kHeaders) {
      const bool folder = header.prefix.ends_with('/') || header.prefix.starts_with("boost/");
      const bool same = folder ? name.starts_with(header.prefix)
                               : name == header.prefix || name == std::string(header.prefix) + ".h";
      if (same && !allows(header.modules, file.module()))
        findings.push_back({file.path, i + 1,
                            include + " belongs to " +
                                (header.modules.empty() ? "nobody" : std::string(header.modules))});
    }
  }
  return findings;
}

Findings third_party_in_header(const Source& file) {
  Findings findings;
  if (!file.header() || file.test()) return findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string include = include_of(file.lines[i]);
    // The standard library's names have neither a folder nor an ending.
    if (include.starts_with('<') && include.find_first_of("./") != std::string::npos)
      findings.push_back({file.path, i + 1, include + " belongs into the .cc"});
  }
  return findings;
}

}  // namespace tidy
