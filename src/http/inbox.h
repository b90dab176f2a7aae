// Bytes that have come and have not been used yet. Owns them; bounded by whoever fills it.
#pragma once

#include <algorithm>
#include <string_view>

#include "base/bytes.h"

namespace http {

class Inbox {
 public:
  base::View view() const { return base::View(bytes_).subspan(begin_, end_ - begin_); }
  std::string_view text() const { return base::text(view()); }
  bool empty() const { return begin_ == end_; }

  void consume(std::size_t size) {
    begin_ += size;
    CHECK(begin_ <= end_);
    if (empty()) begin_ = end_ = 0;
  }
  /// Where more bytes go: as much as keeps the whole within `bytes_max`, beginning small, since
  /// most requests are.
  base::Mutable room(std::size_t bytes_max) {
    if (begin_ > 0) {
      std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_),
                bytes_.begin() + static_cast<std::ptrdiff_t>(end_), bytes_.begin());
      end_ -= begin_;
      begin_ = 0;
    }
    CHECK(end_ < bytes_max);
    if (end_ == bytes_.size())
      bytes_.resize(std::min(bytes_max, std::max(bytes_.size() * 2, bytes_first)));
    return base::Mutable(bytes_).subspan(end_, std::min(bytes_.size(), bytes_max) - end_);
  }
  void filled(std::size_t size) { end_ += size; }
  /// Gives memory back that an empty inbox does not need.
  void shrink() {
    if (empty() && bytes_.size() > bytes_first) bytes_ = base::Bytes();
  }

 private:
  static constexpr std::size_t bytes_first = 2048;
  base::Bytes bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace http
