// Whether somebody, or what she left waiting, is there still: asked of a read that failed. Whoever
// looks at a row and then opens what belongs to it may find that an erasure came between. Owns
// nothing.
#pragma once

#include "base/result.h"

namespace accounts {

/// Its key is destroyed or about to be, or its row is deleted.
inline bool is_erased(const base::Error& error) {
  return error.code() == base::Code::gone || error.code() == base::Code::missing;
}
template <class T>
bool is_erased(const base::Result<T>& read) {
  return !read.ok() && is_erased(read.error());
}

}  // namespace accounts
