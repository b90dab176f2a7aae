#include "client/logins.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "store/testing.h"

namespace client {
namespace {

using base::Code;

class LoginsTest : public testing::Test {
 protected:
  Logins open() { return Logins::open(disk_, directory()).value(); }
  std::string directory() const { return temporary_.file("config/scalign"); }
  std::string file() const { return directory() + "/logins.json"; }
  static Login login(const std::string& origin, std::string_view token) {
    return {origin, {}, base::SecretBytes::copy_of(base::view(token))};
  }
  void write(std::string_view text) {
    disk_.make_directory(directory()).value();
    base::write_file_atomically(disk_, file(), base::view(text)).value();
  }
  mode_t mode() const {
    struct stat status{};
    EXPECT_EQ(::stat(file().c_str(), &status), 0);
    return status.st_mode & 07777;
  }

  store::TemporaryDirectory temporary_;
  base::RealDisk disk_;
};

TEST_F(LoginsTest, AreKeptForTheirOwnerAlone) {
  auto logins = open();
  EXPECT_EQ(logins.find(""), nullptr);
  logins.keep(login("https://a.example", "one")).value();
  logins.keep({"https://b.example", "/etc/b.pem", base::SecretBytes::copy_of(base::view("two"))})
      .value();
  EXPECT_EQ(mode(), 0600U);
  const auto again = open();
  ASSERT_EQ(again.all().size(), 2U);
  EXPECT_EQ(again.find("")->origin, "https://b.example") << "the newest is the default";
  EXPECT_EQ(again.find("")->ca_file, "/etc/b.pem");
  EXPECT_EQ(base::text(again.find("https://a.example")->token.view()), "one");
  EXPECT_EQ(again.find("https://c.example"), nullptr);
}

TEST_F(LoginsTest, OneOfEachServer) {
  auto logins = open();
  logins.keep(login("https://a.example", "one")).value();
  logins.keep(login("https://b.example", "two")).value();
  logins.keep(login("https://a.example", "three")).value();
  EXPECT_EQ(open().all().size(), 2U);
  EXPECT_EQ(base::text(open().find("")->token.view()), "three");
  logins.forget("https://a.example").value();
  EXPECT_EQ(logins.forget("https://a.example").code(), Code::missing);
  EXPECT_EQ(open().find("")->origin, "https://b.example");
  const auto bytes = base::read_file(disk_, file(), 4096).value();
  EXPECT_EQ(base::text(bytes).find("three"), std::string_view::npos);
}

TEST_F(LoginsTest, AreRefusedWhereOthersMayReadThem) {
  open().keep(login("https://a.example", "one")).value();
  for (const mode_t open_to_others : {0640U, 0604U, 0620U, 0602U, 0610U}) {
    ASSERT_EQ(::chmod(file().c_str(), open_to_others), 0);
    EXPECT_EQ(Logins::open(disk_, directory()).code(), Code::denied) << open_to_others;
  }
  ASSERT_EQ(::chmod(file().c_str(), 0400), 0);
  EXPECT_TRUE(Logins::open(disk_, directory()).ok());
}

TEST_F(LoginsTest, WhatIsDamagedIsNotTaken) {
  for (const char* bad : {"{}", "[1]", "[", R"([{"server":"https://a.example"}])",
                          R"([{"server":"http://a.example","token":"x"}])",
                          R"([{"server":"https://a.example/path","token":"x"}])",
                          R"([{"server":"https://a.example","token":""}])",
                          R"([{"server":"https://a.example","token":["x"]}])"}) {
    write(bad);
    EXPECT_EQ(Logins::open(disk_, directory()).code(), Code::corrupt) << bad;
  }
}

}  // namespace
}  // namespace client
