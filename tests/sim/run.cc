#include "tests/sim/run.h"

#include <algorithm>
#include <array>

#include "backup/dormant.h"
#include "tests/sim/check.h"
#include "tests/sim/restore.h"

namespace sim {

using base::Result;

namespace {

/// What may go wrong in a life, besides the loss of power.
enum class Trouble : std::uint8_t { none, rolled_back, errors, full, lying, flips };

Trouble trouble_of(std::uint64_t seed, const Shape& shape) {
  if (!shape.faults) return Trouble::none;
  switch (seed % 12) {
    case 7:
      return Trouble::rolled_back;
    case 8:
      return Trouble::errors;
    case 9:
      return Trouble::full;
    case 10:
      return Trouble::lying;
    case 11:
      return Trouble::flips;
    default:
      return Trouble::none;
  }
}

class Simulation {
 public:
  Simulation(std::uint64_t seed, const Shape& shape, const Trace::Line& line)
      : shape_(shape),
        trouble_(trouble_of(seed, shape)),
        trace_(line),
        world_(seed, trace_),
        choice_(seed * 31 + 7),
        workload_(world_, model_, findings_, figures_, seed * 17 + 3) {}

  Outcome run() {
    world_.install(World::fresh());
    const std::uint64_t before = world_.disk.faulty().operations();
    if (start())
      for (std::uint64_t i = 0; i < shape_.rounds && findings_.none(); ++i)
        if (!round(i + 1 == shape_.rounds)) break;
    world_.close();
    figures_.operations = world_.disk.faulty().operations() - before;
    figures_.crashes += world_.link.crashes();
    figures_.faults += world_.disk.errors();
    trace_.mix_number(world_.fibers.trace());
    return {figures_, findings_.violations(), trace_.digest()};
  }

 private:
  bool start();
  bool round(bool last);
  Outage outage();
  Outage near();
  void work(bool last);
  void lose_power();
  bool recover();
  void check(Check::After after);
  void repeat();
  bool put_back();
  Result<void> finish_restored();
  void drain();
  bool damage();
  bool roll_back();
  void look_for_wrong_answers();

