// A holder on "another host": the program as a second process with a directory of its own, and the
// servers' commands that pair with it. Owns the process; never reaches into the program.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "tests/support/child.h"
#include "tests/support/files.h"

namespace support {

/// The default notice, with this machine as a keeper of keys.
std::string notice_with_holder();

class Holder {
 public:
  Holder() { start(); }
  /// On the same directory and port; throws where it does not serve.
  void start();
  void kill();  // SIGKILL
  /// The process stands still; its connections stay open.
  void freeze() const;
  void thaw() const;

  /// A code for one server.
  std::string code() const;
  /// A server's command that pairs with it.
  Outcome add(const std::string& server_data, const std::string& name, const std::string& code,
              const std::string& root = "") const;
  /// A member of what `holder status --json` says; empty where it says nothing.
  std::string status(const std::string& pointer) const;
  /// Whether the number at `pointer` comes to be at least `number`.
  bool reaches(const std::string& pointer, unsigned long number,
               std::chrono::seconds patience) const;

  std::string data() const { return path("data"); }
  std::string path(const std::string& name) const { return directory_.path() + "/" + name; }
  std::string log() const { return read_file(path("log")); }

 private:
  TemporaryDirectory directory_;
  std::string port_ = "0";
  std::optional<Child> child_;
};

}  // namespace support
