#include "holder/known.h"

#include <gtest/gtest.h>

#include "base/faulty_disk.h"
#include "holder/primary.h"

namespace holder {
namespace {

using base::Code;

class KnownTest : public testing::Test {
 protected:
  KnownTest() { disk_.make_directory("root").value(); }
  base::Result<std::unique_ptr<keys::RootHolder>> open(const std::string& asked, Tree tree) {
    return open_primary({disk_, wait_, entropy_, steady_, {"--gtest_list_tests"}}, "root", asked,
                        tree);
  }
  base::ThreadWait wait_;
  base::SteadyClock steady_;
  base::SystemEntropy entropy_;
  base::FaultyDisk disk_{wait_};
};

TEST_F(KnownTest, AreKeptAndReplacedByName) {
  EXPECT_TRUE(read_known(disk_, "root").value().all.empty());
  add_known(disk_, entropy_, "root", {"oslo", {"holder.example", "7300"}, {1}}).value();
  const TreeName tree = read_known(disk_, "root").value().tree;
  EXPECT_NE(tree, TreeName{});
  add_known(disk_, entropy_, "root", {"bergen", {"::1", "7301"}, {2}}).value();
  add_known(disk_, entropy_, "root", {"oslo", {"127.0.0.1", "7302"}, {3}}).value();
  disk_.crash();
  const auto known = read_known(disk_, "root").value();
  EXPECT_EQ(known.tree, tree);
  ASSERT_EQ(known.all.size(), 2U);
  EXPECT_EQ(known.find("oslo")->place.port, "7302");
  EXPECT_EQ(known.find("oslo")->key[0], 3);
  EXPECT_EQ(known.find("bergen")->place.host, "::1");
  EXPECT_EQ(known.find("elsewhere"), nullptr);
}

TEST_F(KnownTest, AReplicaIsDeclaredRememberedAndEnded) {
  // As before there were replicas.
  const std::string key = base::base32(base::PublicKey{1});
  const std::string old = R"({"tree":"aaaaaaaaaaaaaaaaaaaaaaaaaa","holders":[{"name":"oslo",)"
                          R"("address":"holder.example:7300","key":")" +
                          key + R"("}]})";
  base::write_file_atomically(disk_, "root/holders.json", base::view(old)).value();
  EXPECT_EQ(read_known(disk_, "root")->find("oslo")->replicates, Replicates::no);
  EXPECT_EQ(set_replicates(disk_, "root", "bergen", Replicates::yes).code(), Code::missing);
  set_replicates(disk_, "root", "oslo", Replicates::yes).value();
  disk_.crash();
  EXPECT_EQ(read_known(disk_, "root")->find("oslo")->replicates, Replicates::yes);
  // It may move; another one does not take its place unseen.
  add_known(disk_, entropy_, "root", {"oslo", {"127.0.0.1", "7302"}, {1}}).value();
  EXPECT_EQ(read_known(disk_, "root")->find("oslo")->replicates, Replicates::yes);
  EXPECT_EQ(add_known(disk_, entropy_, "root", {"oslo", {"127.0.0.1", "7302"}, {2}}).code(),
            Code::conflict);
  set_replicates(disk_, "root", "oslo", Replicates::no).value();
  EXPECT_EQ(read_known(disk_, "root")->find("oslo")->replicates, Replicates::no);
  EXPECT_TRUE(add_known(disk_, entropy_, "root", {"oslo", {"127.0.0.1", "7302"}, {2}}).ok());
  const std::string wrong = std::string(old).insert(old.find(R"("key")"), R"("replica":7,)");
  EXPECT_EQ(parse_known(base::view(wrong)).code(), Code::corrupt);
}

TEST_F(KnownTest, DamageIsSaid) {
  for (const char* wrong :
       {"", "[]", "{}", R"({"tree":"a","holders":[]})",
        R"({"tree":"aaaaaaaaaaaaaaaaaaaaaaaaaa","holders":[{}]})",
        R"({"tree":"aaaaaaaaaaaaaaaaaaaaaaaaaa","holders":{}})", R"({"tree":7,"holders":[]})"})
    EXPECT_FALSE(parse_known(base::view(wrong)).ok()) << wrong;
  EXPECT_TRUE(
      parse_known(base::view(R"({"tree":"aaaaaaaaaaaaaaaaaaaaaaaaaa","holders":[]})")).ok());
}

TEST_F(KnownTest, AChoiceIsRememberedAndHeldTo) {
  EXPECT_EQ(parse_choice("elsewhere").code(), Code::invalid);
  EXPECT_EQ(parse_choice("remote:").code(), Code::invalid);
  EXPECT_EQ(parse_choice("remote:A/b").code(), Code::invalid);
  EXPECT_EQ(parse_choice("remote:oslo").value().places[0].name, "oslo");
  // A file is what data without a choice has; it is not exchanged for another under a tree.
  EXPECT_TRUE(open("", Tree::is_there).ok());
  EXPECT_TRUE(open("file", Tree::is_there).ok());
  EXPECT_EQ(open("remote:oslo", Tree::is_there).code(), Code::conflict);
  // Before there is a tree, it may be chosen; here nobody knows such a holder yet.
  EXPECT_EQ(open("remote:oslo", Tree::is_to_be_made).code(), Code::missing);
  disk_.crash();
  EXPECT_EQ(open("file", Tree::is_there).code(), Code::conflict);
  EXPECT_EQ(open("", Tree::is_there).code(), Code::missing);
  add_known(disk_, entropy_, "root", {"oslo", {"127.0.0.1", "1"}, {1}}).value();
  EXPECT_EQ(open("", Tree::is_there).code(), Code::unavailable);
}

}  // namespace
}  // namespace holder
