// Content with one error at every call, as in vault_test.cc: a file is kept whole or not at all,
// and what is left of one goes in the end.
#include <gtest/gtest.h>

#include "vault/content_store.h"
#include "vault/records.h"
#include "vault/single_fault/testing.h"

namespace vault {
namespace {

using base::Result;

TEST_F(VaultSingleFault, ContentIsKeptOrLeavesNothing) {
  for (const When when : {When::before, When::after}) {
    Result<base::ContentId> kept = base::ContentId{};
    std::int64_t pieces = house_.count("SELECT 1 FROM vault_content WHERE state = 1");
    everywhere(
        [&]() -> Result<void> {
          kept = house_.keep(who_, bytes_);
          TRY(kept);
          return {};
        },
        [&](bool done) {
          if (done) expect_content(*kept);
          pieces += done ? 1 : 0;
          EXPECT_EQ(house_.count("SELECT 1 FROM vault_content WHERE state = 1"), pieces);
          // A file that cannot be removed now is removed by the next start.
          ASSERT_TRUE(when == When::before ? house_.vault->tick().ok() : house_.open().ok());
          EXPECT_EQ(content_files(), static_cast<std::size_t>(pieces));
          EXPECT_EQ(house_.count("SELECT 1 FROM vault_content"), pieces);
        },
        {.when = when});
  }
}

TEST_F(VaultSingleFault, ContentIsRemovedOrNot) {
  const auto id = house_.keep(who_, bytes_).value();
  bool there = true;
  everywhere(
      [&]() -> Result<void> {
        TRY(house_.write([&](store::Tx& tx) {
          return house_.vault->remove_content(tx, house_.permit(who_, N::workspace_content),
                                              kContent, id);
        }));
        there = false;
        return {};
      },
      [&](bool) { EXPECT_EQ(house_.reader(who_, id).ok(), there); });
  // Its file goes by and by, whatever errs on the way, and nobody else's with it.
  for (const When when : {When::before, When::after}) {
    everywhere([&] { return house_.vault->tick(); }, [](bool) {}, {.when = when});
    EXPECT_EQ(content_files(), 1U);
  }
}

TEST_F(VaultSingleFault, FilesOfNobodyAreRemovedInTheEnd) {
  const auto files = house_.permit(who_, N::workspace_content);
  const auto leave_two = [&] {
    // One that was removed, and one whose transaction failed.
    const auto removed = house_.keep(who_, bytes_).value();
    house_
        .write([&](store::Tx& tx) {
          return house_.vault->remove_content(tx, files, kContent, removed);
        })
        .value();
    auto writer = house_.vault->create_content(files, kContent).value();
    writer->finish().value();
    EXPECT_FALSE(house_
                     .write([&](store::Tx& tx) -> Result<void> {
                       TRY(house_.vault->publish(tx, *writer));
                       return base::Error{base::Code::conflict, "something else failed"};
                     })
                     .ok());
  };
  everywhere([&] { return house_.vault->tick(); },
             [&](bool) {
               ASSERT_TRUE(house_.open().ok());
               EXPECT_EQ(content_files(), 1U);
             },
             {.prepare = leave_two});
  everywhere([&] { return house_.open(); },
             [&](bool) {
               ASSERT_TRUE(house_.open().ok());
               EXPECT_EQ(content_files(), 1U);
             },
             {.prepare = [&] {
               const auto id = base::ContentId::random(house_.entropy);
               memory_.put({{house_.content_path(id), bytes_}});
             }});
}

// The last chunk fills what is written at once.
TEST_F(VaultSingleFault, ContentThatEndsAsItIsWrittenIsWholeOrNotAtAll) {
  const base::Bytes bytes(7 * Segment::chunk_size + 16'350, 0x17);
  Result<base::ContentId> kept = base::ContentId{};
  everywhere(
      [&]() -> Result<void> {
        kept = house_.keep(who_, bytes);
        TRY(kept);
        return {};
      },
      [&](bool done) {
        if (!done) return;
        base::Bytes out(bytes.size());
        ASSERT_EQ(house_.reader(who_, *kept).value()->read_at(0, out).value(), bytes.size());
        EXPECT_EQ(out, bytes);
      });
}

TEST_F(VaultSingleFault, ContentInSegmentsIsWrittenWholeOrNotAtAll) {
  const std::uint64_t segment = 7 * Segment::chunk_size;
  const auto content =
      ContentStore::open({disk_, house_.wait, house_.entropy, *house_.store, *house_.keys},
                         directory_.path() + "/data/segments", segment)
          .value();
  const base::Bytes bytes(2 * segment, 0x17);
  for (const std::size_t piece : {std::size_t{1000}, bytes.size(), std::size_t{segment - 5}}) {
    std::unique_ptr<ContentWriter> writer;
    everywhere(
        [&]() -> Result<void> {
          writer = TRY(content->create(who_, kContent));
          for (std::size_t at = 0; at < bytes.size(); at += piece)
            TRY(writer->write(base::View(bytes).subspan(at, std::min(piece, bytes.size() - at))));
          TRY(writer->finish());
          return house_.write([&](store::Tx& tx) {
            return content->publish(tx, *writer, {base::Time{}, std::nullopt});
          });
        },
        [&](bool done) {
          if (!done) return;
          const auto reader = content->read(who_, kContent, writer->id(), kNothingExpired).value();
          base::Bytes out(bytes.size());
          ASSERT_EQ(reader->read_at(0, out).value(), bytes.size());
          EXPECT_EQ(out, bytes);
          base::Bytes few(10);
          ASSERT_EQ(reader->read_at(segment - 5, few).value(), 10U);
        });
  }
}

TEST_F(VaultSingleFault, APartOfGrowingContentIsAddedOrNot) {
  const auto leave = house_.permit(who_, N::workspace_content);
  const base::Bytes part(50'000, 0x42);
  base::ContentId id;
  const auto write = [&](ContentWriter& writer) -> Result<void> {
    TRY(writer.write(part));
    return writer.finish();
  };
  const auto publish = [&](const ContentWriter& writer, Whole whole) {
    return house_.write(
        [&](store::Tx& tx) { return house_.vault->publish(tx, writer, {}, whole); });
  };
  const auto begin = [&] {
    auto writer = house_.vault->create_content(leave, kContent).value();
    write(*writer).value();
    publish(*writer, Whole::no).value();
    id = writer->id();
    // And what was written behind it, and not published.
    auto vain = house_.vault->append_content({leave, kContent}, id).value();
    write(*vain).value();
  };
  everywhere(
      [&]() -> Result<void> {
        const auto writer = TRY(house_.vault->append_content({leave, kContent}, id));
        EXPECT_EQ(writer->size(), part.size());
        TRY(write(*writer));
        return publish(*writer, Whole::yes);
      },
      [&](bool done) {
        if (!done) {
          const auto writer = house_.vault->append_content({leave, kContent}, id).value();
          ASSERT_EQ(writer->size(), part.size());
          write(*writer).value();
          publish(*writer, Whole::yes).value();
        }
        expect_content(id);
      },
      {.prepare = begin});
}

TEST_F(VaultSingleFault, ContentIsMovedOrWhereItWas) {
  const Collection bin{"bin", "workspace_content", "bin", {}};
  ASSERT_TRUE(house_.open({kPeople, kFiles, bin}).ok());
  const auto leave = house_.permit(who_, N::workspace_content);
  base::ContentId id;
  everywhere(
      [&] {
        return house_.write([&](store::Tx& tx) {
          return house_.vault->move_content(tx, {leave, kContent}, {leave, bin.name}, id, {});
        });
      },
      [&](bool done) {
        EXPECT_EQ(house_.reader(who_, id).ok(), !done);
        EXPECT_EQ(house_.vault->open_content(leave, bin.name, id).ok(), done);
      },
      {.prepare = [&] { id = house_.keep(who_, bytes_).value(); }});
}

TEST_F(VaultSingleFault, ContentWhoseFileIsLostIsDamageOrAnError) {
  const auto id = house_.keep(who_, bytes_).value();
  ASSERT_TRUE(memory_.remove(house_.content_path(id)).ok());
  everywhere([&]() -> Result<void> {
    const auto reader = house_.reader(who_, id);
    EXPECT_FALSE(reader.ok());
    if (reader.code() == base::Code::corrupt) return {};
    return reader.error();
  });
}

}  // namespace
}  // namespace vault
