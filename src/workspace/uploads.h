// Uploads that come in several requests (tus 1.0): what has arrived of each is durable, and goes on
// after a broken connection, a restart or a crash. Owns the records of them and of what they have
// brought so far; a file comes of one only when all of it is there. Never decides who may.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "workspace/busy.h"
#include "workspace/workspace.h"

namespace workspace {

/// How long one is kept after the last that came of it, as the notice says.
inline constexpr base::Duration upload_lives = std::chrono::days(7);
/// So much is made durable at once, while more of the same request comes.
inline constexpr std::uint64_t upload_part_bytes = std::uint64_t{32} << 20;
/// Of an account, at a time.
inline constexpr std::size_t uploads_max = 1000;
/// How long another request waits until one that it has asked to leave has made its part durable.
inline constexpr base::Duration upload_leaves_within = std::chrono::seconds(10);

struct Unfinished {
  base::RecordId id;
  Name path;  // that the file will have
  Name media_type;
  std::uint64_t length = 0;
  std::uint64_t offset = 0;                // what is durable
  std::optional<base::ContentId> content;  // nothing before the first part, and after the last
  base::Time expires;
  std::optional<base::Time> modified;  // when the file was changed, where that was said
  bool under_way = false;              // a request brings a part just now: said by list()
  bool finished() const { return offset == length; }
};

/// Safe from any thread.
class Uploads {
 public:
  Uploads(Workspace& workspace, Tree& tree, base::Wait& wait)
      : workspace_(workspace), tree_(tree), busy_(wait) {}
  static std::vector<vault::Collection> collections();

  /// What an upload begins with.
  struct Begin {
    const Path& path;
    const Name& media_type;
    std::uint64_t length = 0;
    std::optional<base::Time> modified = {};
    Condition condition = {};  // of what one of no bytes replaces
  };
  /// Code::full where the account has no room for so much, Code::conflict where too many are under
  /// way. One of no bytes is finished with that: Code::stale where its condition does not hold.
  base::Result<Unfinished> create(base::AccountId account, const Begin& begin, const Still& still);
  /// Code::missing where there is none, or it has expired.
  base::Result<Unfinished> find(base::AccountId account, base::RecordId id);
  /// find(), for whoever means to go on: a request that still brings a part is asked to leave, and
  /// what it has brought is durable first.
  base::Result<Unfinished> settled(base::AccountId account, base::RecordId id);
  /// Those that have not come to their end.
  base::Result<std::vector<Unfinished>> list(base::AccountId account);
  /// What has come of it is gone. Code::missing as above.
  base::Result<void> end(base::AccountId account, base::RecordId id);

  /// Takes in what comes of one.
  class Part {
   public:
    /// Code::too_large beyond the length that was said.
    base::Result<void> write(base::View bytes);
    /// Makes durable what has come, and a file of it where that was the last. Code::stale where the
    /// condition does not hold of what is there: the last part counts as not sent.
    base::Result<void> finish();
    /// Another request wants to go on with it: this one makes durable what it has, and ends.
    bool wanted() const { return hold_.wanted(); }
    /// What is durable.
    std::uint64_t offset() const { return now_.offset; }
    base::Time expires() const { return now_.expires; }

   private:
    friend class Uploads;
    Part(Uploads& uploads, base::AccountId account, Path path, Unfinished now, Condition condition,
         Still still, Busy<base::RecordId>::Hold hold)
        : uploads_(uploads),
          account_(account),
          path_(std::move(path)),
          now_(std::move(now)),
          condition_(condition),
          still_(std::move(still)),
          hold_(std::move(hold)) {}
    base::Result<void> keep();

    Uploads& uploads_;
    base::AccountId account_;
    Path path_;
    Unfinished now_;
    Condition condition_;
    Still still_;
    Busy<base::RecordId>::Hold hold_;
    std::unique_ptr<vault::ContentWriter> content_;
    std::uint64_t fresh_ = 0;  // bytes that are not durable yet
  };
  /// Goes on at `offset`, with the path of find(). The condition is of what the last part makes a
  /// file of. Code::conflict where that is not how far it has come. Another request that is at it
  /// is asked to leave (it may wait for a peer that has gone without a word); nothing where it does
  /// not. `asked` is called when this one is, from any thread.
  base::Result<std::optional<Part>> append(base::AccountId account, const Unfinished& upload,
                                           Path path, std::uint64_t offset,
                                           const Condition& condition, Still still,
                                           std::function<void()> asked = {});

 private:
  base::Result<Unfinished> get(store::Reader& reader, const gate::Permit& permit,
                               base::RecordId id);
  base::Result<void> put(store::Tx& tx, const gate::Permit& permit, const Unfinished& upload);
  /// Code::conflict where as many are under way as may.
  base::Result<void> one_more(store::Reader& reader, const gate::Permit& permit);

  Workspace& workspace_;
  Tree& tree_;
  Busy<base::RecordId> busy_;
};

}  // namespace workspace
