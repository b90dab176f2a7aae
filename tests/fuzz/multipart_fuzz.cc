// Multipart forms: read whole, part by part, whatever the bytes.
#include "http/memory_body.h"
#include "http/multipart.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  http::MemoryBody body(std::string(reinterpret_cast<const char*>(data), size));
  http::Request request;
  request.headers = {{"content-type", "multipart/form-data; boundary=xyz"}};
  request.body = &body;
  auto form = http::Multipart::open(request);
  for (int part = 0; form.ok() && part < 64; ++part) {
    const auto next = form->next();
    if (!next.ok() || !next.value().has_value()) break;
    if (!form->read_text(1 << 16).ok()) break;
  }
  return 0;
}
