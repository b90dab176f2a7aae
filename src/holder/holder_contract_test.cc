// The contract of all root holders, kept by those that are reached over mutual TLS.
#include "keys/holder_contract.h"

#include "holder/testing.h"

namespace holder {
namespace {

using keys::HolderMaker;

/// Opened as `serve --root-holder CHOICE` does; with a passphrase here, at the holder, or not.
class ChosenPlace : public keys::HolderPlace {
 public:
  enum class Wrapped : std::uint8_t { no, here, there };
  ChosenPlace(std::string choice, Wrapped wrapped)
      : choice_(std::move(choice)),
        wrapping_(wrapped == Wrapped::here ? passphrase_.get() : nullptr),
        first_(wrapped == Wrapped::there ? passphrase_.get() : nullptr) {
    first_.pair_with(stage_.disk, "root", "oslo");
    second_.pair_with(stage_.disk, "root", "bergen");
  }
  std::unique_ptr<keys::RootHolder> open() override {
    return stage_.open(choice_, Tree::is_to_be_made, wrapping_).value();
  }

 private:
  std::string choice_;
  keys::CheapWrapping passphrase_{"correct horse"};
  const keys::Wrapping* wrapping_;
  RootStage stage_;
  ServedHolder first_;
  ServedHolder second_;
};

HolderMaker chosen(const std::string& name, const std::string& choice,
                   ChosenPlace::Wrapped wrapped) {
  return {name, [=] { return std::make_unique<ChosenPlace>(choice, wrapped); }};
}

}  // namespace
}  // namespace holder

namespace keys {
namespace {

using holder::chosen;
using Wrapped = holder::ChosenPlace::Wrapped;

INSTANTIATE_TEST_SUITE_P(
    Holders, RootHolderContract,
    testing::Values(chosen("file", "file", Wrapped::no),
                    chosen("file_wrapped", "file", Wrapped::here),
                    chosen("remote", "remote:oslo", Wrapped::no),
                    chosen("remote_wrapped", "remote:oslo", Wrapped::there),
                    chosen("split_file_remote", "split:file,remote:oslo", Wrapped::no),
                    chosen("split_wrapped_file_remote", "split:file,remote:oslo", Wrapped::here),
                    chosen("split_remote_file", "split:remote:oslo,file", Wrapped::there),
                    chosen("split_two_remotes", "split:remote:oslo,remote:bergen", Wrapped::no)),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace keys
