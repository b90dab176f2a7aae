#include "keys/holder_contract.h"

#include "keys/split_root_holder.h"
#include "keys/testing.h"
#include "keys/wrap_testing.h"

namespace keys {
namespace {

enum class Wrapped : std::uint8_t { no, yes };

class FilePlace : public HolderPlace {
 public:
  explicit FilePlace(Wrapped wrapped) : wrapped_(wrapped) {}
  std::unique_ptr<RootHolder> open() override {
    const Wrapping* wrapping = wrapped_ == Wrapped::yes ? passphrase_.get() : nullptr;
    return FileRootHolder::open(disk_, RootFile{kRootDirectory}, wrapping).value();
  }

 private:
  Wrapped wrapped_;
  CheapWrapping passphrase_{"correct horse"};
  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
};

/// A split holder together with what it stands on.
class OwningSplit : public RootHolder {
 public:
  OwningSplit(base::Disk& disk, base::Entropy& entropy, const Wrapping* wrapping)
      : rotating_(FileRootHolder::open(disk, RootFile{"a"}, wrapping).value()),
        resting_(FileRootHolder::open(disk, RootFile{"b"}, wrapping).value()),
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
  explicit SplitPlace(Wrapped wrapped) : wrapped_(wrapped) {}
  std::unique_ptr<RootHolder> open() override {
    return std::make_unique<OwningSplit>(disk_, entropy_,
                                         wrapped_ == Wrapped::yes ? passphrase_.get() : nullptr);
  }

 private:
  Wrapped wrapped_;
  CheapWrapping passphrase_{"correct horse"};
  base::ThreadWait wait_;
  base::FaultyDisk disk_{wait_};
  base::SystemEntropy entropy_;
};

INSTANTIATE_TEST_SUITE_P(
    Holders, RootHolderContract,
    testing::Values(
        HolderMaker{"file", [] { return std::make_unique<FilePlace>(Wrapped::no); }},
        HolderMaker{"wrapped", [] { return std::make_unique<FilePlace>(Wrapped::yes); }},
        HolderMaker{"split", [] { return std::make_unique<SplitPlace>(Wrapped::no); }},
        HolderMaker{"split_wrapped", [] { return std::make_unique<SplitPlace>(Wrapped::yes); }}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace keys
