// Files around a server under test: directories that go away, whole files, copies, every file below
// a directory. Owns the temporary directories it makes; never touches what it did not make.
#pragma once

#include <string>
#include <vector>

namespace support {

class TemporaryDirectory {
 public:
  TemporaryDirectory() : TemporaryDirectory("") {}
  /// In the directory `below`; empty: where temporary files are.
  explicit TemporaryDirectory(const std::string& below);
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Empty where there is none.
std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& bytes);
bool exists(const std::string& path);
/// Replaces `to`, a file or a directory with all that is in it.
void copy(const std::string& from, const std::string& to);
void remove(const std::string& path);
/// Every regular file below, by its full path, in order; none where there is no directory.
std::vector<std::string> files_below(const std::string& directory);

}  // namespace support
