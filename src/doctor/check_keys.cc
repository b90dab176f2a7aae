// Of what keeps the root of all keys, and what would be left if this host were lost.

#include <fmt/format.h>

#include <algorithm>

#include "doctor/checks.h"
#include "doctor/saying.h"
#include "doctor/words.h"

namespace doctor {
namespace {

std::string options_of(const Facts& facts) {
  return " --data " + facts.data +
         (facts.root == facts.data + ".root" ? "" : " --root " + facts.root);
}

void say_wrapped(const Facts& facts, Saying& say) {
  const RootFacts& root = facts.root_key;
  if (!root.in_a_file || !root.file_there || root.wrapped != Wrapped::no) return;
  const std::string what = root.split ? "This host's share of the root" : "The root";
  const std::string fix = "scalign keys passphrase" + options_of(facts) + " --passphrase-file FILE";
  if (root.same_file_system && !root.split)
    say(Severity::warning, "root-beside-data",
        what +
            " is wrapped in no passphrase and lies on the data's file system: a copy of that "
            "disk opens everything.",
        fix);
  else
    say(Severity::warning, "root-unwrapped",
        what + " is wrapped in no passphrase: its file alone is " +
            (root.split ? "all that the other share lacks." : "enough."),
        fix);
}

/// The holders give the root to whoever has this key. Where the root is plain as well, it is said
/// of that, and the same mends both.
void say_key_to_holders(const Facts& facts, Saying& say) {
  const RootFacts& root = facts.root_key;
  const bool root_plain = root.in_a_file && root.wrapped != Wrapped::yes;
  const bool anybody = std::ranges::any_of(facts.holders, [](const HolderFacts& holder) {
    return holder.keeps_root || holder.replicates;
  });
  if (!anybody || root_plain || root.key_to_holders != Wrapped::no) return;
  say(Severity::warning, "holders-key-unwrapped",
      "This server's key to its holders is wrapped in no passphrase: whoever copies " + facts.root +
          " and reaches a holder is given the root.",
      "Stop the server; scalign keys passphrase" + options_of(facts) + " --passphrase-file FILE");
}

void say_place(const Facts& facts, Saying& say) {
  const RootFacts& root = facts.root_key;
  if (root.in_data)
    say(Severity::error, "root-in-data",
        "The root lies in the data directory: a copy of that opens everything, and erases nothing.",
        "Stop the server, move " + facts.root + " elsewhere, and give it by --root.");
  if (root.around_data)
    say(Severity::warning, "root-around-data",
        "The data directory lies in the root's: whoever copies that one has both.",
        "Stop the server, and move one of them elsewhere.");
  if (root.clear)
    say(Severity::warning, "root-move-unfinished",
        "A move of the root was cut short: a copy that is not in force may stand in " +
            *root.clear + ".",
        "Start the server, which destroys it; if its holder is gone for good: scalign keys "
        "move-root --abandon NAME" +
            options_of(facts) + ".");
}

void say_holder(const HolderFacts& holder, Saying& say) {
  const std::string name = "The holder " + holder.name;
  const std::string role = holder.replicates ? ", a replica," : "";
  switch (holder.answer) {
    case Answer::nobody_asked:
    case Answer::yes:
      return;
    case Answer::away:
      if (holder.keeps_root)
        say(Severity::error, "holder-away",
            name +
                " keeps the root or a share of it, and does not answer: nothing can be created "
                "or erased, and no start succeeds.",
            "Start it (scalign holder --data … --listen …), or mend the network to it.");
      else
        say(Severity::warning, "replica-away",
            name + role +
                " does not answer: what is committed now is on this host alone. How long "
                "it lags is in the metric replica_behind_seconds, and in `holder status` there.",
            "Start it, mend the network to it, or give it up: scalign holder retire " +
                holder.name + ".");
      return;
    case Answer::not_paired:
      say(Severity::error, "holder-not-paired",
          name + role + " does not know this server any more.",
          "Pair them anew: holder pair there, holder add here.");
      return;
    case Answer::other_tree:
      say(Severity::error, "holder-other-tree", name + role + " serves another service's keys.",
          "Give it a directory of its own, and pair it anew.");
      return;
    case Answer::replaced:
      say(Severity::error, "replaced",
          name + " says that another host has taken this service over.",
          "Do not start this one again: what it would commit is lost.");
      return;
    case Answer::refused:
      say(Severity::error, "replica-refuses", name + role + " answers that it cannot serve.",
          "Its log says why; if its copy is damaged, remove its directory `replica`.");
      return;
  }
}

void say_lag(const Facts& facts, const HolderFacts& replica, Saying& say) {
  if (replica.answer != Answer::yes) return;
  const std::string name = "The replica " + replica.name;
  if (replica.pages_damaged != 0)
    say(Severity::warning, "replica-damaged",
        fmt::format("{} has {} of keys that do not open: a restore from it would leave the owners "
                    "on them unreadable.",
                    name, count_text(replica.pages_damaged, "page", "pages")),
        facts.server ? "It is sent the whole tree again. If it stays so, stop the server and run "
                       "scalign keys check: the page may be damaged here, too."
                     : "Start the server: it sends the whole tree again.");
  else if (!replica.whole)
    say(Severity::warning, "replica-empty", name + " has no whole copy of the keys yet.",
        facts.server ? "Wait for the first copy, and look again."
                     : "Start the server: it sends one.");
  else if (replica.epochs_behind != 0 || replica.leaves_behind != 0)
    say(Severity::warning, "replica-behind",
        fmt::format("{} answers and is {} and {} of the log behind.", name,
                    count_text(replica.epochs_behind, "commit", "commits"),
                    count_text(replica.leaves_behind, "entry", "entries")),
        facts.server ? "Look again in a minute; if it stays so, its log says why."
                     : "Start the server: it follows then.");
  else if (replica.open_intents != 0 && !facts.server)
    say(Severity::warning, "replica-waits",
        name + " was told of erasures whose end it never heard: it serves no restore.",
        "Start the server once: it finishes them.");
  else
    say(Severity::ok, "replica", name + " answers and has everything.");
}

/// What a replica takes away from a split root.
void say_split(const Facts& facts, const HolderFacts& replica, Saying& say) {
  if (!facts.root_key.split) return;
  if (replica.keeps_root)
    say(Severity::warning, "replica-beside-share",
        "The holder " + replica.name +
            " keeps a share of the split root and, as a replica, the whole of it: its disk alone "
            "opens every key.",
        "Let another host follow, and retire this replica: scalign holder retire " + replica.name +
            options_of(facts) + ".");
  else
    say(Severity::advice, "replica-of-split-root",
        "The replica " + replica.name + " keeps the whole of the split root.",
        "Guard its disk as you would guard the root's.");
}

}  // namespace

Findings check_root(const Facts& facts) {
  if (!facts.data_there) return {};
  Saying say(Subject::root);
  const RootFacts& root = facts.root_key;
  if (!root.there) {
    if (facts.store.there)
      say(Severity::error, "root-missing",
          "There is data, and no root directory " + facts.root + ": without it nothing opens.",
          "Give the right one by --root; if it is lost, so is the data, unless a holder keeps a "
          "replica (scalign restore --from-holder).");
    else
      say(Severity::ok, "root-new", "There is no root yet: the first start makes it.");
    return say.findings;
  }
  if (root.damaged) {
    say(Severity::error, "root-damaged",
        "Where the root is kept cannot be read: " + *root.damaged + ".",
        "Write what is in force into " + facts.root +
            "/primary: file, remote:NAME or split:A,B, and a line feed.");
    return say.findings;
  }
  say_place(facts, say);
  if (root.in_a_file && !root.file_there && facts.store.there)
    say(Severity::error, "root-file-missing",
        "The file of the root, or of its share, is not there: nothing opens.",
        "Give the right directory by --root; if it is lost, scalign restore --from-holder.");
  if (root.in_a_file && root.file_there && root.wrapped == Wrapped::damaged)
    say(Severity::error, "root-file-damaged", "The file of the root holds no root that is whole.",
        "If it is lost, scalign restore --from-holder.");
  if (root.split)
    say(Severity::warning, "root-split",
        "The root is split (" + root.choice +
            "): losing either share is losing every key, and with them all data.",
        "Let a holder on a third host follow (scalign holder replicate): nothing else brings a "
        "lost "
        "share back.");
  say_wrapped(facts, say);
  say_key_to_holders(facts, say);
  if (say.nothing())
    say(Severity::ok, "root",
        root.wrapped == Wrapped::yes ? "The root is in a file, wrapped in a passphrase."
                                     : "The root is kept by " + root.choice + ".");
  return say.findings;
}

Findings check_replicas(const Facts& facts) {
  if (!facts.data_there) return {};
  Saying say(Subject::replicas);
  if (facts.holders_damaged) {
    say(Severity::error, "holders-damaged", *facts.holders_damaged + ".",
        "Put " + facts.root + "/holders.json back from a copy, or pair the holders anew.");
    return say.findings;
  }
  if (facts.key_to_holders_denied)
    say(Severity::warning, "holders-not-asked",
        "No holder was asked: the key that they know this server by is wrapped in a passphrase, "
        "and that one was not given.",
        "scalign doctor" + options_of(facts) + " --passphrase-file FILE");
  bool any = false;
  for (const HolderFacts& holder : facts.holders) {
    if (!holder.keeps_root && !holder.replicates) continue;
    if (!holder.named)
      say(Severity::error, "holder-not-in-notice",
          "No enabled recipient of the notice names " + holder.host +
              ", where keys are kept: the server does not start.",
          "Enable the recipient key_holder, with this host.");
    say_holder(holder, say);
    if (!holder.replicates) continue;
    any = true;
    say_lag(facts, holder, say);
    say_split(facts, holder, say);
  }
  if (!any && facts.replica_declined)
    say(Severity::ok, "replica-declined",
        "None, as chosen: the loss of this host is the loss of everything, backups included.");
  else if (!any)
    say(Severity::warning, "replica-none",
        "There is no replica: the loss of this host is the loss of everything, backups included.",
        "Let a second host follow: scalign holder add, then scalign holder replicate NAME.");
  return say.findings;
}

}  // namespace doctor
