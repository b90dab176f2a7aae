#include "api/upload_metadata.h"

#include <gtest/gtest.h>

namespace api {
namespace {

TEST(UploadMetadata, SaysWhereAFileIsToBeAndOfWhatKindItIs) {
  // a/b.txt, text/plain
  const auto all = parse_upload_metadata("path YS9iLnR4dA==,filetype dGV4dC9wbGFpbg==");
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->path, "a/b.txt");
  EXPECT_EQ(all->type, "text/plain");
  EXPECT_EQ(parse_upload_metadata("relativePath bnVsbA==, filename YS9iLnR4dA==, flag")->path,
            "a/b.txt");
  EXPECT_EQ(parse_upload_metadata("filename YQ==,path Yg==")->path, "b");
  EXPECT_FALSE(all->modified);
  // 2026-11-28T06:00:00Z
  const auto dated = parse_upload_metadata("path YQ==,modified MjAyNi0xMS0yOFQwNjowMDowMFo=");
  EXPECT_EQ(base::rfc3339(dated->modified.value()), "2026-11-28T06:00:00Z");
}

TEST(UploadMetadata, IsRefusedInAnyOtherForm) {
  for (const char* bad :
       {"", ",", "path", "path ", "path YQ==,", "path YQ==,,filetype YQ==", "path YQ=", "path a/b",
        "path YQ== x", "filetype YQ==", "path YQ==,path YQ==", "path YQ==,modified YQ=="})
    EXPECT_EQ(parse_upload_metadata(bad).code(), base::Code::invalid) << bad;
}

}  // namespace
}  // namespace api
