// What the routes of files share: how an entry is shown, how a file goes out, what a request says
// of paths and versions. Owns nothing; who may ask is settled before.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "api/api.h"
#include "api/body.h"
#include "api/call.h"
#include "http/conditions.h"

namespace api {

std::string etag_of(const workspace::Entry& file);
std::string entry_json(const workspace::Entry& entry);

/// An error as a problem; one of a plan that has no room for more says how much is used.
http::Response file_problem(const Parts& parts, const http::Request& request,
                            const base::Error& error);

/// The same, where it is known whose plan it is.
http::Response room_problem(const Parts& parts, base::AccountId account, const base::Error& error);

/// A page of a folder, of at most `listed` entries, with the cursor of the next where there may be
/// more.
std::string folder_json(const std::vector<workspace::Entry>& entries, std::size_t listed);

using OpenContent = std::function<base::Result<std::unique_ptr<vault::ContentReader>>()>;
/// The file or the part of it that is asked for, as its conditions have it: always an attachment in
/// a sandbox, so that no browser runs what is in it.
base::Result<http::Response> send_file(const http::Request& request, const workspace::Entry& file,
                                       const OpenContent& open);

/// What stands at the path now, if anything.
base::Result<std::optional<workspace::Entry>> present(const Parts& parts, base::AccountId account,
                                                      const workspace::Path& path);
/// What a path may name: one that ends in a slash, a folder alone.
enum class Names : std::uint8_t { anything, folder };
/// What the request demands of the present version, checked now and again when it is replaced.
base::Result<workspace::Condition> demanded(const http::Request& request, const Parts& parts,
                                            base::AccountId account, const workspace::Path& path,
                                            Names names = Names::anything);
/// Who it is, where she may read or write files.
base::Result<accounts::Identity> file_reader(const Parts& parts, const http::Request& request);
base::Result<accounts::Identity> file_writer(const Parts& parts, const http::Request& request);
/// A link reads: a token that makes one may read as well as write.
base::Result<accounts::Identity> file_sharer(const Parts& parts, const http::Request& request);
/// Whether she may write files still, for the end of what takes long.
workspace::Still still_writes(const Parts& parts, const accounts::Identity& identity);
/// The body of a call that changes files, from whoever still may when it is there.
base::Result<Body> writers_body(const Parts& parts, const http::Request& request,
                                const accounts::Identity& identity);
/// A call about files as a route.
void add_file_call(http::Router& router, const Parts& parts, http::Method method,
                   const char* pattern, CallOf call);

/// A path from a body: what no address can say is no name. Code::invalid.
base::Result<workspace::Path> parse_path(std::string_view text);
/// A query parameter from 1 to `most`; `otherwise` where there is none. Code::invalid.
base::Result<std::size_t> asked_number(const http::Request& request, std::string_view name,
                                       std::size_t otherwise, std::size_t most);

}  // namespace api
