#include "tests/support/volume.h"

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace support {
namespace {

constexpr std::uint64_t kSpare = 4 << 20;

/// Runs a command of the system quietly. The words are ours and our temporary paths.
bool succeeds(const std::string& command) {
  return std::system(("PATH=$PATH:/usr/sbin:/sbin; " + command + " >/dev/null 2>&1").c_str()) == 0;
}
void demand(const std::string& command) {
  if (!succeeds(command)) throw std::runtime_error("failed: " + command);
}

/// Mounts that only this process and those it starts see: the kernel undoes them with the last of
/// them, and lets the loop devices go.
bool own_mounts() {
  static const bool own = ::unshare(CLONE_NEWNS) == 0 &&
                          ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  return own;
}

std::string device_of(const std::string& path) {
  std::ifstream mounts("/proc/self/mounts");
  std::string device, where, rest;
  while (mounts >> device >> where && std::getline(mounts, rest))
    if (where == path) return device.substr(device.rfind('/') + 1);
  throw std::runtime_error("nothing is mounted at " + path);
}

}  // namespace

std::string no_volumes() {
  static const std::string why = []() -> std::string {
    if (::geteuid() != 0) return "only root may mount a file system";
    if (!own_mounts()) return std::string("no mounts of one's own: ") + std::strerror(errno);
    if (!exists("/dev/loop-control")) return "there are no loop devices";
    try {
      const Volume trial(Volume::Kind::ext4, 16 << 20);
    } catch (const std::exception& wrong) {
      return wrong.what();
    }
    return "";
  }();
  return why;
}

Volume::Volume(Kind kind, std::uint64_t bytes, const std::string& options)
    : path_(directory_.path() + "/volume"), kind_(kind), bytes_(bytes), options_(options) {
  if (!own_mounts()) throw std::runtime_error("no mounts of one's own");
  std::filesystem::create_directory(path_);
  if (kind_ == Kind::thin) {
    std::filesystem::create_directory(backing());
    mount_memory(backing(), bytes_ + kSpare);
    demand("fallocate -l " + std::to_string(bytes_) + " " + image());
    demand("mkfs.ext4 -q -F -m 0 -O ^has_journal -E nodiscard " + image());
  }
  if (kind_ == Kind::ext4) {
    demand("truncate -s " + std::to_string(bytes_) + " " + image());
    demand("mkfs.ext4 -q -F -m 0 " + image());
  }
  mount();
}

Volume::~Volume() {
  if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  if (kind_ == Kind::thin) ::umount2(backing().c_str(), MNT_DETACH);
}

std::string Volume::image() const {
  return (kind_ == Kind::thin ? backing() : directory_.path()) + "/image";
}

void Volume::run_out() const {
  demand("fstrim " + path_);  // what no file has is given back to the storage
  // Until nothing fits any more, also of what is given back a moment later.
  for (int i = 0; i < 3; ++i) {
    succeeds("dd if=/dev/zero of=" + backing() + "/other bs=4k oflag=append conv=notrunc");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

void Volume::refill() const { remove(backing() + "/other"); }

void Volume::mount() {
  if (kind_ == Kind::memory) {
    mount_memory(path_, bytes_);
  } else {
    // 1: it was not clean, and is now.
    demand("{ e2fsck -p " + image() + " || [ $? -eq 1 ]; }");
    demand("mount -t ext4 -o loop" + (options_.empty() ? "" : "," + options_) + " " + image() +
           " " + path_);
  }
  mounted_ = true;
}

void Volume::unmount() {
  support::unmount(path_);
  mounted_ = false;
}

void Volume::fail_to_read_only() const {
  const std::string where = "/sys/fs/ext4/" + device_of(path_) + "/trigger_fs_error";
  std::ofstream(where) << "a test";
  // A kernel may call it read-only or not; what counts is that nobody can write.
  if (std::ofstream(path_ + "/trial").is_open())
    throw std::runtime_error("the file system does not fail when told to");
}

void mount_memory(const std::string& path, std::uint64_t bytes) {
  const std::string size = "size=" + std::to_string(bytes);
  if (!own_mounts() || ::mount("tmpfs", path.c_str(), "tmpfs", 0, size.c_str()) != 0)
    throw std::runtime_error("cannot mount memory at " + path);
}

void unmount(const std::string& path) {
  // The children of a server that was killed end a moment after it, and so does what a busy kernel
  // still does on the volume.
  constexpr int kTries = 100;
  for (int i = 0; i < kTries && ::umount2(path.c_str(), 0) != 0; ++i) {
    if (errno == EBUSY && i + 1 < kTries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      continue;
    }
    throw std::runtime_error("cannot unmount " + path + ": " + std::strerror(errno));
  }
}

}  // namespace support