  const Shape shape_;
  const Trouble trouble_;
  Trace trace_;
  Model model_;
  Findings findings_;
  Figures figures_;
  World world_;
  Choice choice_;
  Workload workload_;
  base::FaultyDisk::Files older_;  // of the tree and its root
  std::uint64_t erasures_then_ = 0;
};

bool Simulation::start() {
  const auto opened = world_.open();
  if (!opened.ok()) findings_.add(Invariant::starts_again, opened.error().chain());
  return opened.ok();
}

bool Simulation::round(bool last) {
  if (older_.empty() && figures_.owners > 0) {
    older_ = world_.disk.faulty().durable("data/keys.ktn");
    older_.merge(world_.disk.faulty().durable(kRootDirectory));
    erasures_then_ = figures_.erasures;
  }
  if (last && (trouble_ == Trouble::lying || trouble_ == Trouble::flips)) return damage();
  work(last);
  world_.close();
  if (!findings_.none()) return false;
  lose_power();
  if (!recover()) return false;
  check(Check::After::crash);
  if (findings_.none() && choice_.one_in(4)) repeat();
  if (findings_.none() && shape_.restores && !model_.backups.empty() && choice_.one_in(3))
    return put_back();
  if (findings_.none() && last && trouble_ == Trouble::rolled_back) return roll_back();
  if (findings_.none() && last) drain();
  return findings_.none();
}

/// Mostly somewhere within the work, or where one step of a commit follows another; now and then
/// the work is over first.
Outage Simulation::outage() {
  if (choice_.one_in(2)) return {.operations = choice_.any_size(13)};
  return near();
}

Outage Simulation::near() {
  constexpr std::array kPlaces = {"root/",         "root/",
                                  "data/keys.ktn", "data/log/checkpoint",
                                  "data/log/",     "data/store.db-wal",
                                  "data/content/"};
  return {.operations = 0,
          .where = kPlaces.at(choice_.below(kPlaces.size())),
          .times = choice_.any_size(6) - 1,
          .soon = choice_.below(choice_.one_in(2) ? 8 : 60)};
}

void Simulation::work(bool last) {
  Workload::Plan plan;
  plan.fibers = 1 + choice_.below(shape_.fibers);
  plan.requests = 1 + choice_.below(shape_.requests);
  plan.outage = outage();
  plan.outage.process = choice_.one_in(5);
  plan.erase_often = plan.outage.where == "root/";
  plan.with_backup = shape_.restores && choice_.one_in(3);
  plan.with_replica = shape_.replica && choice_.one_in(2);
  if (plan.with_replica && choice_.one_in(3)) world_.link.fail_after(choice_.any_size(9));
  world_.link.cut(choice_.one_in(6));
  if (trouble_ == Trouble::errors && !last) {
    plan.faulty = true;
    world_.disk.set({.error_one_in = 20 + choice_.below(400), .lying = {}});
  }
  if (trouble_ == Trouble::full && !last) {
    plan.faulty = true;
    std::uint64_t used = 0;
    for (const auto& [path, bytes] : world_.disk.faulty().live()) used += bytes.size();
    world_.disk.faulty().set_space(used + choice_.any_size(19));
    ++figures_.faults;
  }
  workload_.run(plan);
  world_.disk.set({});
  world_.disk.faulty().set_space(~std::uint64_t{0});
}

void Simulation::lose_power() {
  ++figures_.crashes;
  world_.trace.add("power", "lost", figures_.crashes, 0);
  world_.disk.crash(choice_.one_in(4) ? nullptr : &world_.entropy);
}

bool Simulation::recover() {
  for (int tries = 0; shape_.recovery && tries < 3 && choice_.one_in(3); ++tries) {
    world_.disk.arm(choice_.one_in(2) ? near() : Outage{.operations = choice_.any_size(9)});
    (void)world_.open().ok();
    world_.close();
    lose_power();
  }
  return start();
}

void Simulation::check(Check::After after) { Check(world_, model_, findings_, after).run(); }

/// Opened once more, without anything between, it is the same.
void Simulation::repeat() {
  const auto digest = [&]() -> Result<base::Digest> {
    TRY(world_.open());
    return digest_of(world_);
  };
  const auto once = digest();
  const auto twice = digest();
  findings_.expect(once.ok() && twice.ok() && *once == *twice, Invariant::recovery_repeats,
                   "a second recovery changes what the first one left");
}

/// A restore, cut short a few times.
bool Simulation::put_back() {
  world_.close();
  for (int tries = 0; tries < 3 && choice_.one_in(2); ++tries) {
    world_.disk.arm({.operations = choice_.any_size(12)});
    (void)restore(world_, model_).ok();
    world_.close();
    lose_power();
  }
  const auto restored = restore(world_, model_);
  if (!restored.ok()) {
    // The first backup may have been cut short before it was one.
    if (restored.code() == base::Code::missing && figures_.backups == 0) return start();
    findings_.add(Invariant::starts_again, "a restore: " + restored.error().chain());
    return false;
  }
  ++figures_.restores;
  if (const auto finished = finish_restored(); !finished.ok()) {
    findings_.add(Invariant::starts_again, "after a restore: " + finished.error().chain());
    return false;
  }
  for (auto& [token, mail] : model_.mails) mail.excused = true;
  check(Check::After::restore);
  return findings_.none();
}

/// Whom the backup did not know, the end of a restore erases.
Result<void> Simulation::finish_restored() {
  const auto dormant = TRY(backup::dormant(*world_.store));
  for (Owner& owner : model_.owners) {
    owner.restored = true;
    if (std::ranges::find(dormant, owner.id) != dormant.end()) owner.life = Life::erasing;
  }
  return finish_restore(world_);
}

/// Everything that was queued leaves, once the post takes it.
void Simulation::drain() {
  world_.post.reliable = true;
  for (int i = 0; i < 30; ++i) {
    world_.clock.advance(std::chrono::hours(2));
    findings_.expect(world_.outbox->tick().ok(), Invariant::model_agrees, "the outbox stands");
  }
  std::map<std::string, std::string> taken;  // token -> address
  for (const Post::Taken& letter : world_.post.taken) {
    const auto at = letter.text.find("#token=");
    if (at == std::string::npos) continue;
    const auto end = letter.text.find('\n', at);
    taken[letter.text.substr(at + 7, end - at - 7)] = letter.to;
  }
  for (const auto& [token, mail] : model_.mails) {
    const Owner& owner = model_.owners[mail.owner];
    const auto found = taken.find(token);
    if (found != taken.end())
      findings_.expect(found->second == owner.address, Invariant::owners_apart,
                       "a mail went to another");
    if (mail.acknowledged && !mail.excused && owner.life == Life::live)
      findings_.expect(found != taken.end(), Invariant::acknowledged_kept,
                       "an acknowledged mail was never sent");
  }
}

/// The end of a life on a disk that lies or rots: whatever is lost, nothing wrong is answered.
bool Simulation::damage() {
  ++figures_.faults;
  Workload::Plan plan{.fibers = 1 + choice_.below(shape_.fibers),
                      .requests = 1 + choice_.below(shape_.requests),
                      .with_replica = false};
  if (trouble_ == Trouble::lying) {
    constexpr std::array kLiars = {"data/keys.ktn", "root/", "data/log/", "data/content/"};
    world_.disk.set({.error_one_in = 0, .lying = kLiars.at(choice_.below(kLiars.size()))});
    plan.outage = outage();
    plan.faulty = true;
    plan.lying = true;
  }
  workload_.run(plan);
  world_.disk.set({});
  world_.close();
  if (trouble_ == Trouble::lying) {
    lose_power();
  } else {
    const auto files = world_.disk.faulty().live();
    auto at = files.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(choice_.below(files.size())));
    if (at->second.empty() || at->first.starts_with(kBackup)) return false;
    world_.disk.faulty().flip_bit(at->first, choice_.below(at->second.size() * 8)).value();
  }
  if (!world_.open().ok())
    ++figures_.detected;
  else
    look_for_wrong_answers();
  return false;
}

/// Somebody puts an older tree with its root in place of today's: keys that were erased since are
/// in it.
bool Simulation::roll_back() {
  if (older_.empty() || figures_.erasures == erasures_then_) return false;
  ++figures_.faults;
  world_.close();
  world_.disk.faulty().put(older_);
  const bool refused = !world_.open().ok();
  findings_.expect(refused, Invariant::damage_noticed, "an older tree with its root is taken");
  if (refused) ++figures_.detected;
  return false;
}

void Simulation::look_for_wrong_answers() {
  bool noticed = false;
  for (const Owner& owner : model_.owners) {
    const auto leave = world_.gate->ask(gate::Actor::person, owner.id, N::identity, N::accounts);
    if (!leave.ok()) continue;
    const auto read = world_.store->read([&](store::Reader& reader) -> Result<void> {
      const auto all = TRY(world_.vault->list(reader, *leave, {kPeople.name, {}, {}}, 1'000));
      for (const vault::Record& record : all) {
        const std::uint64_t slot = base::load_u64(record.id.bytes().data()) - 1;
        const auto value = value_in(record, owner, slot);
        const auto cell = owner.records.find(slot);
        findings_.expect(
            value && cell != owner.records.end() && cell->second.allows(*value, {0, kNow}),
            Invariant::damage_noticed, "damage has made a wrong answer");
      }
      return {};
    });
    noticed = noticed || !read.ok();
    const auto files =
        world_.gate->ask(gate::Actor::person, owner.id, N::workspace_content, N::accounts);
    if (!files.ok()) continue;
    for (const Content& content : owner.contents) {
      const auto reader = world_.vault->open_content(*files, kFiles.name, content.id);
      base::Bytes bytes(content.bytes + 1);
      const auto size = reader.ok() ? (*reader)->read_at(0, bytes) : reader.error();
      noticed = noticed || !size.ok();
      if (!size.ok()) continue;
      bytes.resize(*size);
      findings_.expect(bytes == base::Bytes(content.bytes, content.filler),
                       Invariant::damage_noticed, "damage has made a wrong answer");
    }
  }
  if (noticed) ++figures_.detected;
  if (noticed || trouble_ != Trouble::lying) return;
  // Nothing has said that anything is amiss: then nothing may be.
  Findings amiss;
  Check(world_, model_, amiss, Check::After::crash).run();
  if (!amiss.none())
    findings_.add(Invariant::damage_noticed,
                  "what a lying disk has lost went unnoticed: " + amiss.violations().front().what);
}

}  // namespace

std::string Shape::words() const {
  std::string out = "--rounds " + std::to_string(rounds) + " --fibers " + std::to_string(fibers) +
                    " --requests " + std::to_string(requests);
  if (!faults) out += " --no-faults";
  if (!restores) out += " --no-restores";
  if (!replica) out += " --no-replica";
  if (!recovery) out += " --no-recovery";
  return out;
}

Outcome run(std::uint64_t seed, const Shape& shape, const Trace::Line& line) {
  return Simulation(seed, shape, line).run();
}

Shape shrink(Shape shape, const Fails& fails) {
  const auto attempt = [&](Shape smaller) {
    if (!fails(smaller)) return false;
    shape = smaller;
    return true;
  };
  for (bool* part : {&shape.replica, &shape.restores, &shape.faults, &shape.recovery}) {
    if (!*part) continue;
    *part = false;
    if (!fails(shape)) *part = true;
  }
  for (std::uint64_t Shape::* number : {&Shape::rounds, &Shape::fibers, &Shape::requests})
    for (std::uint64_t less = 1; less < shape.*number;) {
      Shape smaller = shape;
      smaller.*number = less;
      if (attempt(smaller)) break;
      less = less * 2;
    }
  return shape;
}

}  // namespace sim
