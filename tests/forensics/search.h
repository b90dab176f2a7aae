// Looking for very many words at once in very many bytes: images, files, memory. Owns the words and
// an index of their first eight bytes; never keeps what it looked at.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/canaries.h"

namespace forensics {

struct Hit {
  std::size_t word = 0;  // as add() numbered it
  std::string_view encoding;
  std::uint64_t at = 0;  // where it begins
};

class Search {
 public:
  using OnHit = std::function<void(const Hit&)>;

  /// Text, in every form of support::forms_of(); eight letters at least.
  std::size_t add_text(const std::string& word);
  /// Bytes that are a key: as they are, backwards, hexadecimal, base64 (both alphabets, each
  /// offset), and as HMAC mixes them with its pads.
  std::size_t add_key(const std::string& key);
  std::size_t words() const { return words_; }
  std::size_t patterns() const { return patterns_.size(); }

  /// Every hit in `bytes`, which begin at `base`. Safe from several threads after the last add.
  void scan(std::string_view bytes, std::uint64_t base, const OnHit& on_hit) const;
  /// The longest pattern: pieces that are scanned one by one must overlap by as much, less one.
  std::size_t longest() const { return longest_; }
  /// To be called once, after the last add and before the first scan.
  void prepare();

 private:
  struct Pattern {
    std::string bytes;
    std::string encoding;
    std::size_t word;
  };
  struct Slot {
    std::uint64_t anchor = 0;
    std::uint32_t first = 0;  // of order_
    std::uint32_t count = 0;  // 0: free
  };
  void add(const std::vector<support::Form>& forms);
  const Slot* find(std::uint64_t anchor) const;

  std::vector<Pattern> patterns_;
  std::vector<std::uint32_t> order_;   // patterns by their first eight bytes
  std::vector<Slot> slots_;            // a hash table of them
  std::vector<std::uint64_t> filter_;  // a bit for each hash that some pattern has
  std::size_t words_ = 0;
  std::size_t longest_ = 0;
};

/// Scans a whole file, whatever its size, on two threads.
void scan_file(const Search& search, const std::string& path, const Search::OnHit& on_hit);

}  // namespace forensics
