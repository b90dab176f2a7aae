// A root holder keeps the key of the tree's root page, in two slots that are written in turn, and
// is the only storage that must truly forget. FileRootHolder keeps them in a file under --root. Its
// claim is honest about files: against software, not against chip-off forensics of an SSD, nor
// against snapshots of the file system or the virtual machine.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/disk.h"
#include "base/secret_bytes.h"

namespace keys {

/// {epoch u64, root key 32, root page u64, sha256}: what opens the tree.
struct Root {
  std::uint64_t epoch = 0;
  base::SecretBytes key;
  std::uint64_t page = 0;
};

/// A holder that is away answers Code::unavailable, and nobody knows then whether it did what it
/// was asked; whatever it does of that, it has done before it answers another call.
class RootHolder {
 public:
  virtual ~RootHolder() = default;
  /// Both slots; a slot that is empty, destroyed or torn is nothing.
  virtual base::Result<std::array<std::optional<Root>, 2>> read() = 0;
  /// Writes a slot and reads it back; durable on return.
  virtual base::Result<void> write(std::size_t slot, const Root& root) = 0;
  /// Overwrites a slot; durable on return.
  virtual base::Result<void> destroy(std::size_t slot) = 0;
};

class FileRootHolder final : public RootHolder {
 public:
  /// Opens `directory`/root.ktn, or makes it with two empty slots.
  static base::Result<std::unique_ptr<FileRootHolder>> open(base::Disk& disk,
                                                            const std::string& directory);
  base::Result<std::array<std::optional<Root>, 2>> read() override;
  base::Result<void> write(std::size_t slot, const Root& root) override;
  base::Result<void> destroy(std::size_t slot) override;

 private:
  explicit FileRootHolder(std::unique_ptr<base::File> file) : file_(std::move(file)) {}
  std::unique_ptr<base::File> file_;
};

}  // namespace keys
