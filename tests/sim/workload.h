// What the simulated people and the server's own clockwork do, as fibers over one World: sign-ups,
// records, content, the directory, standing, the log, mails, erasures, backups, a replica. Owns the
// choice of what comes next; tells the Model what it did, and holds every answer against it.
#pragma once

#include <optional>

#include "tests/sim/invariants.h"
#include "tests/sim/model.h"
#include "tests/sim/world.h"

namespace sim {

struct Figures {
  std::uint64_t requests = 0;
  std::uint64_t operations = 0;  // of the disk
  std::uint64_t crashes = 0;
  std::uint64_t owners = 0;
  std::uint64_t erasures = 0;
  std::uint64_t restores = 0;
  std::uint64_t backups = 0;
  std::uint64_t faults = 0;    // single errors, full disks, flipped bits, dropped syncs
  std::uint64_t detected = 0;  // of the last two, those that were noticed
  void add(const Figures& other);
};

class Workload {
 public:
  Workload(World& world, Model& model, Findings& findings, Figures& figures, std::uint64_t seed)
      : world_(world), model_(model), findings_(findings), figures_(figures), choice_(seed) {}

  struct Plan {
    std::uint64_t fibers = 4;
    std::uint64_t requests = 20;  // of each
    Outage outage = {};
    bool faulty = false;  // errors are to be expected
    bool lying = false;   // the disk drops syncs: it cannot forget
    bool erase_often = false;
    bool with_backup = false;
    bool with_replica = true;
  };
  /// Runs the plan to its end.
  void run(const Plan& plan);

 private:
  using Code = base::Code;
  bool powered() const;
  /// Whether an error is one that this moment may give.
  void judge(const base::Error& error, const Owner& owner, const char* what);
  void judge(const base::Error& error, const char* what);

  void work();
  void request();
  void clockwork();
  void follow();
  void back_up();

  Owner* pick();
  void create();
  void put(Owner& owner);
  void get(Owner& owner);
  void list(Owner& owner);
  void remove(Owner& owner);
  void fail_a_part(Owner& owner);
  void write_content(Owner& owner);
  void grow_content(Owner& owner);
  base::Result<void> bring_part(Owner& owner, Growth& growth, std::uint64_t from,
                                std::uint64_t size, Content*& whole);
  void read_content(Owner& owner);
  void remove_content(Owner& owner);
  void change_standing(Owner& owner);
  void probe_gate(Owner& owner);
  void enter(Owner& owner);
  void notify(Owner& owner);
  void find(Owner& owner);
  void ask_of_the_erased();
  void erase();
  std::vector<std::unique_ptr<vault::ContentWriter>> writers_of(
      Owner& owner, const base::Result<gate::Permit>& leave, std::vector<Growth*>& held);
  std::vector<base::Bytes> secrets_of(const std::vector<Owner*>& owners);
  void erased(const std::vector<Owner*>& owners, const vault::Erased& done);
  void check_receipt(const vault::Erased& done);
  void settle(Cell<std::uint64_t>& cell, const base::Result<void>& done);

  base::Result<gate::Permit> permit(const Owner& owner, notice::CategoryId category = N::identity);
  vault::Fields fields(const Owner& owner, std::uint64_t slot, std::uint64_t value);
  std::string queue_mail(store::Tx& tx, Owner& owner, base::Result<void>& queued);

  World& world_;
  Model& model_;
  Findings& findings_;
  Figures& figures_;
  Choice choice_;
  Plan plan_;
  std::uint64_t at_work_ = 0;
  std::uint64_t values_ = 0;
};

/// The key of a record in a slot: the same number for everybody, so that owners could be mixed.
vault::Key record_key(std::uint64_t slot);
/// What a record of `owner` in `slot` holds; nothing where it is not hers or not of that slot.
std::optional<std::uint64_t> value_in(const vault::Record& record, const Owner& owner,
                                      std::uint64_t slot);
std::uint64_t tag_of(const Owner& owner);

}  // namespace sim
