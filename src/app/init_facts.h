// What `init` has to know: the facts of an operator and of a place to serve, what is lacking of
// them, and how a person is asked for it. Owns no file; whoever asks is handed in.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/options.h"
#include "notice/own.h"

namespace app {

struct InitFacts {
  notice::OwnFacts own;
  ServeOptions served;  // `listen` is empty where it was not said
  std::string replica;  // host and port of the holder that is to follow; empty: none was named
  std::string replica_name = "replica";  // what it is called here
  std::string code_file;                 // with the code that it printed
};

/// A fact about the operator: an option, and a question.
struct OwnQuestion {
  base::Literal option;  // without its hyphens
  base::Literal asks;    // also what the option is for
  std::string notice::OwnFacts::* member;
  /// What is wrong with an answer; empty where nothing is.
  std::string (*fault)(const std::string& answer);
};
std::span<const OwnQuestion> own_questions();

/// Asks a person and gives the answer; nothing where nobody answers any more.
using Ask = std::function<std::optional<std::string>(const std::string& question)>;

/// What an earlier run has settled.
struct Settled {
  bool settings = false;  // they are there, and not asked for
  bool followed = false;  // a holder follows
};
/// Asks for what is lacking in `facts`, where there is somebody to `ask`, each at most three times.
/// What is lacking then, or wrong, one line each; empty where all is there.
std::vector<std::string> complete(InitFacts& facts, const Ask& ask, const Settled& settled);

/// What the notice that is there and the facts that are given say differently, one line each.
std::vector<std::string> differences(const notice::OwnFacts& there, const notice::OwnFacts& given);
/// Puts what `there` has and `facts` has not into `facts`.
void fill_facts(const notice::OwnFacts& there, notice::OwnFacts& facts);

}  // namespace app
