#include "base/single_fault.h"

namespace base {
namespace {

/// The call, unless it is the one that fails.
template <class Call>
auto pass(SingleFault& fault, const Call& call) -> decltype(call()) {
  const SingleFault::Fate fate = fault.next();
  if (fate == SingleFault::Fate::refused) return Error{Code::io, "the disk errs once"};
  auto done = call();
  if (fate == SingleFault::Fate::reported && done.ok())
    return Error{Code::io, "the disk says that it erred"};
  return done;
}

}  // namespace

void SingleFault::arm(std::uint64_t calls, When when, std::uint64_t times) {
  when_ = when;
  struck_ = false;
  left_ = static_cast<std::int64_t>(calls);
  times_ = static_cast<std::int64_t>(times);
}

void SingleFault::disarm() { times_ = 0; }

SingleFault::Fate SingleFault::next() noexcept {
  if (times_ == 0) return Fate::succeeds;
  const std::int64_t left = left_.fetch_sub(1);
  if (left > 0 || left <= -times_) return Fate::succeeds;
  struck_ = true;
  return when_ == When::before ? Fate::refused : Fate::reported;
}

class SingleFaultDisk::OpenFile final : public File {
 public:
  OpenFile(std::unique_ptr<File> file, SingleFault& fault)
      : file_(std::move(file)), fault_(fault) {}

  Result<std::size_t> read_at(std::uint64_t offset, Mutable out) override {
    return pass(fault_, [&] { return file_->read_at(offset, out); });
  }
  Result<void> write_at(std::uint64_t offset, View bytes) override {
    return pass(fault_, [&] { return file_->write_at(offset, bytes); });
  }
  Result<std::uint64_t> size() override {
    return pass(fault_, [&] { return file_->size(); });
  }
  Result<void> truncate(std::uint64_t size) override {
    return pass(fault_, [&] { return file_->truncate(size); });
  }
  Result<void> sync() override {
    return pass(fault_, [&] { return file_->sync(); });
  }

 private:
  std::unique_ptr<File> file_;
  SingleFault& fault_;
};

Result<std::unique_ptr<File>> SingleFaultDisk::open(const std::string& path, Open how) {
  return pass(fault_, [&]() -> Result<std::unique_ptr<File>> {
    std::unique_ptr<File> file = TRY(disk_.open(path, how));
    return std::unique_ptr<File>(new OpenFile(std::move(file), fault_));
  });
}

Result<void> SingleFaultDisk::make_directory(const std::string& path) {
  return pass(fault_, [&] { return disk_.make_directory(path); });
}

Result<void> SingleFaultDisk::rename(const std::string& from, const std::string& to) {
  return pass(fault_, [&] { return disk_.rename(from, to); });
}

Result<void> SingleFaultDisk::remove(const std::string& path) {
  return pass(fault_, [&] { return disk_.remove(path); });
}

Result<void> SingleFaultDisk::remove_directory(const std::string& path) {
  return pass(fault_, [&] { return disk_.remove_directory(path); });
}

Result<std::vector<std::string>> SingleFaultDisk::list(const std::string& path) {
  return pass(fault_, [&] { return disk_.list(path); });
}

Result<bool> SingleFaultDisk::exists(const std::string& path) {
  return pass(fault_, [&] { return disk_.exists(path); });
}

Result<void> SingleFaultDisk::sync_directory(const std::string& path) {
  return pass(fault_, [&] { return disk_.sync_directory(path); });
}

Result<void> SingleFaultDisk::sync_all(const std::string& path) {
  return pass(fault_, [&] { return disk_.sync_all(path); });
}

Result<void> SingleFaultDisk::watch(const std::string& path) {
  return pass(fault_, [&] { return disk_.watch(path); });
}

}  // namespace base
