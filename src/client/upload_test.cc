#include "client/upload.h"

#include <gtest/gtest.h>

#include "base/host.h"
#include "store/testing.h"
#include "tests/support/answering.h"
#include "tests/support/remote.h"

namespace client {
namespace {

using base::Code;
using support::answer;
using support::NoWait;
using support::remote_at;
using support::Request;
using support::TestServer;

constexpr UploadParts kSmall = {.from_bytes = 8, .bytes = 4};

class UploadTest : public testing::Test {
 protected:
  /// A server that takes uploads in parts, and has one at most.
  std::string serve(const Request& request) {
    asked_ += request.method[0];
    last_ = request;
    if (request.path.starts_with("/v1/files/")) return answer(there_, "");
    if (request.method == "POST") {
      came_.clear();
      return answer("201 Created", "", "Location: " + location_ + "\r\n");
    }
    if (request.method == "DELETE") return answer("204 No Content", "");
    if (request.method == "HEAD")
      return "HTTP/1.1 200 OK\r\nConnection: close\r\nUpload-Offset: " +
             std::to_string(came_.size()) + "\r\nUpload-Length: " + std::to_string(length_) +
             "\r\n\r\n";
    return take(request);
  }
  std::string take(const Request& request) {
    if (meanwhile_) meanwhile_();
    if (!refusal_.empty()) return answer(refusal_, "");
    if (!request.has("Upload-Offset: " + std::to_string(came_.size())))
      return answer("409 Conflict", "");
    const bool breaks = breaks_ > 0;
    if (breaks) --breaks_;
    came_ += breaks ? request.body.substr(0, of_a_broken_one_) : request.body;
    if (breaks) return {};
    return answer("204 No Content", "", "Upload-Offset: " + std::to_string(came_.size()) + "\r\n");
  }

  base::Result<void> put(Replace replace = Replace::no) {
    const TestServer server([this](const Request& request) { return serve(request); });
    // The address is part of what an upload is known by, and every server here has another.
    BegunUploads begun(disk_, directory_.file("uploads"));
    auto remote = remote_at(server, wait_);
    return upload(remote, {disk_, wait_}, begun, outbound(replace), moved(), kSmall);
  }
  Outbound outbound(Replace replace) const {
    return {file(), RemotePath::parse("b/a").value(), "text/plain", replace};
  }
  Moved moved() {
    return [this](std::uint64_t done, std::optional<std::uint64_t>) { moved_.push_back(done); };
  }
  std::string file() const { return directory_.file("a"); }
  void write(std::string_view text) {
    base::write_file_atomically(disk_, file(), base::view(text)).value();
  }
  std::size_t begun() {
    const auto names = disk_.list(directory_.file("uploads"));
    return names.ok() ? names->size() : 0;
  }

