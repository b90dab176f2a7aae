#include "tests/faults/moments.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace faults {
namespace {

std::uint64_t seed() {
  const char* given = std::getenv("FAULT_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

}  // namespace

int rounds() {
  const char* given = std::getenv("FAULT_ROUNDS");
  return given != nullptr ? std::max(1, std::atoi(given)) : 4;
}

Moments::Moments(const char* test) {
  const std::uint64_t chosen = seed();
  std::printf("%s: FAULT_SEED=%llu\n", test, static_cast<unsigned long long>(chosen));
  random_.seed(chosen);
}

Moment Moments::between(Moment from, Moment to) {
  return Moment(std::uniform_int_distribution<Moment::rep>(from.count(), to.count())(random_));
}

std::string Moments::bytes(std::size_t size) {
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random_());
  return out;
}

Moment time_of(const std::function<void()>& work) {
  const auto from = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration_cast<Moment>(std::chrono::steady_clock::now() - from);
}

support::Reply killed_while(support::Served& server, const std::function<support::Reply()>& ask,
                            Moment after) {
  support::Reply reply;
  std::thread asking([&] { reply = ask(); });
  std::this_thread::sleep_for(after);
  server.kill();
  asking.join();
  return reply;
}

}  // namespace faults
