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
}

TEST(UploadMetadata, IsRefusedInAnyOtherForm) {
  for (const char* bad :
       {"", ",", "path", "path ", "path YQ==,", "path YQ==,,filetype YQ==", "path YQ=", "path a/b",
        "path YQ== x", "filetype YQ==", "path YQ==,path YQ=="})
    EXPECT_EQ(parse_upload_metadata(bad).code(), base::Code::invalid) << bad;
}

}  // namespace
}  // namespace api
