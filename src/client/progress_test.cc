#include "client/progress.h"

#include <gtest/gtest.h>

namespace client {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

TEST(SizeText, IsShort) {
  EXPECT_EQ(size_text(0), "0 B");
  EXPECT_EQ(size_text(1023), "1023 B");
  EXPECT_EQ(size_text(1024), "1.0 KiB");
  EXPECT_EQ(size_text(1536 * 1024), "1.5 MiB");
  EXPECT_EQ(size_text(10 * kMiB), "10 MiB");
  EXPECT_EQ(size_text(1024 * kMiB - 1), "1.0 GiB");
  EXPECT_EQ(size_text(UINT64_MAX), "16 EiB");
}

TEST(Progress, SaysRateAndTimeLeft) {
  base::ManualClock clock{base::Time(std::chrono::seconds(1000))};
  Progress progress(clock, "offer.pdf", 100 * kMiB, 0);
  EXPECT_FALSE(progress.line(kMiB, 80)) << "too soon";
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(progress.line(10 * kMiB, 80),
            "offer.pdf   10%  10 MiB of 100 MiB  10 MiB/s  0:09 left");
  EXPECT_FALSE(progress.line(11 * kMiB, 80));
  // The rate is that of the last seconds.
  for (int i = 0; i < 10; ++i) {
    clock.advance(std::chrono::seconds(1));
    (void)progress.line((11 + static_cast<std::uint64_t>(i)) * kMiB, 80);
  }
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(progress.line(21 * kMiB, 80),
            "offer.pdf   21%  21 MiB of 100 MiB  1.0 MiB/s  1:19 left");
  clock.advance(std::chrono::seconds(88));
  EXPECT_EQ(progress.last(100 * kMiB, 80), "offer.pdf  100 MiB  1.0 MiB/s  in 1:40");
}

TEST(Progress, WhatWasThereBeforeIsNotFast) {
  base::ManualClock clock{base::Time(std::chrono::seconds(1000))};
  Progress progress(clock, "offer.pdf", 100 * kMiB, 90 * kMiB);
  clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(progress.line(92 * kMiB, 80),
            "offer.pdf   92%  92 MiB of 100 MiB  1.0 MiB/s  0:08 left");
}

TEST(Progress, FitsTheTerminal) {
  base::ManualClock clock{base::Time(std::chrono::seconds(1000))};
  Progress progress(clock, "a very long name of a very long øæå.pdf\x1b[2J", std::nullopt, 0);
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(progress.line(kMiB, 40), "... long øæå.pdf?[2J  1.0 MiB  1.0 MiB/s");
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(progress.line(kMiB, 10), "  1.0 MiB  512 KiB/s") << "the figures come first";
}

}  // namespace
}  // namespace client
