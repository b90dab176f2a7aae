// The readers of files of people: what they hand on, and what they say of files that are none.
#include <gtest/gtest.h>

#include "accounts/import_csv.h"
#include "accounts/import_json.h"

namespace accounts {
namespace {

using Read = base::Result<void> (*)(const ImportSource&, const ImportSink&);

/// As `line:column what`, for findings; as `line:column a|b|…`, for rows.
struct Told {
  std::vector<std::string> rows, wrong, broken;
};

std::string at(const Place& place) {
  return std::to_string(place.line) + ":" + std::to_string(place.column) + " ";
}

/// `piece`: how many bytes come at once.
Told told(Read read, std::string_view file, std::size_t piece = 7) {
  Told told;
  const ImportSource source = [&](base::Mutable out) -> base::Result<std::size_t> {
    const std::size_t size = std::min({piece, file.size(), out.size()});
    std::ranges::copy(base::view(file.substr(0, size)), out.begin());
    file.remove_prefix(size);
    return size;
  };
  const ImportSink sink{[&](const ImportRow& row) -> base::Result<bool> {
                          std::string text = at(row.at);
                          for (const auto& cell : row.cells)
                            text += (cell ? cell->text : "-") + "|";
                          told.rows.push_back(text);
                          return true;
                        },
                        [&](const ImportFinding& finding) {
                          told.wrong.push_back(at(finding.at) + finding.what.c_str());
                        },
                        [&](const ImportFinding& finding) {
                          told.broken.push_back(at(finding.at) + finding.what.c_str());
                        }};
  EXPECT_TRUE(read(source, sink).ok());
  return told;
}

using Lines = std::vector<std::string>;

TEST(ImportCsv, ReadsWhatRfc4180Describes) {
  for (const std::size_t piece : {1UL, 2UL, 1000UL}) {
    const Told all = told(&read_import_csv,
                          "\xEF\xBB\xBFlegal_name,email,language\r\n"
                          "\"Nordmann, \"\"Kari\"\"\",kari@example.com,nb\r\n"
                          "\r\n"
                          "\"Ola\nNordmann\",ola@example.com,\r\n"
                          "Åse,\"ase@example.com\",\"en\"",
                          piece);
    EXPECT_EQ(all.rows, (Lines{"2:1 kari@example.com|Nordmann, \"Kari\"|nb|-|-|-|",
                               "4:1 ola@example.com|Ola\nNordmann||-|-|-|",
                               "6:1 ase@example.com|Åse|en|-|-|-|"}));
    EXPECT_TRUE(all.wrong.empty() && all.broken.empty());
  }
  EXPECT_EQ(told(&read_import_csv, "\xEF\xBB\xBF\"email\",legal_name\na@b.example,A B\n").rows,
            Lines{"2:1 a@b.example|A B|-|-|-|-|"});
  EXPECT_TRUE(told(&read_import_csv, "email\n").rows.empty());
}

TEST(ImportCsv, TellsWhereAFileIsNone) {
  const auto broken = [](std::string_view file) {
    const Told all = told(&read_import_csv, file);
    EXPECT_EQ(all.broken.size(), 1U) << file;
    return all.broken.empty() ? "" : all.broken[0];
  };
  EXPECT_TRUE(broken("").starts_with("1:1 the first line"));
  EXPECT_TRUE(broken("kari@example.com,Kari\n").starts_with("1:1 the first line"));
  EXPECT_TRUE(broken("email;legal_name\n").starts_with("1:1 the first line"));
  EXPECT_TRUE(broken("email,email\n").starts_with("1:7 this column"));
  EXPECT_TRUE(broken("email,legal_name\na@b.example,A \"B\"\n").starts_with("2:15 a quote within"));
  EXPECT_TRUE(broken("email,legal_name\na@b.example,\"A B\n").starts_with("2:13 the quote"));
  EXPECT_TRUE(broken("email,legal_name\n\"a@b.example\"x,A\n").starts_with("2:14 a cell ends"));
  EXPECT_TRUE(broken("email,legal_name\na@b.example\rx\n").starts_with("2:12 a cell ends"));
  EXPECT_TRUE(broken("email\n" + std::string(5000, 'x')).starts_with("2:1 the cell is longer"));
  EXPECT_TRUE(broken("email\n\"" + std::string(5000, 'x')).starts_with("2:1 the cell is longer"));
  // Only the row is wrong, and reading goes on.
  const Told all = told(&read_import_csv, "email,legal_name\na,b,c\nd\na@b.example,A B\n");
  EXPECT_EQ(all.wrong.size(), 2U);
  EXPECT_TRUE(all.wrong.at(0).starts_with("2:1 ") && all.wrong.at(1).starts_with("3:1 "));
  EXPECT_EQ(all.rows.size(), 1U);
}

TEST(ImportJson, ReadsAListOfFlatObjects) {
  for (const std::size_t piece : {1UL, 2UL, 1000UL}) {
    const Told all = told(
        &read_import_json,
        "[\n  {\"email\": \"kari@example.com\", \"legal_name\": \"Nordmann, \\\"Kari\\\"\"},\n"
        "  {\"legal_name\": \"\\u00c5se\", \"email\": \"ase@example.com\", \"language\": null}]",
        piece);
    EXPECT_EQ(all.rows, (Lines{"2:3 kari@example.com|Nordmann, \"Kari\"|-|-|-|-|",
                               "3:3 ase@example.com|Åse||-|-|-|"}));
    EXPECT_TRUE(all.wrong.empty() && all.broken.empty());
  }
  EXPECT_TRUE(told(&read_import_json, "[]").rows.empty());
}

TEST(ImportJson, TellsWhereAFileIsNone) {
  const auto broken = [](std::string_view file) {
    const Told all = told(&read_import_json, file);
    EXPECT_EQ(all.broken.size(), 1U) << file;
    return all.broken.empty() ? "" : all.broken[0];
  };
  EXPECT_TRUE(broken("").ends_with("this is no JSON, or it ends too early"));
  EXPECT_TRUE(broken("{\"email\": \"a@b.example\"}").starts_with("1:1 the file is a list"));
  EXPECT_TRUE(broken("\"x\"").starts_with("1:1 the file is a list"));
  EXPECT_TRUE(broken("[\n{\"name\": \"x\"}]").starts_with("2:2 no such member"));
  EXPECT_TRUE(broken("[{\"email\": \"x\", \"email\": \"y\"}]").starts_with("1:17 this member"));
  EXPECT_TRUE(broken("[{\"email\": 7}]").ends_with("in objects within one list"));
  EXPECT_TRUE(broken("[{\"email\": {}}]").ends_with("in objects within one list"));
  EXPECT_TRUE(broken("[[]]").ends_with("in objects within one list"));
  EXPECT_TRUE(broken("[{\"email\": \"a\"}").ends_with("ends too early"));
  EXPECT_TRUE(broken("[{\"email\": \"a\"}] x").ends_with("ends too early"));
  EXPECT_TRUE(broken("[{\"email\": \"" + std::string(5000, 'x') + "\"}]")
                  .ends_with("longer than 4096 bytes"));
  EXPECT_TRUE(
      broken("[{\"email\": \"" + std::string(200'000, 'x')).ends_with("is a quote missing?"));
  EXPECT_TRUE(broken("[" + std::string(200'000, ' ')).ends_with("is a quote missing?"));
}

TEST(ImportFiles, SayWhereTheSourceFailsAndWhoStopsThem) {
  const ImportSource failing = [](base::Mutable) -> base::Result<std::size_t> {
    return base::Error{base::Code::io, "the peer is gone"};
  };
  const ImportSink deaf{[](const ImportRow&) -> base::Result<bool> { return true; },
                        [](const ImportFinding&) {}, [](const ImportFinding&) { FAIL(); }};
  EXPECT_EQ(read_import_csv(failing, deaf).code(), base::Code::io);
  EXPECT_EQ(read_import_json(failing, deaf).code(), base::Code::io);
  const auto stopped = [](Read read, std::string_view file) {
    std::size_t rows = 0;
    const ImportSource source = [&](base::Mutable out) -> base::Result<std::size_t> {
      const std::size_t size = std::min(file.size(), out.size());
      std::ranges::copy(base::view(file.substr(0, size)), out.begin());
      file.remove_prefix(size);
      return size;
    };
    const ImportSink first{[&](const ImportRow&) -> base::Result<bool> { return ++rows < 2; },
                           [](const ImportFinding&) {}, [](const ImportFinding&) {}};
    EXPECT_TRUE(read(source, first).ok());
    return rows;
  };
  EXPECT_EQ(stopped(&read_import_csv, "email\na\nb\nc\nd\n"), 2U);
  EXPECT_EQ(
      stopped(&read_import_json, R"([{"email":"a"},{"email":"b"},{"email":"c"},{"email":"d"}])"),
      2U);
}

}  // namespace
}  // namespace accounts
