// One function a subject: what is to be said of the facts, worst or not. Owns no facts and looks
// nothing up. A new subject is a function here and a line in all_checks().
#pragma once

#include <span>

#include "doctor/facts.h"
#include "doctor/finding.h"

namespace doctor {

Findings check_server(const Facts& facts);
Findings check_files(const Facts& facts);
Findings check_root(const Facts& facts);
Findings check_replicas(const Facts& facts);
Findings check_store(const Facts& facts);
Findings check_clock(const Facts& facts);
Findings check_memory(const Facts& facts);
Findings check_disk(const Facts& facts);
Findings check_certificate(const Facts& facts);
Findings check_notice(const Facts& facts);
Findings check_mail(const Facts& facts);
Findings check_settings(const Facts& facts);

using Check = Findings (*)(const Facts& facts);
/// In the order of the subjects. Each says something, if only that all is well.
std::span<const Check> all_checks();
Findings examine(const Facts& facts);

}  // namespace doctor
