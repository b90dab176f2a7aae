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

#include "base/crypto.h"
#include "base/disk.h"
#include "base/entropy.h"
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

/// A file that holds a root, or a share of one.
struct RootFile {
  std::string directory;
  std::string name = "root.ktn";
  std::string path() const { return directory + "/" + name; }
};

/// What Argon2id costs once, when a root's file is opened.
inline constexpr base::PasswordCost kWrapCost{.passes = 3, .memory_bytes = 256UL << 20};

/// Keeps a root's file so that it opens nothing without a passphrase. Borrows both.
struct Wrapping {
  const base::SecretBytes& passphrase;
  base::Entropy& entropy;
  base::PasswordCost cost = kWrapCost;  // of a file that is made; another has its own
};

class RootWrap;

class FileRootHolder final : public RootHolder {
 public:
  /// Opens the file, or makes it with two empty slots; finishes what rewrap() began. Calls answer
  /// Code::denied where it is wrapped and `wrapping` is nothing, or another passphrase; and where
  /// it is not wrapped and `wrapping` is something: nothing is ever kept otherwise than asked for.
  static base::Result<std::unique_ptr<FileRootHolder>> open(base::Disk& disk, const RootFile& where,
                                                            const Wrapping* wrapping);
  /// `directory`/root.ktn, not wrapped.
  static base::Result<std::unique_ptr<FileRootHolder>> open(base::Disk& disk,
                                                            const std::string& directory);
  ~FileRootHolder() override;
  base::Result<std::array<std::optional<Root>, 2>> read() override;
  base::Result<void> write(std::size_t slot, const Root& root) override;
  base::Result<void> destroy(std::size_t slot) override;

 private:
  explicit FileRootHolder(std::unique_ptr<base::File> file);
  base::Result<void> take_wrap(const Wrapping& wrapping);
  base::Result<std::optional<Root>> read_slot(std::size_t slot);

  std::unique_ptr<base::File> file_;
  std::unique_ptr<const RootWrap> wrap_;  // nothing: the records are plain
  base::Entropy* entropy_ = nullptr;
};

}  // namespace keys
