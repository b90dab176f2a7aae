#include "workspace/records.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/support/rows.h"
#include "tests/support/stack.h"
#include "workspace/uploads.h"

namespace workspace {
namespace {

using base::Code;
using base::Result;
using support::opened;
using support::personal;

class RecordsTest : public testing::Test {
 protected:
  RecordsTest()
      : account(stack.join("Kari", "kari@example.com", "a long password").identity.account) {
    make("orders");
  }
  static Name name(std::string_view text) { return parse_record_name(text).value(); }
  static Document document(std::string_view text) { return Document::parse(text).value(); }
  void make(std::string_view collection, std::string_view schema = {}) {
    std::optional<Document> rules;
    if (!schema.empty()) rules = document(schema);
    ASSERT_TRUE(stack.records->keep(account, name(collection), rules, {}).ok());
  }
  static Change put_of(std::string_view collection, std::string_view id, std::string_view text) {
    return {name(collection), name(id), Draft{document(text)}};
  }
  static Change about(std::string_view id, std::string_view subject,
                      std::string_view collection = "orders") {
    Change change = put_of(collection, id, R"({"n":1})");
    change.draft->subject = name(subject);
    return change;
  }
  static Change removal(std::string_view collection, std::string_view id) {
    return {name(collection), name(id), std::nullopt};
  }
  Result<std::vector<Changed>> change(const std::vector<Change>& changes) {
    refusal = {};
    return stack.records->change(account, changes, refusal);
  }
  Result<Changed> one(Change wanted) {
    std::vector<Change> all;
    all.push_back(std::move(wanted));
    auto made = TRY(change(all));
    return std::move(made.front());
  }
  Result<Changed> put(std::string_view collection, std::string_view id, std::string_view text) {
    return one(put_of(collection, id, text));
  }
  /// One of several deletions does it; whoever comes after them finds nothing.
  static bool gone(const Result<void>& removed) {
    return removed.ok() || removed.code() == Code::missing;
  }
  Result<StoredRecord> get(std::string_view collection, std::string_view id) {
    return stack.records->get(account, name(collection), name(id));
  }
  /// Its document, or why there is none.
  std::string there(std::string_view id, std::string_view collection = "orders") {
    const auto found = get(collection, id);
    return found.ok() ? opened(found->document) : base::to_string(found.code());
  }
  std::vector<std::string> ids_about(std::string_view subject) {
    std::vector<std::string> ids;
    for (const auto& [collection, record] :
         stack.records->about(account, name(subject), {}, 100).value().records)
      ids.push_back(opened(collection) + "/" + opened(record.id));
    std::ranges::sort(ids);
    return ids;
  }
  /// Rows of the vault's that are records, swept or not.
  std::uint64_t rows(base::Literal collection) {
    const auto& policy = stack.policy.current();
    const auto permit =
        stack.gate
            ->ask(gate::Actor::member, base::owner_of(account),
                  *policy.category("workspace_content"), *policy.purpose("provide_service"))
            .value();
    std::uint64_t pieces = 0;
    EXPECT_TRUE(stack.store
                    ->read([&](store::Reader& reader) -> Result<void> {
                      pieces = TRY(stack.vault->usage(reader, permit, collection)).pieces;
                      return {};
                    })
                    .ok());
    return pieces;
  }

