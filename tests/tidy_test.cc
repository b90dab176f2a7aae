// The source as a test subject: every rule of tests/tidy/rules.h, first against snippets that break
// it (a rule that cannot fail is worth nothing), then against the tree.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tidy/rules.h"

namespace tidy {
namespace {

using Rule = std::function<Findings(const Source&)>;

/// The lines on which `rule` finds something in a file of that path and text.
std::vector<std::size_t> found(const Rule& rule, const std::string& path, std::string_view text) {
  std::vector<std::size_t> lines;
  for (const Finding& finding : rule(source(path, text))) lines.push_back(finding.line);
  return lines;
}
using Lines = std::vector<std::size_t>;

Layers two_layers() {
  Layers layers;
  EXPECT_EQ(read_layers(source("layers.txt", "base:\nstore: base\nvault: base store\n"), layers),
            Findings{});
  return layers;
}

TEST(TidySource, BlanksCommentsAndLiterals) {
  const Source file = source("src/base/a.cc",
                             "int a; // getenv\n"
                             "const char* b = \"getenv\\\"getenv\"; char c = '\"'; int d = 1'000;\n"
                             "/* getenv\n getenv */ int e;\n"
                             "auto f = R\"sql(getenv \" getenv)sql\"; int g;\n");
  for (const std::string& line : file.code)
    EXPECT_EQ(line.find("getenv"), std::string::npos) << line;
  EXPECT_NE(file.code[1].find("int d = 1'000;"), std::string::npos);
  EXPECT_NE(file.code[3].find("int e;"), std::string::npos);
  EXPECT_NE(file.code[4].find("int g;"), std::string::npos);
  EXPECT_NE(file.uncommented[1].find("getenv"), std::string::npos);
  EXPECT_EQ(file.uncommented[0].find("getenv"), std::string::npos);
  EXPECT_EQ(file.lines.size(), file.code.size());
}

TEST(TidyLayers, EdgesGoDownwards) {
  Layers layers;
  const Rule read = [&](const Source& file) { return read_layers(file, layers); };
  EXPECT_EQ(found(read, "layers.txt", "# why\n\nbase:\nstore: base vault\nnonsense\nbase:\n"),
            (Lines{4, 5, 6}));
}

TEST(TidyLayers, IncludesAreHeldAgainstThem) {
  const Layers layers = two_layers();
  const Rule rule = [&](const Source& file) { return include_edges(file, layers); };
  const char* upwards =
      "#include \"base/id.h\"\n#include \"vault/vault.h\"\n#include \"store/x.h\"\n";
  EXPECT_EQ(found(rule, "src/store/a.cc", upwards), Lines{2});
  EXPECT_EQ(found(rule, "src/base/a.h", upwards), (Lines{2, 3}));
  EXPECT_EQ(found(rule, "src/vault/a.cc", upwards), Lines{});
  EXPECT_EQ(found(rule, "src/store/a_test.cc", upwards), Lines{});
  EXPECT_EQ(found(rule, "src/store/a.cc", "#include \"a.h\"\n#  include \"none/b.h\"\n"),
            (Lines{1, 2}));
  EXPECT_EQ(found(rule, "src/unknown/a.cc", "int a;\n"), Lines{0});
}

TEST(TidyLayers, TheBuildIsHeldAgainstThem) {
  const Layers layers = two_layers();
  const Rule rule = [&](const Source& file) { return build_edges(file, layers); };
  EXPECT_EQ(found(rule, "src/CMakeLists.txt",
                  "scalign_module(store DEPS base LIBS vault TEST_DEPS vault)\n"
                  "scalign_module(base DEPS\n  store LIBS fmt)\n"
                  "scalign_module(store DEPS vault\n base)\n"),
            (Lines{2, 4}));
}

TEST(TidyCalls, OutsideTheirModulesAreFound) {
  const auto line = [](const std::string& module, const std::string& code) {
    return found(forbidden_calls, "src/" + module + "/a.cc", code + "\n").size();
  };
  for (const char* code : {"auto t = std::chrono::system_clock::now();",
                           "auto t = std::chrono::steady_clock::now();",
                           "auto t = time(nullptr);",
                           "x = std::time(0);",
                           "return ::time(nullptr);",
                           "gettimeofday(&tv, nullptr);",
                           "int n = rand();",
                           "std::random_device device;",
                           "randombytes_buf(p, n);",
                           "RAND_bytes(p, n);",
                           "FILE* f = fopen(a, b);",
                           "std::ifstream in(path);",
                           "std::ofstream out;",
                           "std::filesystem::exists(p);",
                           "int d = ::open(p, 0);",
                           "if (::rename(a, b) != 0)",
                           "int s = socket(AF_INET, 0, 0);",
                           "::connect(s, a, n);",
                           "::bind(s, a, n);",
                           "const char* e = getenv(\"HOME\");",
                           "std::getenv(x);",
                           "std::mutex m;",
                           "std::condition_variable c;",
                           "std::thread t(f);",
                           "std::this_thread::sleep_for(1s);",
                           "usleep(5);",
                           "system(\"ls\");",
                           "if (fork() == 0)",
                           "std::cerr << 1;",
                           "printf(\"x\");",
                           "OpeningForTests::make();"})
    EXPECT_GE(line("vault", code), 1U) << code;
  EXPECT_EQ(line("base", "std::mutex m; auto t = std::chrono::system_clock::now();"), 0U);
  EXPECT_EQ(line("http", "std::thread t(f);"), 0U);
  EXPECT_EQ(line("app", "getenv(x);"), 0U);
  EXPECT_EQ(line("base", "getenv(x);"), 1U);
  EXPECT_EQ(found(forbidden_calls, "src/vault/tool_main.cc", "std::cerr << 1;\nrand();"), Lines{2});
}

TEST(TidyCalls, WhatOnlyLooksLikeThemIsNot) {
  for (const char* code :
       {"Time time(int column) const;", "base::Time t = row.time(3);", "x->time(3);",
        "fields.time(\"x\");", "clock_.now();", "disk.open(path, how);", "Vault::open(parts);",
        "base::Disk::rename(a, b);", "std::bind(f, x);", "Server::bind(options);",
        "const char* k = \"getenv(x)\"; // getenv(x)", "brand(1);", "std::mutexes m;",
        "Result<Time> Fields::time(Literal name) const {", "runtime(3);", "vault::Clock clock(x);",
        ": clock(*owned_clock),"})
    EXPECT_EQ(found(forbidden_calls, "src/vault/a.cc", code), Lines{}) << code;
  EXPECT_EQ(found(forbidden_calls, "src/vault/a_test.cc", "std::thread t;"), Lines{});
}

TEST(TidyHeaders, BelongToTheirModules) {
  const auto count = [](const std::string& module, const std::string& header) {
    return found(forbidden_headers, "src/" + module + "/a.cc", "#include <" + header + ">\n")
        .size();
  };
  for (const char* header : {"sqlite3.h", "openssl/evp.h", "sodium.h", "curl/curl.h", "random",
                             "boost/asio.hpp", "sys/socket.h", "netinet/in.h", "fcntl.h",
                             "unistd.h", "fstream", "filesystem", "mutex", "thread", "ctime"})
    EXPECT_EQ(count("accounts", header), 1U) << header;
  EXPECT_EQ(count("store", "sqlite3.h"), 0U);
  EXPECT_EQ(count("http", "boost/asio/ip/tcp.hpp"), 0U);
  EXPECT_EQ(count("accounts", "string"), 0U);
  EXPECT_EQ(count("accounts", "fmt/format.h"), 0U);
}

TEST(TidyHeaders, OursShowNoThirdParty) {
  EXPECT_EQ(found(third_party_in_header, "src/vault/a.h",
                  "#include <string>\n#include <fmt/format.h>\n#include <sodium.h>\n"
                  "#include \"base/id.h\"\n#include <cstdint>\n"),
            (Lines{2, 3}));
  EXPECT_EQ(found(third_party_in_header, "src/vault/a.cc", "#include <fmt/format.h>\n"), Lines{});
}

TEST(TidyShape, FilesAndLinesHaveCaps) {
  const auto lines = [](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "x\n";
    return text;
  };
  EXPECT_EQ(found(too_long, "src/a/a.cc", lines(500)), Lines{});
  EXPECT_EQ(found(too_long, "src/a/a.cc", lines(501)), Lines{501});
  EXPECT_EQ(found(too_long, "src/a/a.h", lines(201)), Lines{201});
  EXPECT_EQ(found(too_long, "src/a/a_test.cc", lines(500)), Lines{});
  EXPECT_EQ(found(too_long, "src/a/a_test.cc", lines(501)), Lines{501});
  EXPECT_EQ(found(too_long, "tests/a_test.py", lines(501)), Lines{501});
  EXPECT_EQ(found(too_long, "web/a.ts", lines(501)), Lines{501});
  EXPECT_EQ(found(too_long, "package-lock.json", lines(9000)), Lines{});
  EXPECT_EQ(found(too_wide, "src/a/a.cc", "ok\n" + std::string(101, 'x') + "\n"), Lines{2});
  EXPECT_EQ(found(too_wide, "src/a/a.cc", "// " + std::string(97, 'x') + "\n"), Lines{});
  std::string accents = "// ";
  for (int i = 0; i < 97; ++i) accents += "\xc3\xb8";
  EXPECT_EQ(found(too_wide, "src/a/a.cc", accents), Lines{});
}

TEST(TidyShape, HeadersOpenWithAParagraph) {
  const std::string paragraph =
      "// What it is, what it owns and what it never does: all of that.\n";
  const Rule& rule = header_paragraph;
  EXPECT_EQ(found(rule, "src/a/a.h", paragraph + "#pragma once\n"), Lines{});
  EXPECT_EQ(found(rule, "src/a/a.h", paragraph + "//\n// More.\n#pragma once\n"), Lines{});
  EXPECT_EQ(found(rule, "src/a/a.h", "#pragma once\n"), Lines{1});
  EXPECT_EQ(found(rule, "src/a/a.h", "// Things.\n#pragma once\n"), Lines{1});
  EXPECT_EQ(found(rule, "src/a/a.h", paragraph + "\n#include <a>\n"), Lines{2});
  EXPECT_EQ(found(rule, "src/a/a.h", paragraph), Lines{2});
  EXPECT_EQ(found(rule, "src/a/a.cc", "int a;\n"), Lines{});
}

TEST(TidyWords, TheOperatorIsReadFromTheNotice) {
  const Source notice = source("notice/x.yaml",
                               "page:\n  name: Somebody else\n"
                               "operator:\n  name: Example AS\n"
                               "  organisation_number: \"123 456 789\"\n"
                               "  address:\n    street: Main street 2\n"
                               "  contact: hello@example.org\n  service: Example\n"
                               "  brand:\n    name: example\n"
                               "  site: https://www.example.org/x\n"
                               "  origins:\n    - https://example.org\n"
                               "minimum_age: 18\n");
  const auto names = operator_names(notice);
  EXPECT_EQ(names, (std::vector<std::string>{"123 456 789", "123456789", "Example", "Example AS",
                                             "Main street 2", "example.org", "hello@example.org",
                                             "www.example.org"}));
  const Rule rule = [&](const Source& file) { return operator_named(file, names); };
  EXPECT_EQ(found(rule, "src/pages/a.cc",
                  "// Example does this.\n\"EXAMPLE.org\"\nint org = 123456789;\n"
                  "namespace example {}\n// X-Scalign-Mail\nint Examples;\n// main street 2\n"),
            (Lines{1, 2, 3, 7}));
  EXPECT_EQ(found(rule, "notice/x.yaml", "Example AS\n"), Lines{});
}

TEST(TidyWords, NothingIsLeftOver) {
  const std::string undone = std::string("// TO") + "DO: later\n// a FIX" + "ME\n";
  EXPECT_EQ(found(leftovers, "src/a/a.cc", undone + "// TODOS are another word\n"), (Lines{1, 2}));
  EXPECT_EQ(found(leftovers, "test", std::string("cd /ho") + "me/somebody/x\n"), Lines{1});
  EXPECT_EQ(found(leftovers, "test", "cd $HOME\n"), Lines{});
  EXPECT_EQ(found(leftovers, "package-lock.json",
                  "\"resolved\": \"https://registry.npmjs.org/a.tgz\"\n"
                  "\"resolved\": \"http://127.0.0.1:8000/a.tgz\"\n"),
            Lines{2});
}

TEST(TidyColumns, OnlyKindsThatMayBePlain) {
  const auto bad = [](const std::string& columns) {
    return found(plain_columns, "src/accounts/a.cc",
                 "auto sql = \"CREATE TABLE accounts_x (\"\n  \"" + columns + "\";\n")
        .size();
  };
  EXPECT_EQ(
      bad("id BLOB NOT NULL PRIMARY KEY, owner BLOB, token_digest BLOB UNIQUE,"
          " expires_at INTEGER CHECK (expires_at > 0), sealed BLOB, PRIMARY KEY (id, owner))"),
      0U);
  for (const char* column : {"name", "email", "path", "title", "type", "email_hash", "user_name",
                             "ip_digest", "Address", "legal_name", "phone_number"})
    EXPECT_EQ(bad("id BLOB, " + std::string(column) + " TEXT, size INTEGER)"), 1U) << column;
  EXPECT_EQ(bad("name TEXT, email TEXT, id BLOB)"), 2U);
}

TEST(TidyColumns, AreFoundWhereverTheyAreWritten) {
  EXPECT_EQ(found(plain_columns, "src/a/a.cc",
                  "auto s = R\"(\n  CREATE TABLE x (\n    id BLOB, -- name, email\n"
                  "    email TEXT\n  ) STRICT;\n  CREATE TABLE y (title TEXT);\n)\";\n"
                  "// CREATE TABLE z (name TEXT)\n"
                  "auto t = \"ALTER TABLE x ADD COLUMN path TEXT\";\n"
                  "auto u = \"ALTER TABLE x ADD COLUMN size INTEGER\";\n"),
            (Lines{4, 6, 9}));
  EXPECT_EQ(found(plain_columns, "src/a/a_test.cc", "\"CREATE TABLE x (name TEXT)\"\n"), Lines{});
}

TEST(TidyDoors, SqliteIsTheStoresAlone) {
  for (const char* code :
       {"#include <sqlite3.h>", "#include \"sqlite3.h\"", "#  include <sqlite3ext.h>",
        "sqlite3* database;", "int x = sqlite3_step(s);", "::sqlite3_exec(d);",
        "struct sqlite3_stmt;"}) {
    const std::string text = std::string("int a;\n") + code + "\n";
    EXPECT_EQ(found(database_elsewhere, "src/vault/a.cc", text), Lines{2}) << code;
    EXPECT_EQ(found(database_elsewhere, "src/app/a.h", text), Lines{2}) << code;
    EXPECT_EQ(found(database_elsewhere, "src/store/a.cc", text), Lines{}) << code;
  }
  EXPECT_EQ(found(database_elsewhere, "src/vault/a.cc",
                  "// sqlite3_step\nauto s = \"sqlite3\"; int my_sqlite3_x;\n"),
            Lines{});
}

TEST(TidyDoors, SealedTablesAreTheVaultsAlone) {
  const char* text =
      "auto a = \"SELECT sealed FROM vault_record WHERE id = ?\";\n"
      "auto b = \"DELETE FROM \"\n  \"vault_content\";\n"
      "// vault_record\nint vault_command(int vault_x);\nauto c = \"my_vault_record\";\n"
      "auto d = R\"(SELECT 1\nFROM vault_directory)\";\n";
  EXPECT_EQ(found(vault_elsewhere, "src/backup/a.cc", text), (Lines{1, 3, 8}));
  EXPECT_EQ(found(vault_elsewhere, "src/vault/a.cc", text), Lines{});
}

TEST(TidyDoors, TheVaultsInsideStaysThere) {
  const char* text =
      "#include \"vault/vault.h\"\n#include \"vault/records.h\"\n#include \"vault/fields.h\"\n"
      "#include \"vault/sealing.h\"\n#include \"vault/content_store.h\"\n";
  EXPECT_EQ(found(vault_elsewhere, "src/accounts/a.cc", text), (Lines{2, 4, 5}));
  EXPECT_EQ(found(vault_elsewhere, "src/vault/a.cc", text), Lines{});
  EXPECT_EQ(found(vault_elsewhere, "src/accounts/a_test.cc", text), Lines{});
}

TEST(TidyDoors, NothingIsHandedOutWithoutLeave) {
  const Rule& rule = opened_without_leave;
  const char* text =
      "class Vault {\n public:\n"
      "  base::Result<Record> get(store::Reader& reader, const Key& key);\n"
      "  base::Result<Record> get(store::Reader& reader, const gate::Permit& permit,\n"
      "                           const Key& key);\n"
      "  base::Result<void> put(store::Tx& tx, const Key& key);\n"
      "  base::Result<std::vector<Record>> list(store::Reader& reader,\n"
      "                                         base::OwnerId owner);\n"
      "  base::Result<ExportPage> export_page(gate::Actor actor, base::OwnerId owner);\n"
      "  base::Result<std::unique_ptr<ContentReader>> open(base::ContentId id);\n"
      " private:\n  Record peek();\n};\n";
  EXPECT_EQ(found(rule, "src/vault/vault.h", text), (Lines{3, 7, 10}));
  EXPECT_EQ(found(rule, "src/vault/records.h", text), Lines{});
}

class TidyTree : public testing::Test {
 protected:
  static const std::vector<Source>& tree() {
    static const std::vector<Source> all = tracked();
    return all;
  }
  static const Source& file(const std::string& path) {
    for (const Source& one : tree())
      if (one.path == path) return one;
    static const Source none;
    ADD_FAILURE() << path << " is not tracked (run from the top of the tree)";
    return none;
  }
  static Layers layers() {
    Layers all;
    report(read_layers(file("layers.txt"), all));
    return all;
  }
  static void report(const Findings& findings) {
    for (const Finding& finding : findings) ADD_FAILURE() << finding;
  }
  static void hold(const Rule& rule) {
    for (const Source& one : tree()) report(rule(one));
  }
};

TEST_F(TidyTree, IsThere) {
  std::size_t cpp = 0;
  for (const Source& one : tree()) cpp += one.cpp() && !one.module().empty() ? 1 : 0;
  EXPECT_GE(cpp, 50U);
}
TEST_F(TidyTree, IncludesGoDownwards) {
  const Layers all = layers();
  hold([&](const Source& one) { return include_edges(one, all); });
  report(build_edges(file("src/CMakeLists.txt"), all));
}
TEST_F(TidyTree, CallsStayInTheirModules) { hold(forbidden_calls); }
TEST_F(TidyTree, SystemHeadersStayInTheirModules) { hold(forbidden_headers); }
TEST_F(TidyTree, HeadersShowNoThirdParty) { hold(third_party_in_header); }
TEST_F(TidyTree, FilesStayShort) { hold(too_long); }
TEST_F(TidyTree, LinesStayNarrow) { hold(too_wide); }
TEST_F(TidyTree, HeadersSayWhatTheyAre) { hold(header_paragraph); }
TEST_F(TidyTree, TheOperatorStandsInTheNotice) {
  const auto names = operator_names(file("notice/scalign.yaml"));
  EXPECT_GE(names.size(), 6U);
  hold([&](const Source& one) { return operator_named(one, names); });
}
TEST_F(TidyTree, NothingIsLeftOver) { hold(leftovers); }
TEST_F(TidyTree, ColumnsHoldNothingPersonal) { hold(plain_columns); }
TEST_F(TidyTree, SqliteStaysInTheStore) { hold(database_elsewhere); }
TEST_F(TidyTree, SealedTablesStayInTheVault) { hold(vault_elsewhere); }
TEST_F(TidyTree, NothingOpensWithoutLeave) { hold(opened_without_leave); }

}  // namespace
}  // namespace tidy
