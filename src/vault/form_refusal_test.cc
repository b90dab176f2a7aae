// Bytes of another form than the vault writes: each is damage, and more than fits is refused.
#include <gtest/gtest.h>

#include "vault/bucket.h"
#include "vault/bucket_locks.h"
#include "vault/content_file.h"
#include "vault/door.h"
#include "vault/erase_note.h"
#include "vault/sealing.h"
#include "vault/segment.h"

namespace vault {
namespace {

using base::Code;

base::Digest tag_of(std::uint32_t number) {
  base::Digest tag{};
  base::store_u32(tag.data(), number);
  return tag;
}

TEST(BucketRefusals, EveryOtherFormIsDamage) {
  Bucket bucket;
  ASSERT_TRUE(bucket.add(tag_of(1), {}).ok());
  const base::Bytes good = bucket.encode();
  ASSERT_TRUE(Bucket::decode(good).ok());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(Bucket::decode(base::View(good).first(size)).ok()) << size;
    EXPECT_FALSE(Bucket::find(base::View(good).first(size), tag_of(1)).ok()) << size;
  }
  for (const std::size_t at : {0UL, 1UL}) {  // its version, and a count beyond every bound
    base::Bytes bad = good;
    bad[at] = 0xff;
    EXPECT_EQ(Bucket::decode(bad).code(), Code::corrupt);
    EXPECT_EQ(Bucket::find(bad, tag_of(1)).code(), Code::corrupt);
  }
}

TEST(BucketRefusals, AFullOneTakesNobodyMore) {
  Bucket bucket;
  for (std::uint32_t number = 0; number < Bucket::entries_max; ++number)
    ASSERT_TRUE(bucket.add(tag_of(number), {}).ok());
  EXPECT_EQ(bucket.add(tag_of(Bucket::entries_max), {}).code(), Code::exhausted);
  EXPECT_EQ(bucket.add(tag_of(7), {}).code(), Code::conflict);
}

TEST(BucketLocksTest, AHoldThatIsGivenToItselfStays) {
  base::ThreadWait wait;
  BucketLocks locks(wait, 4);
  BucketLocks::Hold hold = locks.take({1});
  BucketLocks::Hold& same = hold;
  hold = std::move(same);
  EXPECT_TRUE(hold.holds(1));
  EXPECT_FALSE(hold.holds(2));
}

TEST(NoteRefusals, EveryOtherFormIsDamage) {
  EraseNote note;
  note.logged = EraseNote::Logged::yes;
  note.nonce = base::Bytes(32, 1);
  note.content = "{}";
  base::Bytes good = note.encode();
  ASSERT_TRUE(EraseNote::decode(good).ok());
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(EraseNote::decode(base::View(good).first(size)).ok()) << size;
  good.push_back(0);
  EXPECT_EQ(EraseNote::decode(good).code(), Code::corrupt);
}

TEST(ManifestRefusals, EveryOtherFormIsDamage) {
  base::Bytes good = encode_manifest({5, 7});
  ASSERT_EQ(decode_manifest(good)->size(), 2U);
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(decode_manifest(base::View(good).first(size)).ok()) << size;
  EXPECT_EQ(decode_manifest(encode_manifest({})).code(), Code::corrupt);
  good[0] = 9;
  EXPECT_EQ(decode_manifest(good).code(), Code::corrupt);
}

TEST(SegmentRefusals, SizesThatNoneHas) {
  const base::Bytes key(32, 1);
  const base::Bytes salt(Segment::salt_size, 2);
  Segment segment = Segment::create(key, {}, salt);
  EXPECT_EQ(Segment::open(key, {}, base::Bytes(Segment::header_size - 1)).code(), Code::corrupt);
  base::Bytes plain(Segment::chunk_size + 1);
  EXPECT_EQ(segment.unseal(0, base::Bytes(15), plain).code(), Code::corrupt);
  EXPECT_EQ(segment.unseal(0, base::Bytes(Segment::sealed_chunk_size + 1), plain).code(),
            Code::corrupt);
  EXPECT_EQ(segment.unseal(Segment::chunks_max, base::Bytes(16), plain).code(), Code::corrupt);
  EXPECT_EQ(Segment::plain_size(Segment::header_size +
                                Segment::chunks_max * Segment::sealed_chunk_size + 16)
                .code(),
            Code::corrupt);
}

// Sealed as whoever holds the key could, without the padding that every record has.
TEST(SealingRefusals, ARecordWithoutItsPaddingIsDamage) {
  const base::Bytes subkey(32, 1);
  const base::Bytes salt(32, 2);
  base::Bytes info = base::copy(base::view("record v1"));
  base::put_block(info, base::view("people"));
  const auto secret = base::hkdf_sha256(subkey, salt, info, 44);
  base::Bytes associated;
  base::put_block(associated, base::Bytes(16));
  base::put_block(associated, base::view("people"));
  base::put_block(associated, base::Bytes(16));
  base::put_block(associated, base::Bytes(16));
  base::put_u64(associated, 0);
  const auto open = [&](const base::Bytes& plain) {
    base::Bytes sealed{1};
    sealed.insert(sealed.end(), salt.begin(), salt.end());
    sealed.resize(sealed.size() + plain.size() + base::Aead::tag_size);
    base::Aead(secret.view().first(32))
        .seal(secret.view().last(12), associated, plain, base::Mutable(sealed).subspan(33));
    return open_record(subkey, {{}, "people", {}, {}, 0}, sealed);
  };
  EXPECT_EQ(base::text(open({'a', 0x80, 0}).value()), "a");
  EXPECT_EQ(open({'a', 'b', 0}).code(), Code::corrupt);
  EXPECT_EQ(open({0, 0, 0}).code(), Code::corrupt);
  EXPECT_EQ(open({}).code(), Code::corrupt);
}

TEST(FieldsRefusals, AreBounded) {
  base::Bytes many{1};
  base::put_u16(many, Door::fields_max + 1);
  EXPECT_EQ(Door::decode(many).code(), Code::corrupt);
  EXPECT_EQ(Door::decode(base::Bytes(Door::bytes_max + 1, 1)).code(), Code::corrupt);
  Fields fields;
  fields.set("a", std::int64_t{1});
  EXPECT_EQ(fields.time("b").code(), Code::corrupt);
  EXPECT_EQ(fields.id<base::AccountId>("b").code(), Code::corrupt);
}

}  // namespace
}  // namespace vault
