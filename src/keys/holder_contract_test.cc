#include "keys/holder_contract.h"

#include "keys/split_root_holder.h"
#include "keys/testing.h"

namespace keys {
namespace {

class FilePlace : public HolderPlace {
 public:
  std::unique_ptr<RootHolder> open() override {
    return FileRootHolder::open(disk_, kRootDirectory).value();
  }

 private:
  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
};

/// A split holder together with what it stands on.
class OwningSplit : public RootHolder {
 public:
  OwningSplit(base::Disk& disk, base::Entropy& entropy)
      : rotating_(FileRootHolder::open(disk, "a").value()),
        resting_(FileRootHolder::open(disk, "b").value()),
        split_(*rotating_, *resting_, entropy) {}
  base::Result<std::array<std::optional<Root>, 2>> read() override { return split_.read(); }
  base::Result<void> write(std::size_t slot, const Root& root) override {
    return split_.write(slot, root);
  }
  base::Result<void> destroy(std::size_t slot) override { return split_.destroy(slot); }

 private:
  std::unique_ptr<RootHolder> rotating_;
  std::unique_ptr<RootHolder> resting_;
  SplitRootHolder split_;
};

class SplitPlace : public HolderPlace {
 public:
  std::unique_ptr<RootHolder> open() override {
    return std::make_unique<OwningSplit>(disk_, entropy_);
  }

 private:
  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
  base::SystemEntropy entropy_;
};

INSTANTIATE_TEST_SUITE_P(
    Holders, RootHolderContract,
    testing::Values(HolderMaker{"file", [] { return std::make_unique<FilePlace>(); }},
                    HolderMaker{"split", [] { return std::make_unique<SplitPlace>(); }}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace keys
