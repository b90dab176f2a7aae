#include "http/memory_body.h"

#include <algorithm>

namespace http {
namespace {

std::size_t copy_from(const std::string& bytes, std::size_t& at, base::Mutable out) {
  const std::size_t size = std::min(out.size(), bytes.size() - at);
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, out.begin());
  at += size;
  return size;
}

}  // namespace

base::Result<std::size_t> MemoryBody::read(base::Mutable out) {
  return copy_from(bytes_, at_, out);
}

base::Result<std::size_t> MemorySource::read(base::Mutable out) {
  return copy_from(bytes_, at_, out);
}

}  // namespace http
