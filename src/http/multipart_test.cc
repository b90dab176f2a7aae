#include "http/multipart.h"

#include <gtest/gtest.h>

#include "http/memory_body.h"

namespace http {
namespace {

constexpr const char* kType = "multipart/form-data; boundary=xyz";

struct Case {
  explicit Case(std::string text, std::string type = kType) : body(std::move(text)) {
    request.headers = {{"content-type", std::move(type)}};
    request.body = &body;
  }
  MemoryBody body;
  Request request;
};

std::string two_parts(const std::string& content) {
  return "--xyz\r\nContent-Disposition: form-data; name=\"folder\"\r\n\r\nClients\r\n"
         "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\\\a\\\\b.txt\"\r\n"
         "Content-Type: text/plain\r\n\r\n" +
         content + "\r\n--xyz--\r\n";
}

TEST(Multipart, GivesPartsInOrder) {
  const std::string content = "one\r\n--xy\r\ntwo";  // almost a delimiter
  Case c(two_parts(content));
  auto form = Multipart::open(c.request);
  ASSERT_TRUE(form.ok());
  auto folder = form->next();
  ASSERT_TRUE(folder.ok() && folder->has_value());
  EXPECT_EQ((*folder)->name, "folder");
  EXPECT_FALSE((*folder)->file_name);
  EXPECT_EQ(form->read_text(100).value(), "Clients");
  auto file = form->next();
  ASSERT_TRUE(file.ok() && file->has_value());
  EXPECT_EQ((*file)->file_name, "b.txt");
  EXPECT_EQ(form->read_text(100).value(), content);
  const auto end = form->next();
  ASSERT_TRUE(end.ok());
  EXPECT_FALSE(end->has_value());
}

TEST(Multipart, StreamsPartsLargerThanItsBuffer) {
  std::string content;
  for (int i = 0; i < 300'000; ++i) content += static_cast<char>('a' + i % 26);
  Case c(two_parts(content));
  auto form = Multipart::open(c.request);
  ASSERT_TRUE(form.ok());
  ASSERT_TRUE(form->next().ok());
  ASSERT_TRUE(form->next().ok());  // skips what is left of the first
  EXPECT_EQ(form->read_text(1 << 20).value(), content);
}

TEST(Multipart, HasEmptyParts) {
  Case c(two_parts(""));
  auto form = Multipart::open(c.request);
  ASSERT_TRUE(form->next().ok());
  ASSERT_TRUE(form->next().ok());
  EXPECT_EQ(form->read_text(10).value(), "");
  EXPECT_FALSE(form->next().value().has_value());
}

TEST(Multipart, BoundsFields) {
  Case c(two_parts(std::string(5000, 'x')));
  auto form = Multipart::open(c.request);
  ASSERT_TRUE(form->next().ok());
  ASSERT_TRUE(form->next().ok());
  EXPECT_EQ(form->read_text(4999).code(), base::Code::too_large);
}

TEST(Multipart, RefusesOtherTypes) {
  EXPECT_EQ(Multipart::open(Case("", "text/plain").request).code(), base::Code::unsupported);
  EXPECT_EQ(Multipart::open(Case("", "multipart/form-data").request).code(), base::Code::invalid);
  EXPECT_EQ(
      Multipart::open(Case("", "multipart/form-data; boundary=" + std::string(71, 'x')).request)
          .code(),
      base::Code::invalid);
}

TEST(Multipart, RefusesWhatIsCutOrBroken) {
  const std::string whole = two_parts("content");
  for (std::size_t size = 0; size < whole.size() - 4; ++size) {
    Case c(whole.substr(0, size));
    auto form = Multipart::open(c.request);
    ASSERT_TRUE(form.ok());
    bool failed = false;
    for (int part = 0; part < 3 && !failed; ++part) {
      const auto next = form->next();
      failed = !next.ok();
    }
    EXPECT_TRUE(failed) << size;
  }
  Case nameless("--xyz\r\nContent-Type: text/plain\r\n\r\nx\r\n--xyz--\r\n");
  auto form = Multipart::open(nameless.request);
  EXPECT_EQ(form->next().code(), base::Code::invalid);
}

}  // namespace
}  // namespace http
