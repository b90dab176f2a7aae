// All that is known of a data directory and its machine when the doctor judges: plain values, which
// whoever examines fills in (app/examine.h) and tests make up. Owns copies; looks nothing up. What
// could not be learnt is nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/host.h"

namespace doctor {

struct FileFacts {
  std::string path;
  bool open_to_others = false;  // to its group or to everybody
  bool writable_by_others = false;
  bool foreign = false;  // another user's than the data directory
};

struct TreeFacts {
  std::uint64_t looked_at = 0;  // files and directories
  bool cut_short = false;       // there are more
  std::vector<FileFacts> wrong{};
  std::vector<std::string> unreadable{};
};

/// What a file of the root, of a share, or of the key to the holders shows without any passphrase.
enum class Wrapped : std::uint8_t { no, yes, damaged, unknown };

struct RootFacts {
  bool there = false;
  bool in_data = false;      // lies in the data directory
  bool around_data = false;  // the data directory lies in it
  bool same_file_system = false;
  std::optional<std::string> damaged{};  // why who keeps the root cannot be told
  std::string choice = "file";           // as --root-holder
  bool split = false;
  bool in_a_file = true;  // it, or a share
  bool file_there = false;
  Wrapped wrapped = Wrapped::unknown;
  Wrapped key_to_holders = Wrapped::unknown;
  std::optional<std::string> clear{};  // where a move was cut short: what still has to be cleared
};

/// What a holder answered.
enum class Answer : std::uint8_t {
  nobody_asked,
  yes,
  away,
  not_paired,
  other_tree,
  replaced,
  refused
};

struct HolderFacts {
  std::string name;
  std::string host;
  bool keeps_root = false;  // or a share of it
  bool replicates = false;
  bool named = true;  // the notice has an enabled recipient with its host
  Answer answer = Answer::nobody_asked;
  // Of a replica that answers:
  bool whole = false;
  std::uint64_t epochs_behind = 0;
  std::uint64_t leaves_behind = 0;
  std::uint64_t open_intents = 0;
  std::uint64_t pages_damaged = 0;  // of its tree, that do not open
};

struct StoreFacts {
  bool there = false;
  std::optional<std::string> damaged{};  // why it cannot be opened
  bool newer = false;                    // than this program
  std::uint64_t steps_missing = 0;       // that the next start takes
  bool taking_over = false;              // a restore from a holder was begun
};

struct ClockFacts {
  base::Time now{};
  std::optional<base::Time> newest{};  // record here
  std::optional<bool> synchronised{};
};

struct MemoryFacts {
  bool lockable = true;  // as much as keys need
  std::optional<base::ProcessLimits> limits{};
  bool of_server = false;  // the limits are the running server's, and not this command's
  std::optional<base::CoreDumps> cores{};
  std::optional<std::vector<base::Swap>> swaps{};
};

struct DiskFacts {
  std::string path;
  bool holds_root = false;
  base::FileSystem system;
  bool syncs = true;  // a directory can be made durable
};

struct CertificateFacts {
  std::optional<std::string> unusable{};  // why
  base::Time from{}, until{};
  std::vector<std::string> foreign{};  // names that are not among the notice's origins
  std::vector<std::string> missing{};  // hosts of origins that it does not name
  bool key_open_to_others = false;
};

struct MailFacts {
  std::string host;                       // of the mail server; empty: it cannot be told
  bool loopback = false;                  // where nothing has to be encrypted
  std::vector<std::string> objections{};  // why the server does not start with these settings
  std::optional<std::string> unusable{};  // why what they name cannot be used
  std::string password_file{};            // empty: none
  bool password_open_to_others = false;
};

/// How TLS is spoken where no certificate was given.
enum class Speaks : std::uint8_t { plain, proxy, self_signed };

/// What `serve --config` is told.
struct SettingsFacts {
  std::string file;
  bool changeable_by_others = false;      // than root and who owns the data
  std::vector<std::string> objections{};  // why it does not start with them
  Speaks speaks = Speaks::plain;
  bool proxy_trusted = false;  // some proxy's word on who comes counts
};

struct NoticeFacts {
  std::optional<std::string> refused{};  // the first of what is wrong
  int version = 0;
  std::string effective{};             // a date
  std::vector<std::string> overdue{};  // entries of registers that nobody has looked at for long
  std::string file{};                  // empty: the embedded one
  bool changeable_by_others = false;   // than root and who owns the data
};

struct Facts {
  std::string data, root;  // directories, as they were given
  bool data_there = true;
  bool examinable = true;                 // by who runs this
  std::optional<std::uint64_t> server{};  // the process that serves it
  TreeFacts files;
  RootFacts root_key;
  std::optional<std::string> holders_damaged{};
  std::vector<HolderFacts> holders{};
  bool key_to_holders_denied = false;  // no passphrase was given that opens it: nobody was asked
  bool replica_declined = false;       // it was said that there is to be none
  StoreFacts store;
  ClockFacts clock;
  MemoryFacts memory;
  std::vector<DiskFacts> disks{};
  std::optional<CertificateFacts> certificate{};  // nothing: none was given
  std::string certificate_key{};
  NoticeFacts notice;
  std::optional<MailFacts> mail{};          // nothing: no mail server was given
  std::optional<SettingsFacts> settings{};  // nothing: no file of them was given
};

}  // namespace doctor