  support::Stack stack;
  base::AccountId account;
  Refusal refusal;
};

TEST_F(RecordsTest, KeepsWhatItWasGivenAndAfterARestartAsWell) {
  const auto made = put("orders", "1001", R"({ "total" : 12.50 })").value();
  EXPECT_EQ(made.how, Changed::How::created);
  stack.reopen();
  const auto found = get("orders", "1001").value();
  EXPECT_EQ(opened(found.document), R"({ "total" : 12.50 })") << "byte for byte";
  EXPECT_EQ(opened(found.id), "1001");
  EXPECT_EQ(found.tag, made.tag);
  EXPECT_EQ(found.changed, stack.clock.now());
  const auto again = put("orders", "1001", "{}").value();
  EXPECT_EQ(again.how, Changed::How::replaced);
  EXPECT_NE(again.tag, made.tag);
  EXPECT_EQ(there("1001"), "{}");
  EXPECT_EQ(one(removal("orders", "1001"))->how, Changed::How::removed);
  EXPECT_EQ(there("1001"), "missing");
  EXPECT_EQ(one(removal("orders", "1001")).code(), Code::missing);
}

TEST_F(RecordsTest, MakesIdsOfItsOwn) {
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    const auto made = one({name("orders"), std::nullopt, Draft{document("{}")}}).value();
    ids.insert(opened(made.id));
    EXPECT_EQ(there(opened(made.id)), "{}");
  }
  EXPECT_EQ(ids.size(), 20U);
}

TEST_F(RecordsTest, NeedsACollection) {
  EXPECT_EQ(put("none", "1", "{}").code(), Code::missing);
  EXPECT_EQ(get("none", "1").code(), Code::missing);
  EXPECT_EQ(stack.records->list(account, name("none"), {}, 10).code(), Code::missing);
  EXPECT_EQ(stack.records->remove(account, name("none"), {}).code(), Code::missing);
  EXPECT_EQ(stack.records->collection(account, name("none")).code(), Code::missing);
}

TEST_F(RecordsTest, NamesAreBounded) {
  for (const std::string& bad :
       {std::string(), std::string("."), std::string(".."), std::string("a/b"), std::string("a\nb"),
        std::string("a\x7f"), std::string("a\\b"), std::string(201, 'a')})
    EXPECT_EQ(parse_record_name(bad).code(), Code::invalid) << bad;
  for (const std::string& good : {std::string("a"), std::string("blåbær 1"), std::string(200, 'a')})
    EXPECT_TRUE(parse_record_name(good).ok()) << good;
}

TEST_F(RecordsTest, ListsEachOnceWhateverThePage) {
  std::set<std::string> all;
  for (int i = 0; i < 53; ++i) {
    all.insert(std::to_string(i));
    ASSERT_TRUE(put("orders", std::to_string(i), "{}").ok());
  }
  for (const std::size_t page_size : {1UL, 7UL, 16UL, 17UL, 53UL, 100UL}) {
    std::set<std::string> seen;
    base::RecordId after;
    for (bool more = true; more;) {
      const auto page = stack.records->list(account, name("orders"), after, page_size).value();
      EXPECT_LE(page.records.size(), page_size);
      for (const auto& record : page.records)
        EXPECT_TRUE(seen.insert(opened(record.id)).second) << "twice";
      more = page.next.has_value();
      if (more) after = *page.next;
    }
    EXPECT_EQ(seen, all) << page_size;
  }
}

TEST_F(RecordsTest, APageOfLargeDocumentsEndsSoon) {
  const std::string large = R"({"a":")" + std::string(100 << 10, 'x') + R"("})";
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(put("orders", std::to_string(i), large).ok());
  const auto page = stack.records->list(account, name("orders"), {}, 1000).value();
  EXPECT_EQ(page.records.size(), 16U);
  EXPECT_TRUE(page.next.has_value());
}

TEST_F(RecordsTest, AConditionIsAskedOfWhatIsThere) {
  const auto held = [](std::optional<base::RecordId> to) {
    return [to](std::optional<std::string_view> tag) {
      return to ? tag == entity_tag(*to) : !tag.has_value();
    };
  };
  Change first = put_of("orders", "1", R"({"n":1})");
  first.condition = held(std::nullopt);
  const auto tag = one(first)->tag;
  EXPECT_EQ(one(first).code(), Code::stale) << "there is one now";
  Change second = put_of("orders", "1", R"({"n":2})");
  second.condition = held(tag);
  EXPECT_TRUE(one(second).ok());
  EXPECT_EQ(one(second).code(), Code::stale);
  Change gone = removal("orders", "1");
  gone.condition = held(tag);
  EXPECT_EQ(one(gone).code(), Code::stale);
  EXPECT_EQ(there("1"), R"({"n":2})");
}

TEST_F(RecordsTest, OfManyWhoChangeTheSameVersionOneDoes) {
  const auto tag = put("orders", "1", "{}")->tag;
  std::atomic<int> won{0}, lost{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      std::vector<Change> changes;
      changes.push_back(put_of("orders", "1", R"({"by":)" + std::to_string(i) + "}"));
      changes[0].condition = [&](std::optional<std::string_view> now) {
        return now == entity_tag(tag);
      };
      Refusal why;
      const auto made = stack.records->change(account, changes, why);
      if (made.ok())
        ++won;
      else if (made.code() == Code::stale)
        ++lost;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, 7);
}

TEST_F(RecordsTest, ABatchIsMadeWholeOrNotAtAll) {
  make("stock");
  ASSERT_TRUE(put("stock", "boat", R"({"left":1})").ok());
  std::vector<Change> changes;
  changes.push_back(put_of("orders", "1", "{}"));
  changes.push_back(put_of("stock", "boat", R"({"left":0})"));
  changes.push_back(removal("orders", "none"));
  EXPECT_EQ(change(changes).code(), Code::missing);
  EXPECT_EQ(refusal.change, 2U);
  EXPECT_EQ(there("1"), "missing");
  EXPECT_EQ(there("boat", "stock"), R"({"left":1})");
  changes.pop_back();
  // What a change does is there for the next one.
  changes.push_back(removal("orders", "1"));
  changes.push_back(put_of("orders", "1", R"({"again":true})"));
  const auto made = change(changes).value();
  EXPECT_EQ(made[3].how, Changed::How::created);
  EXPECT_EQ(there("1"), R"({"again":true})");
  EXPECT_EQ(there("boat", "stock"), R"({"left":0})");
  const std::vector<Change> many(changes_max + 1, put_of("orders", "2", "{}"));
  EXPECT_EQ(change(many).code(), Code::too_large);
}

TEST_F(RecordsTest, ASchemaHoldsForWhatIsPutFromThenOn) {
  ASSERT_TRUE(put("orders", "old", R"({"n":"text"})").ok());
  make("orders", R"({"properties":{"n":{"type":"integer"}}})");
  EXPECT_EQ(put("orders", "1", R"({"n":"text"})").code(), Code::invalid);
  EXPECT_EQ(opened(refusal.mismatch.value().at), "/n");
  EXPECT_STREQ(refusal.mismatch->keyword.c_str(), "type");
  EXPECT_TRUE(put("orders", "1", R"({"n":1})").ok());
  EXPECT_EQ(there("old"), R"({"n":"text"})");
  stack.reopen();
  EXPECT_EQ(put("orders", "1", R"({"n":"text"})").code(), Code::invalid) << "it is kept";
  make("orders");
  EXPECT_TRUE(put("orders", "1", R"({"n":"text"})").ok()) << "it was taken away";
  EXPECT_EQ(stack.records->keep(account, name("orders"), document(R"({"type":"x"})"), {}).code(),
            Code::invalid);
}

TEST_F(RecordsTest, ASchemaThatChangesMeanwhileIsTheOneThatHolds) {
  std::atomic<bool> over{false};
  std::thread changing([&] {
    for (int i = 0; i < 100; ++i)
      make("orders", i % 2 == 0 ? R"({"required":["a"]})" : R"({"required":["b"]})");
    over = true;
  });
  while (!over) {
    const auto made = put("orders", "1", R"({"a":1})");
    if (!made.ok()) EXPECT_TRUE(made.code() == Code::invalid || made.code() == Code::conflict);
  }
  changing.join();
  EXPECT_EQ(put("orders", "2", R"({"a":1})").code(), Code::invalid) << "the last one asks for b";
  EXPECT_TRUE(put("orders", "2", R"({"b":1})").ok());
}

TEST_F(RecordsTest, WhatExpiresIsGoneInTime) {
  Change change = about("1", "customer 7");
  change.draft->expires = stack.clock.now() + std::chrono::hours(1);
  ASSERT_EQ(one(change)->expires, change.draft->expires);
  ASSERT_TRUE(one(about("2", "customer 7")).ok());
  EXPECT_EQ(get("orders", "1")->expires, change.draft->expires);
  stack.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(there("1"), "missing");
  EXPECT_EQ(ids_about("customer 7"), std::vector<std::string>{"orders/2"});
  EXPECT_EQ(stack.records->list(account, name("orders"), {}, 10)->records.size(), 1U);
  EXPECT_EQ(rows("record"), 2U) << "not swept yet";
  ASSERT_TRUE(stack.vault->tick().ok());
  EXPECT_EQ(rows("record"), 1U);
  EXPECT_EQ(rows("record_subject"), 1U);
  EXPECT_EQ(one(change).code(), Code::invalid) << "that time is over";
  // Put again without a time, it stays.
  change.draft->expires = stack.clock.now() + std::chrono::hours(1);
  ASSERT_TRUE(one(change).ok());
  ASSERT_TRUE(put("orders", "1", "{}").ok());
  stack.clock.advance(std::chrono::hours(2));
  EXPECT_EQ(there("1"), "{}");
}

TEST_F(RecordsTest, FindsAndRemovesWhatIsAboutSomebody) {
  make("visits");
  ASSERT_TRUE(one(about("1", "kari")).ok());
  ASSERT_TRUE(one(about("2", "kari")).ok());
  ASSERT_TRUE(one(about("1", "kari", "visits")).ok());
  ASSERT_TRUE(one(about("3", "ola")).ok());
  EXPECT_EQ(ids_about("kari"), (std::vector<std::string>{"orders/1", "orders/2", "visits/1"}));
  EXPECT_EQ(opened(get("orders", "1")->subject.value()), "kari");
  // It is about somebody else now, about nobody, gone.
  ASSERT_TRUE(one(about("1", "ola")).ok());
  ASSERT_TRUE(put("orders", "2", "{}").ok());
  EXPECT_EQ(ids_about("kari"), std::vector<std::string>{"visits/1"});
  EXPECT_EQ(ids_about("ola"), (std::vector<std::string>{"orders/1", "orders/3"}));
  ASSERT_TRUE(one(removal("orders", "3")).ok());
  EXPECT_EQ(ids_about("ola"), std::vector<std::string>{"orders/1"});
  EXPECT_EQ(stack.records->remove_about(account, name("ola")).value(), 1U);
  EXPECT_EQ(there("1"), "missing");
  EXPECT_TRUE(ids_about("ola").empty());
  EXPECT_EQ(stack.records->remove_about(account, name("nobody")).value(), 0U);
  EXPECT_EQ(rows("record_subject"), 1U) << "of kari's visit";
  // More than one transaction takes.
  std::vector<Change> many;
  for (int i = 0; i < 250; ++i) many.push_back(about("m" + std::to_string(i), "per"));
  ASSERT_TRUE(change(many).ok());
  const auto page = stack.records->about(account, name("per"), {}, 100).value();
  EXPECT_EQ(page.records.size(), 100U);
  EXPECT_EQ(stack.records->about(account, name("per"), *page.next, 1000)->records.size(), 150U);
  EXPECT_EQ(stack.records->remove_about(account, name("per")).value(), 250U);
  EXPECT_EQ(rows("record_subject"), 1U);
}

TEST_F(RecordsTest, ACollectionGoesWithAllInIt) {
  std::vector<Change> many;
  for (int i = 0; i < 450; ++i) many.push_back(about(std::to_string(i), "kari"));
  ASSERT_TRUE(change(many).ok());
  make("stays");
  ASSERT_TRUE(put("stays", "1", "{}").ok());
  const auto stale = [](std::optional<std::string_view>) { return false; };
  EXPECT_EQ(stack.records->remove(account, name("orders"), stale).code(), Code::stale);
  ASSERT_TRUE(stack.records->remove(account, name("orders"), {}).ok());
  EXPECT_EQ(rows("record"), 1U);
  EXPECT_EQ(rows("record_subject"), 0U);
  EXPECT_EQ(stack.records->list(account, {}, 10)->size(), 1U);
  make("orders");
  EXPECT_TRUE(stack.records->list(account, name("orders"), {}, 10)->records.empty());
}

TEST_F(RecordsTest, NothingIsPutWhileACollectionIsBeingDeleted) {
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(put("orders", std::to_string(i), "{}").ok());
  std::atomic<bool> over{false};
  std::thread putting([&] {
    for (int i = 300; !over; ++i) {
      const auto made = stack.records->change(
          account, std::vector<Change>{put_of("orders", std::to_string(i), "{}")}, refusal);
      if (!made.ok()) EXPECT_TRUE(made.code() == Code::conflict || made.code() == Code::missing);
    }
  });
  EXPECT_TRUE(stack.records->remove(account, name("orders"), {}).ok());
  over = true;
  putting.join();
  EXPECT_EQ(rows("record"), 0U);
}

TEST_F(RecordsTest, OfTwoDeletionsTheLaterTakesNothingOfWhatWasMadeInBetween) {
  for (int round = 0; round < 40; ++round) {
    std::vector<Change> many;
    for (int i = 0; i < 450; ++i) many.push_back(put_of("orders", std::to_string(i), "{}"));
    ASSERT_TRUE(change(many).ok());
    std::thread first(
        [&] { EXPECT_TRUE(gone(stack.records->remove(account, name("orders"), {}))); });
    EXPECT_TRUE(gone(stack.records->remove(account, name("orders"), {})));
    make("orders");
    const bool made = put("orders", "new", "{}").ok();
    first.join();
    // Made between the first's beginning and its end, it may be what the first was asked to delete.
    if (stack.records->collection(account, name("orders")).ok())
      EXPECT_EQ(made, get("orders", "new").ok()) << round;
    else
      make("orders");
    EXPECT_EQ(stack.records->list(account, name("orders"), {}, 10)->records.size(), rows("record"));
  }
}

TEST_F(RecordsTest, AnotherAccountSeesNothing) {
  ASSERT_TRUE(one(about("1", "kari")).ok());
  const auto other = stack.join("Ola", "ola@example.com", "a long password").identity.account;
  EXPECT_EQ(stack.records->get(other, name("orders"), name("1")).code(), Code::missing);
  EXPECT_TRUE(stack.records->about(other, name("kari"), {}, 10)->records.empty());
  EXPECT_TRUE(stack.records->list(other, {}, 10)->empty());
}

TEST_F(RecordsTest, APlanThatIsFullTakesNoMore) {
  stack.allowance.bytes = 100'000;
  stack.clock.advance(std::chrono::minutes(1));  // the plan is looked at again
  const std::string large = R"({"a":")" + std::string(20'000, 'x') + R"("})";
  int kept = 0;
  while (kept < 10 && put("orders", std::to_string(kept), large).ok()) ++kept;
  EXPECT_EQ(kept, 4) << "each takes a little more than its document";
  EXPECT_EQ(put("orders", "x", large).code(), Code::full);
  EXPECT_EQ(there("x"), "missing");
  // Files count as well, and what is removed makes room.
  ASSERT_TRUE(one(removal("orders", "0")).ok());
  EXPECT_TRUE(put("orders", "0", large).ok());
  ASSERT_TRUE(one(removal("orders", "0")).ok());
  auto upload =
      stack.workspace->begin(account, Path::parse("a").value(), personal("text/plain")).value();
  const base::Bytes bytes(30'000);
  ASSERT_TRUE(upload.write(bytes).ok());
  ASSERT_TRUE(stack.workspace->keep(std::move(upload), {}).ok());
  EXPECT_EQ(put("orders", "0", large).code(), Code::full);
  // So does a larger plan, once it is looked at again.
  stack.allowance.bytes = 200'000;
  stack.clock.advance(std::chrono::minutes(1));
  EXPECT_TRUE(put("orders", "0", large).ok());
  // What a sweep removes is counted out before anybody is refused.
  stack.allowance.bytes = 0;
  stack.clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(put("orders", "0", "{}").code(), Code::full);
  EXPECT_TRUE(one(removal("orders", "0")).ok()) << "what is too much can be removed";
}

TEST_F(RecordsTest, APlanThatRecordsFillHasNoRoomForFilesEither) {
  stack.allowance.bytes = 100'000;
  const std::string large = R"({"a":")" + std::string(20'000, 'x') + R"("})";
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(put("orders", std::to_string(i), large).ok());
  const auto path = Path::parse("a").value();
  const auto refused = [](const auto& one) { return !one.ok() && is_over_quota(one.error()); };
  const auto begin = [&](std::uint64_t bytes) {
    return stack.workspace->begin(account, path, personal("text/plain"), bytes);
  };
  EXPECT_TRUE(refused(begin(30'000)));
  EXPECT_TRUE(is_over_quota(stack.workspace->uploads()
                                .create(account, {path, personal("text/plain"), 30'000}, {})
                                .error()));
  // One wording, whichever it is.
  Refusal refusal;
  EXPECT_TRUE(refused(stack.records->change(account, {put_of("orders", "4", large)}, refusal)));
  const auto used = stack.workspace->usage(account);
  ASSERT_TRUE(used.ok());
  EXPECT_EQ(used->content.bytes, 0U);
  EXPECT_GT(used->bytes(), 80'000U);
  EXPECT_LT(used->bytes_left(), 20'000U);
  // What an upload has room for is nobody else's while it comes in.
  ASSERT_TRUE(one(removal("orders", "0")).ok());
  {
    auto coming = begin(30'000);
    ASSERT_TRUE(coming.ok()) << coming.error().chain();
    EXPECT_TRUE(refused(put("orders", "0", large)));
    EXPECT_TRUE(refused(begin(30'000)));
  }
  // Of unknown length: it has what it has written, and a little more.
  {
    auto coming = stack.workspace->begin(account, path, personal("text/plain")).value();
    ASSERT_TRUE(coming.write(base::Bytes(30'000)).ok());
    EXPECT_TRUE(refused(put("orders", "0", large)));
    EXPECT_TRUE(refused(coming.write(base::Bytes(30'000))));
  }
  ASSERT_TRUE(put("orders", "0", large).ok()) << "given back";
  // The same, by an upload in parts.
  ASSERT_TRUE(one(removal("orders", "0")).ok());
  auto& uploads = stack.workspace->uploads();
  const auto unfinished =
      uploads.create(account, {path, personal("text/plain"), 30'000}, {}).value();
  ASSERT_TRUE(put("orders", "0", large).ok());
  auto part = uploads.append(account, unfinished, path, 0, {}, {}).value();
  ASSERT_TRUE(part->write(base::Bytes(30'000)).ok());
  EXPECT_TRUE(refused(part->finish()));
  part.reset();
  ASSERT_TRUE(one(removal("orders", "0")).ok());
  auto again = uploads.append(account, unfinished, path, 0, {}, {}).value();
  ASSERT_TRUE(again->write(base::Bytes(30'000)).ok());
  ASSERT_TRUE(again->finish().ok());
  EXPECT_TRUE(refused(put("orders", "0", large)));
}

TEST_F(RecordsTest, WhatIsErasedIsGone) {
  ASSERT_TRUE(put("orders", "1", "{}").ok());
  const std::vector<Change> changes = {put_of("orders", "1", "{}")};
  stack.vault
      ->erase({base::owner_of(account), {}, {}, std::nullopt},
              [](store::Tx&) { return Result<void>(); })
      .value();
  EXPECT_EQ(get("orders", "1").code(), Code::gone);
  EXPECT_EQ(change(changes).code(), Code::gone);
  EXPECT_EQ(stack.records->allowed(account).code(), Code::gone);
}

TEST_F(RecordsTest, SchemasOfTheErasedAreForgotten) {
  make("ruled", R"({"type":"object"})");
  ASSERT_TRUE(put("ruled", "1", "{}").ok());
  const std::size_t before = stack.records->schemas_remembered();
  EXPECT_GE(before, 1U);
  stack.records->tick();
  EXPECT_EQ(stack.records->schemas_remembered(), before) << "nobody has been erased";
  stack.vault
      ->erase({base::owner_of(account), {}, {}, std::nullopt},
              [](store::Tx&) { return Result<void>(); })
      .value();
  stack.records->tick();
  EXPECT_EQ(stack.records->schemas_remembered(), 0U);
}

}  // namespace
}  // namespace workspace
