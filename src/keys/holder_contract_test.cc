#include "keys/holder_contract.h"

#include "keys/split_root_holder.h"
#include "keys/testing.h"

namespace keys {
namespace {

class FilePlace : public HolderPlace {
 public:
  std::unique_ptr<RootHolder> open() override {
    return FileRootHolder::open(disk, kRootDirectory).value();
  }

 private:
  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
};

/// A split holder together with what it stands on.
class OwningSplit : public RootHolder {
 public:
  OwningSplit(base::Disk& disk, base::Entropy& entropy)
      : rotating(FileRootHolder::open(disk, "a").value()),
        resting(FileRootHolder::open(disk, "b").value()),
        split(*rotating, *resting, entropy) {}
  base::Result<std::array<std::optional<Root>, 2>> read() override { return split.read(); }
  base::Result<void> write(std::size_t slot, const Root& root) override {
    return split.write(slot, root);
  }
  base::Result<void> destroy(std::size_t slot) override { return split.destroy(slot); }

 private:
  std::unique_ptr<RootHolder> rotating;
  std::unique_ptr<RootHolder> resting;
  SplitRootHolder split;
};

class SplitPlace : public HolderPlace {
 public:
  std::unique_ptr<RootHolder> open() override {
    return std::make_unique<OwningSplit>(disk, entropy);
  }

 private:
  base::ThreadWait wait;
  base::FaultyDisk disk{wait};
  base::SystemEntropy entropy;
};

INSTANTIATE_TEST_SUITE_P(
    Holders, RootHolderContract,
    testing::Values(HolderMaker{"file", [] { return std::make_unique<FilePlace>(); }},
                    HolderMaker{"split", [] { return std::make_unique<SplitPlace>(); }}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace keys
