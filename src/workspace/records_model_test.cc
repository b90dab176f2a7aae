// Records against a model of them: whatever is put, removed, conditioned, about somebody, expiring
// and removed by person, in batches that are made or not, both say the same.
#include <rapidcheck/gtest.h>

#include <map>

#include "tests/support/stack.h"

namespace workspace {
namespace {

using std::chrono::seconds;
using support::opened;

struct Kept {
  std::string document;
  std::string subject;  // empty: nobody
  std::optional<base::Time> expires;
  base::RecordId tag;
};
using Model = std::map<std::string, Kept>;

struct Step {
  enum class Kind : std::uint8_t { batch, remove_about, time } kind = Kind::batch;
  std::vector<std::array<int, 5>> changes;  // kind, id, number, subject, expiry or condition
  int number = 0;
};

rc::Gen<Step> steps() {
  return rc::gen::apply(
      [](int kind, std::vector<std::array<int, 5>> changes, int number) {
        Step step;
        step.kind = kind < 8    ? Step::Kind::batch
                    : kind == 8 ? Step::Kind::remove_about
                                : Step::Kind::time;
        if (changes.size() > 4) changes.resize(4);
        step.changes = std::move(changes);
        step.number = number;
        return step;
      },
      rc::gen::inRange(0, 10),
      rc::gen::container<std::vector<std::array<int, 5>>>(
          rc::gen::container<std::array<int, 5>>(rc::gen::inRange(0, 5))),
      rc::gen::inRange(0, 5));
}

class House {
 public:
  House() : account_(stack.join("Kari", "k@example.com", "a long password").identity.account) {}

  void begin() {
    collection_ = parse_record_name("c" + std::to_string(++runs_)).value();
    model_.clear();
    stack.records->keep(account_, collection_, std::nullopt, {}).value();
  }

  void take(const Step& step) {
    forget_what_is_over(model_);
    switch (step.kind) {
      case Step::Kind::batch:
        return batch(step);
      case Step::Kind::remove_about: {
        const std::string subject = subject_of(step.number);
        std::uint64_t gone = 0;
        if (!subject.empty())
          gone =
              std::erase_if(model_, [&](const auto& one) { return one.second.subject == subject; });
        if (!subject.empty())
          RC_ASSERT(stack.records->remove_about(account_, name(subject)).value() == gone);
        return;
      }
      case Step::Kind::time:
        stack.clock.advance(seconds(step.number));
        stack.vault->tick().value();
    }
  }

  /// That what can be asked for is as the model says.
  void compare() {
    forget_what_is_over(model_);
    std::map<std::string, Kept> listed;
    base::RecordId after;
    for (bool more = true; more;) {
      const auto page = stack.records->list(account_, collection_, after, 2).value();
      for (const StoredRecord& record : page.records) listed[opened(record.id)] = kept_of(record);
      more = page.next.has_value();
      if (more) after = *page.next;
    }
    same(listed, model_);
    for (int i = 0; i < 5; ++i) {
      const auto found = stack.records->get(account_, collection_, id(i));
      const auto there = model_.find(opened(id(i)));
      RC_ASSERT(found.ok() == (there != model_.end()));
      if (found.ok()) same({{there->first, kept_of(*found)}}, {*there});
      if (subject_of(i).empty()) continue;
      Model about, modelled = model_;
      std::erase_if(modelled, [&](const auto& one) { return one.second.subject != subject_of(i); });
      const auto page = stack.records->about(account_, name(subject_of(i)), {}, 100).value();
      for (const auto& [collection, record] : page.records)
        about[opened(record.id)] = kept_of(record);
      same(about, modelled);
    }
  }

  support::Stack stack;

 private:
  static Name name(const std::string& text) { return parse_record_name(text).value(); }
  static Name id(int number) { return name("id" + std::to_string(number)); }
  std::string subject_of(int number) const {
    return number < 2 ? "" : "s" + std::to_string(runs_) + "-" + std::to_string(number);
  }
  static Kept kept_of(const StoredRecord& record) {
    return {opened(record.document), record.subject ? opened(*record.subject) : "", record.expires,
            record.tag};
  }
  static void same(const Model& a, const Model& b) {
    RC_ASSERT(a.size() == b.size());
    for (const auto& [key, one] : a) {
      RC_ASSERT(b.contains(key));
      const Kept& other = b.at(key);
      RC_ASSERT(one.document == other.document);
      RC_ASSERT(one.subject == other.subject);
      RC_ASSERT(one.expires == other.expires);
      RC_ASSERT(one.tag == other.tag);
    }
  }
  void forget_what_is_over(Model& model) {
    std::erase_if(model, [&](const auto& one) {
      return one.second.expires && *one.second.expires <= stack.clock.now();
    });
  }

  /// What becomes of the model; nothing where the batch is to be refused.
  std::optional<Model> modelled(const Step& step) {
    Model next = model_;
    for (const auto& [kind, number, text, subject, extra] : step.changes) {
      const std::string key = opened(id(number));
      const bool there = next.contains(key);
      if (kind == 0 && !there) return std::nullopt;
      if (kind == 1 && there) return std::nullopt;  // If-None-Match: *
      next.erase(key);
      if (kind == 0) continue;
      next[key] = {R"({"n":)" + std::to_string(text) + "}",
                   subject_of(subject),
                   extra == 0 ? std::nullopt : std::optional(stack.clock.now() + seconds(extra)),
                   {}};
    }
    return next;
  }

  void batch(const Step& step) {
    std::vector<Change> changes;
    for (const auto& [kind, number, text, subject, extra] : step.changes) {
      Change change{collection_, id(number), std::nullopt};
      if (kind != 0) {
        change.draft = Draft{Document::parse(R"({"n":)" + std::to_string(text) + "}").value()};
        if (!subject_of(subject).empty()) change.draft->subject = name(subject_of(subject));
        if (extra != 0) change.draft->expires = stack.clock.now() + seconds(extra);
      }
      if (kind == 1) change.condition = [](std::optional<std::string_view> tag) { return !tag; };
      changes.push_back(std::move(change));
    }
    auto next = modelled(step);
    Refusal refusal;
    const auto made = stack.records->change(account_, changes, refusal);
    RC_ASSERT(made.ok() == next.has_value());
    if (!made.ok()) return;
    model_ = std::move(*next);
    for (const Changed& changed : *made)
      if (const auto at = model_.find(opened(changed.id)); at != model_.end())
        at->second.tag = changed.tag;
  }

  base::AccountId account_;
  Name collection_;
  int runs_ = 0;
  Model model_;
};

TEST(RecordsModel, SaysTheSame) {
  House house;
  EXPECT_TRUE(rc::check("records and their model", [&] {
    house.begin();
    for (const Step& step : *rc::gen::container<std::vector<Step>>(steps())) {
      house.take(step);
      house.compare();
    }
  }));
}

}  // namespace
}  // namespace workspace
