// Learns what the doctor judges (doctor/facts.h): of a data directory and its root directory, which
// may be served meanwhile, may be damaged, or may not be there, and of the machine. Owns nothing,
// takes no lock and changes nothing; what cannot be learnt is left out.
#pragma once

#include <string>

#include "app/options.h"
#include "base/disk.h"
#include "doctor/facts.h"
#include "notice/document.h"

namespace app {

struct DoctorOptions {
  /// What is served, as far as it was said; without a passphrase that opens the key to the holders
  /// they are not asked.
  ServeOptions served;
  bool json = false;
};

doctor::Facts learn(const DoctorOptions& options);

/// Parts of it; `facts` has what stands before in doctor::Facts.
void learn_of_data(base::Disk& disk, doctor::Facts& facts);
/// What this host keeps of itself, to hold a replica's answer against.
struct Reached {
  std::uint64_t epoch = 0;
  std::uint64_t leaves = 0;
};
/// Asks holders that keep the root or a replica, all at once, for a few seconds at most.
void learn_of_holders(base::Disk& disk, const DoctorOptions& options, const Reached& reached,
                      doctor::Facts& facts);
/// Behind the holders, which the notice has to name.
void learn_of_service(base::Disk& disk, const DoctorOptions& options, doctor::Facts& facts);

}  // namespace app
