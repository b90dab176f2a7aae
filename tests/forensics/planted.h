// Controls: words that a test plants where a search must find them, one a place, in every form.
// Owns what it planted in memory; what it planted in files stays.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace forensics {

struct Planted {
  std::string place;  // "a file", "a deleted file", …
  std::string word;
  bool every_form = true;  // else as plain text alone
  bool in_files = true;    // else below them: only a raw image shows it
};

/// In `directory`: a file, a file's name, a row deleted from an SQLite database, a row in its
/// write-ahead log, a file that was removed after it reached the disk; in `backup`: one more file.
std::vector<Planted> plant(const std::string& directory, const std::string& backup);

/// A request whose head never ends: the server holds what came of it in memory. 127.0.0.1:`port`.
class HeldRequest {
 public:
  HeldRequest(const std::string& port, const std::string& word);
  ~HeldRequest();
  HeldRequest(const HeldRequest&) = delete;
  HeldRequest& operator=(const HeldRequest&) = delete;

 private:
  int socket_ = -1;
};

}  // namespace forensics
