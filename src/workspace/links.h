// Links to files and folders for whoever has them: read-only, for a time, perhaps with a password.
// Owns the records of them, by which nobody can make the link again: its secret is in the link
// alone. A link stays with what it was made for, wherever that is moved, and leads nowhere while
// that is in the trash, or on its way there or back. Never hashes a password itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret_bytes.h"
#include "workspace/passage.h"
#include "workspace/workspace.h"

namespace workspace {

inline constexpr base::Duration link_lives_min = std::chrono::days(1);
inline constexpr base::Duration link_lives_max = std::chrono::days(365);
inline constexpr std::size_t links_max = 1000;  // of an account

struct Link {
  base::RecordId id;
  Name path;  // when it was made
  Kind kind = Kind::file;
  base::Time created;
  base::Time expires;
  std::string password_hash;  // empty: it needs none
  base::RecordId folder;      // of what it leads to: the group in which that stands
  base::RecordId entry;
  base::RecordId target;  // what stays with that wherever it is moved
};

/// Where what a link was made for is now.
enum class Leads : std::uint8_t {
  here,       // at its path
  elsewhere,  // it was moved since, or what it stands in
  nowhere,    // in the trash, or gone
};
struct Leading {
  Leads where = Leads::nowhere;
  Name name;  // what it is called, where it is elsewhere
};

struct LinkToken;

/// Where a link leads.
struct Linked {
  base::AccountId account;
  Link link;
  Entry entry;
};

/// Safe from any thread.
class Links {
 public:
  Links(Tree& tree, Passage& passage) : tree_(tree), passage_(passage) {}
  static vault::Collection collection();

  struct Made {
    Link link;
    std::string token;  // of the link itself: shown once
  };
  /// Code::missing where nothing is at the path, Code::invalid for the root or a life outside the
  /// limits, Code::conflict where there are links_max, whatever `still` says.
  base::Result<Made> make(base::AccountId account, const Path& path, base::Duration lives,
                          std::string password_hash, const Still& still = {});
  base::Result<std::vector<Link>> list(base::AccountId account);
  /// Where links lead that were listed, with the paths that they were made for.
  struct Listed {
    Link link;
    Path path;
  };
  base::Result<std::vector<Leading>> leads(base::AccountId account,
                                           const std::vector<Listed>& listed);
  /// Code::missing where there is none.
  base::Result<void> revoke(base::AccountId account, base::RecordId id);

  /// For anybody. Code::missing whatever is wrong with it; Code::unavailable where so much is on
  /// its way into the trash or out of it just now that it would take too long to find out.
  base::Result<Linked> follow(std::string_view token);
  /// What stands below what it leads to; Code::missing where nothing does.
  base::Result<Entry> find(const Linked& linked, const Path& below);
  base::Result<std::vector<Entry>> list(const Linked& linked, const Entry& folder,
                                        base::RecordId after, std::size_t entries_max);
  base::Result<std::unique_ptr<vault::ContentReader>> read(const Linked& linked, const Entry& file);
  /// What says for so long that the link's password was given. It tells nothing of it.
  base::Result<std::string> pass(const Linked& linked, base::Duration lives);
  base::Result<bool> passes(const Linked& linked, std::string_view pass);

  /// In the transaction that gives an entry another place.
  struct Place {
    base::RecordId folder;
    base::RecordId id;
  };
  base::Result<void> moved(store::Tx& tx, const gate::Permit& permit, const Entry& entry,
                           const Place& to);

 private:
  base::Result<Leading> leads(store::Reader& reader, const gate::Permit& files,
                              const Listed& listed, std::optional<Passage::Away>& away);
  /// What it leads to; Code::missing where that is not in the tree any more.
  base::Result<Entry> entry_of(store::Reader& reader, const gate::Permit& files, const Link& link);
  /// Linked, or nothing where it is not known yet whether anything leads there from the root.
  base::Result<std::optional<Linked>> look(const LinkToken& token);
  base::Result<std::string> pass_until(const Linked& linked, std::int64_t seconds);

  Tree& tree_;
  Passage& passage_;
};

}  // namespace workspace
