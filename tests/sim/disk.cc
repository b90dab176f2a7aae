#include "tests/sim/disk.h"

namespace sim {

using base::Code;
using base::Error;
using base::Result;

namespace {

constexpr std::string_view kPages = "data/keys.ktn";
constexpr std::string_view kRoots = "root/root.ktn";

std::uint64_t code_of(const auto& result) {
  return result.ok() ? 0 : 1 + static_cast<std::uint64_t>(result.code());
}

}  // namespace

template <class Call>
auto Disk::call(std::string_view what, const std::string& path, std::uint64_t a, std::uint64_t b,
                const Call& call) -> decltype(call()) {
  approach(what, path);
  if (outage_.process && faulty_.operations() >= lasts_until_) ended_ = true;
  if (ended_) return Error{Code::io, "the process has ended"};
  const bool fails = faults_.error_one_in != 0 && choice_.one_in(faults_.error_one_in);
  if (fails) {
    ++errors_;
    trace_.add(what, path + " fails", a, b);
    // Half of the syncs that fail lose what was written, for a later sync too.
    if ((what == "sync" || what == "syncall") && choice_.one_in(2)) {
      faulty_.fail_syncs(path, 1);
      auto failed = call();
      // Memory keeps it to be seen, or drops it.
      if (choice_.one_in(2)) faulty_.evict();
      return failed;
    }
    return Error{Code::io, "the disk could not do this once"};
  }
  auto result = call();
  trace_.add(what, path, a, b);
  trace_.mix_number(code_of(result));
  return result;
}

void Disk::last(std::uint64_t operations) {
  if (!outage_.process) faulty_.fail_after(operations);
  lasts_until_ = faulty_.operations() + operations;
}

void Disk::arm(Outage outage) {
  outage_ = std::move(outage);
  if (outage_.operations != 0) last(outage_.operations);
}

void Disk::approach(std::string_view what, const std::string& path) {
  if (outage_.where.empty() || !path.starts_with(outage_.where)) return;
  if (what != "write" && what != "sync" && what != "rename") return;
  if (outage_.times-- != 0) return;
  outage_.where.clear();
  last(outage_.soon);
}

void Disk::crash(base::Entropy* entropy) {
  const bool kept = outage_.process;
  outage_ = {};
  lasts_until_ = ~std::uint64_t{0};
  ended_ = false;
  if (kept) return;
  if (entropy == nullptr)
    faulty_.crash();
  else
    faulty_.crash(*entropy);
}

class Disk::File final : public base::File {
 public:
  File(Disk& disk, std::string path, std::unique_ptr<base::File> file)
      : disk_(disk), path_(std::move(path)), file_(std::move(file)) {}

  Result<std::size_t> read_at(std::uint64_t offset, base::Mutable out) override {
    return disk_.call("read", path_, offset, out.size(),
                      [&] { return file_->read_at(offset, out); });
  }
  Result<void> write_at(std::uint64_t offset, base::View bytes) override {
    disk_.trace_.mix(bytes);
    if (path_ == kPages) disk_.witness_.pages(offset, bytes);
    if (path_ == kRoots) disk_.witness_.roots(bytes);
    return disk_.call("write", path_, offset, bytes.size(),
                      [&] { return file_->write_at(offset, bytes); });
  }
  Result<std::uint64_t> size() override {
    return disk_.call("size", path_, 0, 0, [&] { return file_->size(); });
  }
  Result<void> truncate(std::uint64_t size) override {
    return disk_.call("truncate", path_, size, 0, [&] { return file_->truncate(size); });
  }
  Result<void> sync() override {
    return disk_.call("sync", path_, 0, 0, [&] {
      if (!disk_.lies(path_)) return file_->sync();
      return Result<void>();
    });
  }

 private:
  Disk& disk_;
  const std::string path_;
  const std::unique_ptr<base::File> file_;
};

Result<std::unique_ptr<base::File>> Disk::open(const std::string& path, base::Open how) {
  auto file = TRY(call("open", path, static_cast<std::uint64_t>(how), 0,
                       [&] { return faulty_.open(path, how); }));
  return std::unique_ptr<base::File>(new File(*this, path, std::move(file)));
}
Result<void> Disk::make_directory(const std::string& path) {
  return call("mkdir", path, 0, 0, [&] { return faulty_.make_directory(path); });
}
Result<void> Disk::rename(const std::string& from, const std::string& to) {
  return call("rename", from, 0, 0, [&] { return faulty_.rename(from, to); });
}
Result<void> Disk::remove(const std::string& path) {
  return call("remove", path, 0, 0, [&] { return faulty_.remove(path); });
}
Result<void> Disk::remove_directory(const std::string& path) {
  return call("rmdir", path, 0, 0, [&] { return faulty_.remove_directory(path); });
}
Result<std::vector<std::string>> Disk::list(const std::string& path) {
  return call("list", path, 0, 0, [&] { return faulty_.list(path); });
}
Result<bool> Disk::exists(const std::string& path) {
  return call("exists", path, 0, 0, [&] { return faulty_.exists(path); });
}
Result<void> Disk::sync_directory(const std::string& path) {
  return call("syncdir", path, 0, 0, [&] {
    if (!lies(path)) return faulty_.sync_directory(path);
    return Result<void>();
  });
}
Result<void> Disk::sync_all(const std::string& path) {
  return call("syncall", path, 0, 0, [&] {
    if (!lies(path)) return faulty_.sync_all(path);
    return Result<void>();
  });
}

}  // namespace sim
