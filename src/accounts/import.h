// Importing the people of an earlier service: a file of them becomes users, each with an account of
// her own, as if she had signed up, but for what only she can say (arrivals.h). Owns nothing that
// stays; one import runs at a time. Nobody is mailed before somebody says so (invite).
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "accounts/accounts.h"
#include "accounts/import_row.h"

namespace accounts {

enum class ImportFormat : std::uint8_t { csv, json };
enum class ImportMode : std::uint8_t { dry, real };

/// What came of a file.
struct Imported {
  std::uint64_t rows = 0;               // that are as they should be
  std::uint64_t made = 0;               // accounts; in a dry run, that would be
  std::uint64_t known = 0;              // rows whose address has an account, or stood further up
  std::uint64_t wrong = 0;              // findings
  std::vector<ImportFinding> findings;  // the first of them
};

/// How an invitation went on.
struct Invited {
  std::uint64_t invited = 0;
  std::uint64_t left = 0;
};

inline constexpr std::size_t import_findings_max = 100;
/// Of one file: more are split, so that what is remembered of a file (one word a row) has a bound.
inline constexpr std::uint64_t import_rows_max = 1'000'000;
/// How long the link in an invitation can be followed.
inline constexpr base::Duration invitation_link_lives = std::chrono::hours(7 * 24);

/// Safe from any thread.
class Import {
 public:
  explicit Import(Accounts& accounts) : accounts_(accounts), parts_(accounts.parts_) {}

  /// Reads the file to its end. A real run ends at the first finding; what it has made until then
  /// stays, and whoever is known already is passed over, so that it can be run again.
  /// Code::conflict while another import runs.
  base::Result<Imported> run(ImportFormat format, ImportMode mode, const ImportSource& source);

  /// Mails some of those who were imported, did not come yet and were not mailed before, that their
  /// account is here, with a link to set a password. `origin`: where it leads.
  base::Result<Invited> invite(const std::string& origin);

 private:
  class Run;
  base::Result<void> invite(base::UserId user, const std::string& origin);

  Accounts& accounts_;
  Accounts::Parts& parts_;
  std::atomic<bool> running_{false};
};

}  // namespace accounts