  store::TemporaryDirectory directory_;
  base::RealDisk disk_;
  NoWait wait_;
  std::string there_ = "404 Not Found";
  std::string location_ = "/v1/uploads/aaaa2";
  std::string refusal_;
  std::string came_;
  std::size_t length_ = 10;
  int breaks_ = 0;
  std::size_t of_a_broken_one_ = 0;
  std::function<void()> meanwhile_;
  std::string asked_;  // the first letters of the methods
  Request last_;
  std::vector<std::uint64_t> moved_;
};

TEST_F(UploadTest, ASmallOneIsTheWholeFile) {
  Request seen;
  const TestServer server([&](const Request& request) {
    seen = request;
    return answer("201 Created",
                  R"({"name":"a","kind":"file","size":5,"type":"text/plain","etag":"\"v1\"",)"
                  R"("changed":"2026-11-23T22:22:56Z"})");
  });
  auto remote = remote_at(server, wait_);
  BegunUploads begun(disk_, directory_.file("uploads"));
  const auto put = [&] {
    return upload(remote, {disk_, wait_}, begun, outbound(Replace::no), moved(), kSmall);
  };
  EXPECT_EQ(put().code(), Code::missing);
  write("hello");
  EXPECT_TRUE(put().ok());
  EXPECT_EQ(seen.method, "PUT");
  EXPECT_EQ(seen.body, "hello");
  EXPECT_EQ(moved_.back(), 5U);
  write("hello!");
  EXPECT_EQ(put().code(), Code::corrupt) << "the server has kept another number of bytes";
}

TEST_F(UploadTest, ALargeOneGoesInParts) {
  write("0123456789");
  put().value();
  EXPECT_EQ(came_, "0123456789");
  EXPECT_EQ(asked_, "HPPPP");
  EXPECT_EQ(last_.path, "/v1/uploads/aaaa2");
  EXPECT_TRUE(last_.has("Tus-Resumable: 1.0.0"));
  EXPECT_TRUE(last_.has("Upload-Offset: 8"));
  EXPECT_TRUE(last_.has("If-None-Match: *"));
  EXPECT_EQ(moved_.front(), 0U);
  EXPECT_EQ(moved_.back(), 10U);
  EXPECT_EQ(begun(), 0U) << "what is finished is not remembered";
  put(Replace::yes).value();
  EXPECT_FALSE(last_.has("If-None-Match: *"));
}

TEST_F(UploadTest, SaysWhatItBrings) {
  write("0123456789");
  refusal_ = "403 Forbidden";
  const TestServer server([this](const Request& request) {
    if (request.method == "PATCH") return answer("403 Forbidden", "");
    return serve(request);
  });
  BegunUploads begun(disk_, directory_.file("uploads"));
  auto remote = remote_at(server, wait_);
  EXPECT_EQ(upload(remote, {disk_, wait_}, begun, outbound(Replace::no), moved(), kSmall).code(),
            Code::denied);
  EXPECT_TRUE(last_.has("Upload-Length: 10"));
  EXPECT_TRUE(last_.has("Upload-Metadata: path Yi9h,filetype dGV4dC9wbGFpbg=="));
}

TEST_F(UploadTest, GoesOnByItselfAsLongAsSomethingComes) {
  write("0123456789");
  breaks_ = 9;
  of_a_broken_one_ = 1;
  put().value();
  EXPECT_EQ(came_, "0123456789");
  EXPECT_EQ(wait_.sleeps, 9);
}

TEST_F(UploadTest, ALastPartThatNobodyAnsweredWasTheLastAllTheSame) {
  write("0123456789");
  meanwhile_ = [&] { breaks_ = came_.size() == 8 ? 1 : 0; };
  of_a_broken_one_ = 4;
  put().value();
  EXPECT_EQ(came_, "0123456789");
}

TEST_F(UploadTest, WaitsForWhatAnEarlierConnectionHolds) {
  write("0123456789");
  meanwhile_ = [&] { refusal_ = wait_.sleeps < 3 ? "423 Locked" : ""; };
  put().value();
  EXPECT_EQ(came_, "0123456789");
  EXPECT_EQ(wait_.slept, std::chrono::seconds(7));
}

TEST_F(UploadTest, GivesUpAndAnotherRunGoesOn) {
  write("0123456789");
  BegunUploads begun(disk_, directory_.file("uploads"));
  const TestServer server([this](const Request& request) { return serve(request); });
  const auto put = [&] {
    auto remote = remote_at(server, wait_);
    moved_.clear();
    return upload(remote, {disk_, wait_}, begun, outbound(Replace::no), moved(), kSmall);
  };
  meanwhile_ = [&] { breaks_ = came_.size() >= 4 ? 1 : 0; };
  EXPECT_EQ(put().code(), Code::unavailable);
  EXPECT_EQ(wait_.slept, std::chrono::seconds(63));
  EXPECT_EQ(came_, "0123");
  ASSERT_EQ(this->begun(), 1U);
  const std::string kept =
      directory_.file("uploads/" + disk_.list(directory_.file("uploads"))->front());
  EXPECT_EQ(base::file_status(kept)->permissions, 0600U);
  EXPECT_EQ(base::text(*base::read_file(disk_, kept, 100)), "aaaa2") << "nothing of what is sent";
  meanwhile_ = nullptr;
  breaks_ = 0;
  asked_.clear();
  put().value();
  EXPECT_EQ(asked_, "HPP") << "none is begun";
  EXPECT_EQ(moved_.front(), 4U) << "what was there is shown as done";
  EXPECT_EQ(came_, "0123456789");
  EXPECT_EQ(this->begun(), 0U);
}

TEST_F(UploadTest, AnotherVersionOfTheFileBeginsAnew) {
  write("0123456789");
  BegunUploads begun(disk_, directory_.file("uploads"));
  const TestServer server([this](const Request& request) { return serve(request); });
  const auto put = [&] {
    auto remote = remote_at(server, wait_);
    return upload(remote, {disk_, wait_}, begun, outbound(Replace::no), moved(), kSmall);
  };
  meanwhile_ = [&] { refusal_ = came_.size() >= 4 ? "507 Full" : ""; };
  EXPECT_EQ(put().code(), Code::full);
  meanwhile_ = nullptr;
  refusal_.clear();
  write("abcdefghij");
  put().value();
  EXPECT_EQ(came_, "abcdefghij");
}

TEST_F(UploadTest, AFileThatChangesMeanwhileIsNotMixed) {
  write("0123456789");
  meanwhile_ = [&] { write("abcdefghij"); };
  EXPECT_EQ(put().code(), Code::conflict);
  EXPECT_EQ(asked_.back(), 'D') << "what came of it is ended";
  EXPECT_EQ(came_, "0123");
  EXPECT_EQ(begun(), 0U);
}

TEST_F(UploadTest, ReplacesNothingThatItMayNot) {
  write("0123456789");
  there_ = "200 OK\r\nETag: \"v1\"";
  EXPECT_EQ(put().code(), Code::stale);
  EXPECT_EQ(asked_, "H") << "nothing was begun";
  put(Replace::yes).value();
  there_ = "200 OK";  // a folder
  EXPECT_EQ(put(Replace::yes).code(), Code::conflict);
  // What came while it was under way.
  there_ = "404 Not Found";
  meanwhile_ = [&] { refusal_ = came_.size() == 8 ? "412 Precondition Failed" : ""; };
  EXPECT_EQ(put().code(), Code::stale);
  EXPECT_EQ(begun(), 1U) << "with --force it goes on there";
}

TEST_F(UploadTest, ItsPartsGoNowhereElse) {
  write("0123456789");
  for (const char* bad : {"https://other.example/v1/uploads/a", "/v1/files/a", "/v1/uploads/",
                          "/v1/uploads/../files/a", "//other.example/v1/uploads/a"}) {
    location_ = bad;
    EXPECT_EQ(put().code(), Code::corrupt) << bad;
  }
}

}  // namespace
}  // namespace client
