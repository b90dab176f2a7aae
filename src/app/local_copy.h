// The live tree and log of this host, read beside whoever serves them and given as a replica would
// give them: for a drill. Owns nothing and changes nothing. What is committed meanwhile makes its
// pages another tree's: whoever fetches sees that, and begins anew.
#pragma once

#include <vector>

#include "app/options.h"
#include "base/disk.h"
#include "holder/restore_messages.h"

namespace app {

class LocalCopy final : public holder::Channel {
 public:
  LocalCopy(base::Disk& disk, const ServeOptions& options);
  base::Result<base::Bytes> call(holder::Method method, base::View body) override;

 private:
  base::Result<holder::Offer> offer();
  base::Result<std::vector<ledger::Leaf>> leaves(std::uint64_t first);
  base::Result<base::Bytes> read(std::uint64_t page);

  base::Disk& disk_;
  const std::string data_;
  const std::string root_;
  const std::string passphrase_file_;
  std::vector<bool> listed_;
  std::uint64_t leaves_ = 0;
};

}  // namespace app
