#include "base/recent.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <set>

namespace base {
namespace {

/// Says in a set that it lives.
class Token {
 public:
  Token(std::set<int>& alive, int number) : alive_(&alive), number_(number) {
    alive.insert(number);
  }
  Token(Token&& other) noexcept
      : alive_(std::exchange(other.alive_, nullptr)), number_(other.number_) {}
  Token& operator=(Token&& other) noexcept {
    end();
    alive_ = std::exchange(other.alive_, nullptr);
    number_ = other.number_;
    return *this;
  }
  ~Token() { end(); }

 private:
  void end() {
    if (alive_ != nullptr) alive_->erase(number_);
  }
  std::set<int>* alive_;
  int number_;
};

TEST(Recent, WhatWasUsedLatelyStays) {
  Recent<int, int> recent(4);
  for (int i = 0; i < 4; ++i) recent.put(i, 10 * i);
  ASSERT_NE(recent.find(1), nullptr);
  for (int i = 4; i < 7; ++i) recent.put(i, 10 * i);
  EXPECT_EQ(recent.size(), 4U);
  ASSERT_NE(recent.find(1), nullptr);
  EXPECT_EQ(*recent.find(1), 10);
  for (const int gone : {0, 2, 3}) EXPECT_EQ(recent.find(gone), nullptr) << gone;
  for (const int there : {4, 5, 6}) EXPECT_NE(recent.find(there), nullptr) << there;
}

TEST(Recent, AllUsedIsNoReasonToGrow) {
  Recent<int, int> recent(3);
  for (int i = 0; i < 100; ++i) {
    recent.put(i, i);
    ASSERT_NE(recent.find(i), nullptr);
    ASSERT_LE(recent.size(), 3U);
  }
}

TEST(Recent, AValueIsDestroyedAsSoonAsItIsForgotten) {
  std::set<int> alive;
  Recent<int, Token> recent(3);
  for (int i = 0; i < 3; ++i) recent.put(i, Token(alive, i));
  recent.drop(0);  // not the last of them
  EXPECT_EQ(alive, (std::set{1, 2}));
  recent.drop(2);
  EXPECT_EQ(alive, (std::set{1}));
  recent.put(1, Token(alive, 11));  // in place of the former
  EXPECT_EQ(alive, (std::set{11}));
  for (int i = 12; i < 20; ++i) recent.put(i, Token(alive, i));
  EXPECT_EQ(alive.size(), 3U);
  recent.clear();
  EXPECT_TRUE(alive.empty());
  EXPECT_EQ(recent.find(19), nullptr);
}

// Against std::map, with few keys, so that chains, holes and new heads all come about.
TEST(Recent, DoesWhatAMapDoes) {
  std::minstd_rand random(3);
  Recent<int, int> recent(1000);
  std::map<int, int> model;
  for (int i = 0; i < 100'000; ++i) {
    const int key = static_cast<int>(random() % 300) * 64;  // of which many share a head
    switch (random() % 3) {
      case 0:
        recent.put(key, i);
        model[key] = i;
        break;
      case 1:
        recent.drop(key);
        model.erase(key);
        break;
      default: {
        const int* found = recent.find(key);
        ASSERT_EQ(found != nullptr, model.contains(key));
        if (found != nullptr) ASSERT_EQ(*found, model.at(key));
      }
    }
    ASSERT_EQ(recent.size(), model.size());
  }
}

}  // namespace
}  // namespace base
