#include "tests/support/files.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace support {
namespace {

namespace fs = std::filesystem;

}  // namespace

TemporaryDirectory::TemporaryDirectory(const std::string& below) {
  const fs::path place = below.empty() ? fs::temp_directory_path() : fs::path(below);
  std::string name = (place / "served-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = name;
}
TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}
bool exists(const std::string& path) { return fs::exists(path); }
void copy(const std::string& from, const std::string& to) {
  fs::remove_all(to);
  if (!fs::is_directory(from)) {
    fs::copy(from, to);
    return;
  }
  fs::create_directories(to);
  for (const auto& entry : fs::directory_iterator(from))
    // A server's control socket is none of its data.
    if (!entry.is_socket())
      copy(entry.path().string(), (fs::path(to) / entry.path().filename()).string());
}
void remove(const std::string& path) { fs::remove_all(path); }

std::vector<std::string> files_below(const std::string& directory) {
  std::vector<std::string> found;
  std::error_code none;
  for (const auto& entry : fs::recursive_directory_iterator(directory, none))
    if (entry.is_regular_file()) found.push_back(entry.path().string());
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace support
