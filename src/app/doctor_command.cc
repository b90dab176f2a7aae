#include "app/doctor_command.h"

#include <fmt/format.h>

#include <cstdio>

#include "doctor/checks.h"
#include "doctor/report.h"

namespace app {
namespace {

constexpr int kErrors = 1;
constexpr int kCannot = 2;

}  // namespace

int doctor_command(const DoctorOptions& options) {
  if (options.served.data.empty()) {
    fmt::print(stderr, "doctor: give --data, or --config with a file that says it\n");
    return kCannot;
  }
  const doctor::Findings findings = doctor::examine(learn(options));
  fmt::print("{}", options.json ? doctor::json_of(findings) : doctor::text_of(findings));
  return doctor::any_error(findings) ? kErrors : 0;
}

}  // namespace app
