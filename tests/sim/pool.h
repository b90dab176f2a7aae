// Work in child processes, a few at a time: a life that ends its process, or never ends, ends
// nothing else. Owns the children; what they say comes back as text.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sim {

struct Said {
  std::uint64_t task = 0;
  std::string text;
  bool ended_well = false;  // and not by a signal
};

class Pool {
 public:
  Pool(unsigned children_max, unsigned seconds_max)
      : children_max_(children_max), seconds_max_(seconds_max) {}
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  bool full() const { return children_.size() >= children_max_; }
  bool idle() const { return children_.empty(); }
  /// Runs `body` in a child; what it answers is what is said.
  void start(std::uint64_t task, const std::function<std::string()>& body);
  /// Waits until one has ended.
  Said next();

 private:
  struct Child {
    std::uint64_t task = 0;
    int process = 0;
    int from = -1;
    std::string text;
  };
  const unsigned children_max_;
  const unsigned seconds_max_;
  std::vector<Child> children_;
};

}  // namespace sim
