// Somebody's workspace on a server, through its JSON face, with a token of hers. Owns the
// connection; keeps what the server said of the last refusal. Believes no more of an answer than
// its form, and waits by itself where the server asks for it.
#pragma once

#include <string>

#include "base/secret_bytes.h"
#include "base/wait.h"
#include "client/http.h"
#include "client/listing.h"
#include "client/remote_path.h"
#include "client/server_address.h"

namespace client {

/// How a server of that address is connected to.
base::Result<Http> connect(const ServerAddress& address, const std::string& ca_file);

/// The error that a status of an answer is, where it is no good one.
base::Error refusal(const Head& head);

enum class Replace : std::uint8_t { no, yes };
enum class Transfer : std::uint8_t { move, copy };
enum class Made : std::uint8_t { now, before };

/// A part of a version of a file.
struct Wanted {
  std::uint64_t offset = 0;
  std::string etag;  // Code::stale where it is another one
};

/// How far an upload in parts has come, in bytes.
struct UploadState {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// What a link is to be.
struct Sharing {
  long days = 30;
  base::SecretBytes password;  // empty: it has none
};

class Remote {
 public:
  Remote(Http http, const ServerAddress& address, base::SecretBytes token, base::Wait& wait);

  /// A page of a folder. Code::missing where there is no folder.
  base::Result<Listing> list(const RemotePath& folder, const std::string& cursor);
  /// What is at a path; of a folder, its name and kind alone.
  base::Result<RemoteEntry> find(const RemotePath& path);
  base::Result<void> get(const RemotePath& path, const Wanted& wanted, const Http::Take& take);
  /// Code::stale where something is there, unless it may be replaced.
  base::Result<RemoteEntry> put(const RemotePath& path, const std::string& media_type,
                                Outgoing& body, Replace replace);
  /// Begins an upload in parts; its id.
  base::Result<std::string> begin_upload(const RemotePath& path, const std::string& media_type,
                                         std::uint64_t length);
  /// Code::missing where there is none.
  base::Result<UploadState> find_upload(const std::string& id);
  /// How far it has come with this part, durably; the last one makes the file. Code::conflict where
  /// that is not how far it had come, Code::stale as with put(), Code::unavailable where the server
  /// still waits for what an earlier connection was to bring.
  base::Result<std::uint64_t> send_part(const std::string& id, std::uint64_t offset, Outgoing& part,
                                        Replace replace);
  base::Result<void> end_upload(const std::string& id);
  base::Result<Made> make_folder(const RemotePath& path);
  /// A page of the trash.
  base::Result<TrashListing> list_trash(const std::string& cursor);
  /// To where it was, or to another path. Code::conflict where something is there.
  base::Result<RemoteEntry> restore(const std::string& id, const std::string& path);
  base::Result<void> empty_trash();
  /// Into the trash.
  base::Result<void> remove(const RemotePath& path);
  /// A file or folder, with all that is in it. Code::conflict where something is at `to`, unless it
  /// is a file that may be replaced.
  base::Result<void> transfer(Transfer how, const RemotePath& from, const RemotePath& to,
                              Replace replace);
  /// A link to what is at a path, for whoever has it.
  base::Result<SharedLink> share(const RemotePath& path, const Sharing& sharing);
  /// All of the account's.
  base::Result<std::vector<SharedLink>> list_links();
  base::Result<void> revoke_link(const std::string& id);
  /// The token opens nothing any more, from anywhere.
  base::Result<void> end_token();

  /// What the server said of the last refusal, told once; empty where it said nothing.
  Problem take_problem() { return std::exchange(problem_, {}); }
  const std::string& origin() const noexcept { return origin_; }

 private:
  base::Result<Answer> ask(Asking asking, const Http::Take& take);
  base::Result<Answer> ask(Asking asking);
  /// With JSON in it, which is wiped after.
  base::Result<Answer> post(const std::string& path, std::string json);
  Asking asking(const char* method, const std::string& path) const;
  Asking asking_of_upload(const char* method, const std::string& id) const;
  base::Result<Answer> page(const std::string& path, const std::string& cursor);

  Http http_;
  std::string origin_;
  base::SecretBytes token_;
  base::Wait& wait_;
  Problem problem_;
};

}  // namespace client
