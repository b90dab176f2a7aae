// The steps of a restore, shared by the restore and the drill of one. Private to app/restore.h.
#pragma once

#include "app/restore.h"
#include "ledger/handover.h"

namespace app {

class Restoring {
 public:
  /// With `root` it is a drill: in a directory of nobody's, whose tree and log are there already.
  Restoring(const ServeOptions& options, const notice::Document& document, const RestorePlan& plan,
            const OnStep& step, const holder::OnFetched& progress,
            std::unique_ptr<keys::RootHolder> root)
      : options_(options),
        document_(document),
        plan_(plan),
        step_(step),
        progress_(progress),
        drill_(root != nullptr),
        root_(std::move(root)),
        data_(options.data),
        schemas_(Core::schemas()),
        source_{data_, schemas_} {}

  base::Result<RestoreReport> run();

 private:
  /// Whether what is live came from elsewhere, and nothing here was served yet.
  bool taken() const { return drill_ || plan_.from.has_value(); }
  base::Result<void> judge(const holder::Offer& offer);
  base::Result<void> check_origin(const ledger::KeyHistory& history) const;
  base::Result<void> finish_begun();
  base::Result<void> move_damaged();
  base::Result<void> bring_to_today();
  base::Result<void> settle_owners(Core& core, const std::vector<base::OwnerId>& named);
  base::Result<void> find_dormant(Core& core, const std::vector<base::OwnerId>& named);
  base::Result<void> swap(const std::string& staged);
  base::Result<void> open_at_last();
  Layout layout();
  void take_back(Core& core);

  const ServeOptions& options_;
  const notice::Document& document_;
  const RestorePlan& plan_;
  const OnStep& step_;
  const holder::OnFetched& progress_;
  const bool drill_;
  std::unique_ptr<keys::RootHolder> root_;  // in a drill, while nothing has it open
  base::RealDisk disk_;
  base::ThreadWait wait_;
  const std::string data_;
  const std::vector<store::Schema> schemas_;
  const backup::Source source_;
  std::unique_ptr<base::LockFile> lock_;
  RestoreReport report_;
};

}  // namespace app
