// Bodies that are in memory: a request's (small ones, and in tests) and a response's. Own their
// bytes; never touch a socket.
#pragma once

#include <string>

#include "http/http.h"

namespace http {

class MemoryBody final : public BodyReader {
 public:
  explicit MemoryBody(std::string bytes = {}) : bytes_(std::move(bytes)) {}
  base::Result<std::size_t> read(base::Mutable out) override;
  bool came_before() const override { return true; }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

class MemorySource final : public BodySource {
 public:
  explicit MemorySource(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  base::Result<std::size_t> read(base::Mutable out) override;

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace http
