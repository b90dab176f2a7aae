#include "holder/choice.h"

#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "holder/testing.h"
#include "keys/rewrap.h"

namespace holder {
namespace {

using base::Code;

TEST(Choice, IsWrittenAsItIsRead) {
  for (const char* text : {"file", "remote:oslo", "split:file,remote:oslo", "split:remote:a,file",
                           "split:remote:a,remote:b"})
    EXPECT_EQ(text_of(parse_choice(text).value()), text);
  EXPECT_FALSE(warning_of(parse_choice("remote:oslo").value()));
  EXPECT_TRUE(warning_of(parse_choice("split:file,remote:oslo").value()));
}

TEST(Choice, RefusesWhatIsNone) {
  for (const char* text :
       {"", "elsewhere", "remote:", "remote:A/b", "split:", "split:file", "split:file,",
        "split:,file", "split:file,remote:a,remote:b", "split:split:file,remote:a,remote:b",
        "split:file,elsewhere", "split: file,remote:a", "file,remote:a"})
    EXPECT_EQ(parse_choice(text).code(), Code::invalid) << text;
  // Twice the same is no split.
  EXPECT_EQ(parse_choice("split:file,file").code(), Code::invalid);
  EXPECT_EQ(parse_choice("split:remote:a,remote:a").code(), Code::invalid);
}

TEST(Choice, IsRememberedWithWhatIsToBeCleared) {
  base::ThreadWait wait;
  base::FaultyDisk disk(wait);
  disk.make_directory("root").value();
  EXPECT_EQ(remembered(disk, "root").value(), Remembered{});
  const Remembered what{.choice = parse_choice("remote:oslo").value(),
                        .clear = parse_choice("split:file,remote:b").value()};
  remember(disk, "root", what).value();
  EXPECT_EQ(remembered(disk, "root").value(), what);
  EXPECT_EQ(base::text(disk.live().at("root/primary")), "remote:oslo\nclear split:file,remote:b\n");
  for (const char* wrong : {"", "file", "elsewhere\n", "file\nclear \n", "file\nclear file",
                            "file\nremote:a\n", "file\nclear file\nclear file\n"})
    EXPECT_EQ(parse_remembered(wrong).code(), Code::corrupt) << wrong;
}

TEST(Choice, OneHolderByTwoNamesIsOnePlace) {
  RootStage stage;
  ServedHolder holder;
  holder.pair_with(stage.disk, "root", "oslo");
  holder.pair_with(stage.disk, "root", "bergen");
  EXPECT_EQ(stage.open("split:remote:oslo,remote:bergen", Tree::is_to_be_made).code(),
            Code::invalid);
}

TEST(Choice, APassphraseNeedsSomethingToWrap) {
  RootStage stage;
  ServedHolder holder;
  const keys::CheapWrapping horse("correct horse");
  holder.pair_with(stage.disk, "root", "oslo");
  EXPECT_EQ(stage.open("remote:oslo", Tree::is_to_be_made, horse.get()).code(), Code::denied);
  EXPECT_TRUE(stage.open("remote:oslo", Tree::is_to_be_made).ok());
  // The key that the holder gives the root to.
  keys::rewrap(stage.disk, caller_file("root"), nullptr, horse.get()).value();
  EXPECT_TRUE(stage.open("remote:oslo", Tree::is_there, horse.get()).ok());
  EXPECT_EQ(stage.open("remote:oslo", Tree::is_there).code(), Code::denied);
}

}  // namespace
}  // namespace holder
