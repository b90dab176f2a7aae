#include "app/settings.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <set>

#include "app/settings_options.h"
#include "base/disk.h"

namespace app {
namespace {

using Faults = std::vector<std::string>;

/// Every setting at a value of its own.
ServeOptions everything() {
  ServeOptions options;
  for (const Setting& setting : settings()) {
    const SettingPlace place = place_of(setting, options);
    const std::string value = std::string("a value of ") + setting.name.c_str();
    if (auto* const text = std::get_if<std::string*>(&place)) **text = value;
    if (auto* const flag = std::get_if<bool*>(&place)) **flag = true;
    if (auto* const list = std::get_if<std::vector<std::string>*>(&place))
      **list = {value, value + " again"};
  }
  return options;
}

Faults parse(std::string_view text, ServeOptions options = {}) {
  return parse_settings("serve.conf", text, options);
}

TEST(Settings, AreEachWrittenAndRead) {
  const ServeOptions all = everything();
  ServeOptions read;
  EXPECT_EQ(parse_settings("serve.conf", settings_text(all).value(), read), Faults{});
  for (const Setting& setting : settings()) {
    EXPECT_FALSE(values_of(setting, read).empty()) << setting.name.c_str();
    EXPECT_EQ(values_of(setting, read), values_of(setting, all)) << setting.name.c_str();
  }
}

TEST(Settings, AreEachAPlaceOfTheirOwn) {
  ServeOptions options;
  std::set<const void*> places;
  std::set<std::string> names;
  for (const Setting& setting : settings()) {
    std::visit([&](auto* place) { places.insert(place); }, place_of(setting, options));
    names.insert(setting.name.c_str());
  }
  EXPECT_EQ(places.size(), settings().size());
  EXPECT_EQ(names.size(), settings().size());
}

TEST(Settings, NameEachFaultWithItsLine) {
  EXPECT_EQ(
      parse("# a comment\n\ndata = data\nlisten 127.0.0.1:80\n"
            "dta = x\nbehind-proxy = true\ndata = other\nsmtp =\nbehind-proxy = no"),
      (Faults{"serve.conf:4: listen 127.0.0.1:80: serve has no such setting",
              "serve.conf:5: dta: serve has no such setting",
              "serve.conf:6: behind-proxy: it is yes or no", "serve.conf:7: data: it stands twice",
              "serve.conf:8: smtp: it has no value: write `name = value`, or leave the line "
              "out",
              "serve.conf:9: behind-proxy: it stands twice"}));
}

TEST(Settings, ChangeNothingWhereOneIsWrong) {
  ServeOptions options;
  EXPECT_EQ(parse_settings("f", "data = there\nnonsense = 1", options).size(), 1U);
  EXPECT_EQ(options.data, "");
}

TEST(Settings, LeaveWhatTheFileDoesNotName) {
  ServeOptions options;
  options.names = {"a.example", "b.example"};
  options.data = "data";
  EXPECT_EQ(parse_settings("f", "name = c.example\nname = d.example\r\n", options), Faults{});
  EXPECT_EQ(options.names, (std::vector<std::string>{"c.example", "d.example"}));
  EXPECT_EQ(options.data, "data");
}

TEST(Settings, TakeAValueToTheEndOfItsLine) {
  ServeOptions options;
  EXPECT_EQ(parse_settings("f", "  data =  a b = # c \t\n", options), Faults{});
  EXPECT_EQ(options.data, "a b = # c");
}

TEST(Settings, AreRefusedWhereALineCannotHoldThem) {
  for (const char* bad : {"a\nb", " a", "a ", "a\x01"}) {
    ServeOptions options;
    options.data = bad;
    EXPECT_EQ(settings_text(options).code(), base::Code::invalid) << bad;
  }
}

TEST(Settings, DifferWhereSomethingElseIsGiven) {
  ServeOptions there;
  there.data = "/srv/data";
  there.behind_proxy = true;
  ServeOptions given;
  given.listen.clear();
  EXPECT_EQ(differences(there, given), Faults{});
  given.data = "/srv/data";
  given.tls_self_signed = true;
  given.names = {"a.example", "b.example"};
  EXPECT_EQ(differences(there, given),
            (Faults{"--name: nothing is there, a.example, b.example is given",
                    "--tls-self-signed: nothing is there, yes is given"}));
  fill_settings(there, given);
  EXPECT_TRUE(given.behind_proxy);
  EXPECT_EQ(given.listen, "127.0.0.1:8080");
  EXPECT_EQ(given.names.size(), 2U);
}

TEST(Settings, HavePathsFromTheTop) {
  ServeOptions options = everything();
  make_paths_absolute(options);
  EXPECT_TRUE(options.data.starts_with('/'));
  EXPECT_TRUE(options.smtp.password_file.starts_with('/'));
  EXPECT_EQ(options.listen, everything().listen);
  ServeOptions none;
  make_paths_absolute(none);
  EXPECT_EQ(none.root, "");
}

TEST(SettingsOptions, HoldBeforeThoseOfTheFile) {
  const std::string file = testing::TempDir() + "settings_test.conf";
  base::RealDisk disk;
  ASSERT_TRUE(base::write_file_atomically(
                  disk, file, base::view("data = there\nlisten = 127.0.0.1:1\nname = a.example\n"))
                  .ok());
  CLI::App command;
  ServeOptions options;
  add_config(command, options);
  add_settings(command, options);
  command.parse("--name b.example --listen 127.0.0.1:2 --behind-proxy --config " + file);
  EXPECT_EQ(options.data, "there");
  EXPECT_EQ(options.listen, "127.0.0.1:2");
  EXPECT_EQ(options.names, std::vector<std::string>{"b.example"});
  EXPECT_TRUE(options.behind_proxy);
  EXPECT_EQ(options.config, file);
  ASSERT_TRUE(disk.remove(file).ok());
  EXPECT_THROW(command.parse("--config " + file), CLI::ValidationError);
}

TEST(SettingsOptions, AreThoseOfTheTable) {
  CLI::App command;
  ServeOptions options;
  add_config(command, options);
  add_settings(command, options);
  std::set<std::string> names;
  for (const CLI::Option* option : command.get_options())
    if (option->get_lnames().front() != "help") names.insert(option->get_lnames().front());
  EXPECT_TRUE(names.erase("config"));
  EXPECT_EQ(names.size(), settings().size());
  for (const Setting& setting : settings()) EXPECT_TRUE(names.contains(setting.name.c_str()));
}

}  // namespace
}  // namespace app
