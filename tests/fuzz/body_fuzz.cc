// JSON bodies of requests.
#include "api/body.h"
#include "http/memory_body.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  http::MemoryBody bytes(std::string(reinterpret_cast<const char*>(data), size));
  http::Request request;
  request.headers = {{"content-type", "application/json"}};
  request.body = &bytes;
  auto body = api::Body::read(request, 1 << 16);
  if (!body.ok()) return 0;
  (void)body->text("email", "email").ok();
  (void)body->secret("password", "password").ok();
  (void)body->flag("adult_professional", "adult_professional").ok();
  (void)body->nothing_else().ok();
  return 0;
}
