#include "tests/faults/failing.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>

namespace faults {

Failing::Failing() : control_(nullptr) {
  const std::string path = directory_.path() + "/control";
  support::write_file(path, std::string(sizeof(Control), '\0'));
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  void* at = ::mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (at == MAP_FAILED) throw std::runtime_error("cannot share memory with the program");
  control_ = static_cast<Control*>(at);
}

Failing::~Failing() { ::munmap(control_, sizeof(Control)); }

std::vector<std::string> Failing::environment() const {
  return {"LD_PRELOAD=" SCALIGN_FAILING_CALLS_LIBRARY,
          "SCALIGN_FAILING_CALLS=" + directory_.path() + "/control"};
}

void Failing::arm(const What& what, std::int64_t first, std::int64_t times) {
  if (what.place.size() >= sizeof control_->place)
    throw std::runtime_error("the place is too long");
  control_->place[what.place.copy(control_->place, sizeof control_->place - 1)] = '\0';
  control_->error = what.error;
  control_->first = first;
  control_->times = times;
  control_->failed = 0;
  control_->calls = what.calls;
}

std::uint64_t Failing::disarm() {
  control_->calls = 0;
  return control_->failed;
}

}  // namespace faults
