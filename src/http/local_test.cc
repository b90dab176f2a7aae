// A server that listens in the file system.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "http/harness.h"
#include "store/testing.h"

namespace http {
namespace {

namespace asio = boost::asio;

void routes(Router& router) {
  router.add(Method::get, "/", [](Request& request, const Captures&) {
    return Response::text(200, request.client.is_loopback() ? "from here" : "from elsewhere");
  });
}

Options on(const std::string& path) {
  Options options = test_options();
  options.listen = {.address = {}, .path = path};
  return options;
}

std::string ask(const std::string& path) {
  asio::io_context context;
  asio::local::stream_protocol::socket socket(context);
  socket.connect(path);
  asio::write(socket, asio::buffer(std::string("GET / HTTP/1.1\r\nHost: localhost\r\n"
                                               "Connection: close\r\n\r\n")));
  std::string answer;
  boost::system::error_code end;
  asio::read(socket, asio::dynamic_buffer(answer), end);
  return answer;
}

base::Code refusal(const std::string& path) {
  base::SystemClock clock;
  base::SystemEntropy entropy;
  base::Log log(clock, [](std::string_view) {});
  const Router router;
  return Server::bind(on(path), router, {}, entropy, log).code();
}

TEST(LocalSocket, AnswersOnAPathThatIsItsOwnersAlone) {
  const store::TemporaryDirectory directory;
  const std::string path = directory.file("socket");
  const TestServer server(routes, on(path));
  EXPECT_EQ(server.port(), 0U);
  const std::string answer = ask(path);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_TRUE(answer.ends_with("from here")) << answer;
  EXPECT_TRUE(ask(path).starts_with("HTTP/1.1 200"));
}

TEST(LocalSocket, RefusesAPathThatIsTakenOrTooLong) {
  const store::TemporaryDirectory directory;
  const std::string path = directory.file("socket");
  const TestServer server(routes, on(path));
  EXPECT_EQ(refusal(path), base::Code::unavailable);
  EXPECT_EQ(refusal(directory.file(std::string(200, 'x'))), base::Code::invalid);
}

}  // namespace
}  // namespace http
