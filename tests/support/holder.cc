#include "tests/support/holder.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <regex>
#include <stdexcept>
#include <thread>

#include "tests/support/json.h"
#include "tests/support/served.h"

namespace support {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

std::string notice_with_holder() {
  const std::string text = notice_with("  key_holder:\n", "  key_holder:\n    enabled: true\n");
  const auto at = text.find("  key_holder:\n");
  const auto end = text.find("\n  sentry:\n    title:\n      en: Sentry (", at);
  std::string block = text.substr(at, end - at);
  block = replaced(block, "    enabled: false", "");
  block = replaced(block, "hosts: []", "hosts: [127.0.0.1]");
  return text.substr(0, at) + block + text.substr(end);
}

void Holder::start() {
  write_file(path("out"), "");
  child_ = Child::start({"holder", "--data", data(), "--listen", "127.0.0.1:" + port_},
                        {path("out"), path("log")});
  static const std::regex line("Holding on port ([0-9]+)\n");
  std::smatch found;
  for (const auto end = steady_clock::now() + 20s; steady_clock::now() < end;) {
    const std::string said = read_file(path("out"));
    if (std::regex_search(said, found, line)) {
      port_ = found[1];
      return;
    }
    std::this_thread::sleep_for(5ms);
  }
  throw std::runtime_error("the holder does not serve: " + log());
}

void Holder::kill() {
  child_->signal(SIGKILL);
  child_->wait(10s);
  child_.reset();
}

void Holder::freeze() const { child_->signal(SIGSTOP); }
void Holder::thaw() const { child_->signal(SIGCONT); }

std::string Holder::code() const {
  const Outcome outcome = run({"holder", "pair", "--data", data()});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  return outcome.out;
}

Outcome Holder::add(const std::string& server_data, const std::string& name,
                    const std::string& code, const std::string& root) const {
  write_file(path("code"), code);
  return run({"holder", "add", "--data", server_data, "--root",
              root.empty() ? server_data + ".root" : root, "--name", name, "--address",
              "127.0.0.1:" + port_, "--code-file", path("code")});
}

std::string Holder::status(const std::string& pointer) const {
  return json_at(run({"holder", "status", "--data", data(), "--json"}).out, pointer);
}

bool Holder::reaches(const std::string& pointer, unsigned long number,
                     std::chrono::seconds patience) const {
  for (const auto end = steady_clock::now() + patience; steady_clock::now() < end;) {
    const std::string now = status(pointer);
    if (!now.empty() && now.find_first_not_of("0123456789") == std::string::npos &&
        std::stoul(now) >= number)
      return true;
    std::this_thread::sleep_for(50ms);
  }
  return false;
}

}  // namespace support
