// The finished program as a child process: to its end, or until it is told to go. Owns the process
// that it started and ends that one only, by its id; its output goes to files.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace support {

/// The program under test: $SCALIGN_PROGRAM, or the one of this build.
std::string program();

class Child {
 public:
  struct Files {
    std::string out;  // appended to
    std::string err;
  };
  /// `environment`: NAME=value, beside our own.
  static Child start(const std::vector<std::string>& arguments, const Files& files,
                     const std::vector<std::string>& environment = {});
  ~Child();  // SIGKILL, where it still runs
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t id() const { return id_; }  // -1: ended
  void signal(int number) const;
  /// Exit code, or 128 + the signal; nothing where it still runs after `patience`.
  std::optional<int> wait(std::chrono::milliseconds patience);

 private:
  explicit Child(pid_t id) : id_(id) {}
  pid_t id_ = -1;  // -1: ended and reaped
};

struct Outcome {
  int code = -1;  // -1: had to be killed
  std::string out;
  std::string err;
  std::chrono::milliseconds took{};
};
/// Runs the program to its end, at most half a minute (five times that under a sanitizer).
Outcome run(const std::vector<std::string>& arguments);

}  // namespace support
