#include "client/printable.h"

#include <gtest/gtest.h>

namespace client {
namespace {

TEST(Printable, KeepsWhatPeopleWrite) {
  for (const char* same : {"offer.txt", "Tråler 12 – «Bergen».pdf", "日本語", "🐟", ""})
    EXPECT_EQ(printable(same), same);
}

TEST(Printable, LetsNothingMoveTheTerminal) {
  EXPECT_EQ(printable("a\x1b[2Jb"), "a?[2Jb");
  EXPECT_EQ(printable("a\nb\rc\td\x7f"), "a?b?c?d?");
  EXPECT_EQ(printable("a\xc2\x9b"
                      "2Jb"),
            "a?2Jb")
      << "CSI in one byte of Latin-1";
  EXPECT_EQ(printable("exe\xe2\x80\xae"
                      "gpj"),
            "exe?gpj")
      << "right to left";
  EXPECT_EQ(printable("a\xe2\x81\xa6"
                      "b\xe2\x80\xa8"
                      "c"),
            "a?b?c");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a?b");
}

TEST(Printable, IsUtf8WhateverCame) {
  EXPECT_EQ(printable("a\xff"
                      "b"),
            "a?b");
  EXPECT_EQ(printable("\xc0\xaf"), "??") << "too long a form";
  EXPECT_EQ(printable("\xed\xa0\x80"), "???") << "half of a pair";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "????") << "beyond the last";
  EXPECT_EQ(printable("\xe2\x82"), "??") << "cut short";
}

TEST(SafeFileName, StaysInItsDirectory) {
  for (const char* good : {"offer.txt", "...", ".hidden", "a b", "Tråler", "-rf"})
    EXPECT_TRUE(safe_file_name(good)) << good;
  for (const char* bad : {"", ".", "..", "/", "a/b", "../a", "a\nb", "\x1b[2J", "\x7f"})
    EXPECT_FALSE(safe_file_name(bad)) << bad;
  EXPECT_FALSE(safe_file_name(std::string_view("a\0b", 3)));
  EXPECT_TRUE(safe_file_name(std::string(255, 'a')));
  EXPECT_FALSE(safe_file_name(std::string(256, 'a')));
}

}  // namespace
}  // namespace client
