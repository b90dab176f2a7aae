#include "holder/frame.h"

#include <gtest/gtest.h>

namespace holder {
namespace {

using base::Code;

constexpr std::size_t kMax = kBodyBytesMax;

TEST(Frame, IsLaidOutAsDocumented) {
  EXPECT_EQ(base::hex(encode_question(2, 0x0102030405060708, base::view("ab"))),
            "0000000e01020000"
            "0102030405060708"
            "6162");
  EXPECT_EQ(base::hex(encode_answer(2, 5, {})), "0000000c010201000000000000000005");
  EXPECT_EQ(base::hex(encode_refusal(2, 5, Code::denied)), "0000000c010204000000000000000005");
}

TEST(Frame, IsReadAsItWasWritten) {
  const base::Bytes bytes = encode_question(18, 77, base::view("body"));
  const auto frame = parse_frame(bytes, kMax).value();
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->method, 18);
  EXPECT_EQ(frame->id, 77U);
  EXPECT_FALSE(frame->outcome.has_value());
  EXPECT_EQ(base::text(frame->body), "body");
  EXPECT_EQ(frame->size, bytes.size());
  const base::Bytes answer = encode_answer(18, 77, base::view("yes"));
  const auto done = parse_frame(answer, kMax).value();
  ASSERT_TRUE(done && done->outcome && done->outcome->ok());
  EXPECT_EQ(base::text(done->body), "yes");
}

TEST(Frame, CarriesEveryCode) {
  for (int raw = 0; raw <= static_cast<int>(Code::internal); ++raw) {
    const auto code = static_cast<Code>(raw);
    const base::Bytes bytes = encode_refusal(1, 9, code);
    const auto frame = parse_frame(bytes, kMax).value();
    ASSERT_TRUE(frame && frame->outcome);
    EXPECT_EQ(frame->outcome->code(), code) << raw;
  }
}

// Denied answers the beginning of a conversation and what comes behind it.
TEST(Frame, SaysBothThatADenialMayMean) {
  const base::Bytes bytes = encode_refusal(16, 9, Code::denied);
  const auto frame = parse_frame(bytes, kMax).value();
  const std::string reason = frame->outcome->error().reason().c_str();
  EXPECT_NE(reason.find("another tree"), std::string::npos) << reason;
  EXPECT_NE(reason.find("another host has taken the service over"), std::string::npos) << reason;
}

TEST(Frame, IsAwaitedByteByByte) {
  const base::Bytes bytes = encode_question(1, 2, base::view("0123456789"));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(parse_frame(base::View(bytes).first(size), kMax).value().has_value()) << size;
  base::Bytes two = bytes;
  two.insert(two.end(), bytes.begin(), bytes.end());
  EXPECT_EQ(parse_frame(two, kMax).value()->size, bytes.size());
}

TEST(Frame, RefusesWhatIsNone) {
  const auto code = [](std::string_view hex, std::size_t max = kMax) {
    return parse_frame(base::parse_hex(hex).value(), max).code();
  };
  EXPECT_EQ(code("0000000b"), Code::invalid);  // shorter than its head
  EXPECT_EQ(code("0010000d"), Code::too_large);
  EXPECT_EQ(code("0000000d", 0), Code::too_large);
  EXPECT_EQ(code("0000000c02"), Code::unsupported);
  EXPECT_EQ(code("0000000c01020001"), Code::invalid);
  EXPECT_EQ(code("0000000c010211000000000000000005"), Code::invalid);    // no such status
  EXPECT_EQ(code("0000000d01020400000000000000000561"), Code::invalid);  // a refusal with a body
  EXPECT_EQ(parse_frame(base::view("GET / HTTP/1.1\r\n"), kMax).code(), Code::too_large);
}

}  // namespace
}  // namespace holder
