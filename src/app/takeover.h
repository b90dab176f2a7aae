// This host takes a service over from one that is lost: key tree, root and log come from a replica,
// which from then on refuses the lost host. Owns the order of the steps and the marker
// DATA/taking-over, without which nothing here counts as anybody's; the bulk is put under it by
// app/restore.h.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "app/options.h"
#include "base/disk.h"
#include "holder/link.h"
#include "holder/takeover.h"

namespace app {

/// Asked about what the holder answers to a look, before anything is taken: an error leaves the
/// lost host, if it is none, and its replica as they are.
using Judge = std::function<base::Result<void>(const holder::Offer& offer)>;
using OnStep = std::function<void(base::Literal step)>;

struct TakeOver {
  std::string holder;      // a paired holder's name, or its address as it was paired
  std::string checkpoint;  // the newest that anybody has; empty: nobody has one
  holder::Lag lag = holder::Lag::refuse;
};

struct TakenOver {
  holder::Offer offer;  // without its root; where it does not serve, nothing was taken
  holder::Fetched fetched;
  std::uint64_t incarnation = 0;
  std::string origin;  // under which the log goes on; empty: as it was
};

/// A holder that this host is paired with, and the conversation that a restore has with it.
class RestoreLine {
 public:
  /// Code::missing where no such holder is known here.
  static base::Result<std::unique_ptr<RestoreLine>> open(base::Disk& disk, const std::string& root,
                                                         const std::string& holder,
                                                         const std::string& passphrase_file);
  ~RestoreLine();
  holder::Link& link();
  const std::string& name() const;

 private:
  struct Impl;
  explicit RestoreLine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Fills `options.data` and the root with what the holder gives. Begins anew where it was cut short
/// before, and asks nothing again that it has. Code::conflict where there is data of a service
/// already, or the holder has another log than `base_origin`.
base::Result<TakenOver> take_over(const ServeOptions& options, const std::string& base_origin,
                                  const TakeOver& how, const Judge& judge, const OnStep& step,
                                  const holder::OnFetched& progress);
/// When all is in place: the marker goes, and the replica is followed by the next start.
base::Result<void> end_take_over(const ServeOptions& options, const TakeOver& how);

/// The root in no file: for a drill, which leaves nothing behind.
class HeldRoot final : public keys::RootHolder {
 public:
  explicit HeldRoot(keys::Root root);
  base::Result<std::array<std::optional<keys::Root>, 2>> read() override;
  base::Result<void> write(std::size_t slot, const keys::Root& root) override;
  base::Result<void> destroy(std::size_t slot) override;

 private:
  std::array<std::optional<keys::Root>, 2> slots_;
};

}  // namespace app
