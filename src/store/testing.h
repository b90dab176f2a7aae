// For tests: a temporary directory, and a store in it. Owns the directory and removes it with all
// that is in it. Never part of the program.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/disk.h"
#include "base/entropy.h"
#include "store/store.h"

namespace store {

/// Tests commit often and never cut the power for real: in memory where there is such a place. What
/// is measured must be on a disk, where a sync costs what it costs.
enum class Medium { memory, disk };

/// A fresh directory, removed at the end of its life.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(Medium medium = Medium::memory) {
    base::SystemEntropy entropy;
    const bool in_memory = medium == Medium::memory && disk_.exists("/dev/shm").value();
    const std::string above = in_memory ? "/dev/shm" : "/var/tmp";
    path_ = above + "/store-test-" + base::hex(entropy.bytes(8));
    disk_.make_directory(path_).value();
  }
  ~TemporaryDirectory() { remove(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const noexcept { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  void remove(const std::string& path) {
    const auto names = disk_.list(path);
    if (!names.ok()) return;
    for (const auto& name : *names) {
      const std::string entry = path + "/" + name;
      if (!disk_.remove(entry).ok()) remove(entry);
    }
    (void)disk_.remove_directory(path).ok();
  }

  base::RealDisk disk_;
  std::string path_;
};

/// A store over `schemas` that can be closed and opened again.
class TemporaryStore {
 public:
  explicit TemporaryStore(std::vector<Schema> schemas, Medium medium = Medium::memory)
      : directory_(medium), schemas_(std::move(schemas)) {
    reopen();
  }

  Store& operator*() noexcept { return *store_; }
  Store* operator->() noexcept { return store_.get(); }
  base::Wait& wait() noexcept { return wait_; }
  const TemporaryDirectory& directory() const noexcept { return directory_; }
  void close() { store_.reset(); }
  void reopen() {
    store_.reset();
    store_ = Store::open(wait_, directory_.file("store.db"), schemas_).value();
  }

 private:
  TemporaryDirectory directory_;
  base::ThreadWait wait_;
  std::vector<Schema> schemas_;
  std::unique_ptr<Store> store_;
};

}  // namespace store
