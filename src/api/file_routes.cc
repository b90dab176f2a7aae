// Files by path (DATA-3). A file is somebody's own bytes on our origin: it is always an attachment
// in a sandbox, so that no browser runs what is in it.
#include "api/api.h"
#include "api/files.h"

namespace api {
namespace {

using http::Request;
using http::Response;
using workspace::Kind;

constexpr std::size_t kPiece = 256 * 1024;
constexpr std::size_t kListed = 500;  // unless another number is asked for
constexpr std::size_t kListedMax = 1000;
constexpr std::size_t kMediaType = 200;
constexpr const char* kUnknownType = "application/octet-stream";

/// type/subtype as it was sent, where it is of that form; else bytes of no known kind.
workspace::Name media_type(const Request& request) {
  const auto sent = request.header("content-type");
  if (!sent || sent->size() > kMediaType || sent->find('/') == std::string_view::npos)
    return workspace::Name(kUnknownType);
  for (const char c : *sent)
    if (c < 0x20 || c > 0x7e) return workspace::Name(kUnknownType);
  return workspace::Name(std::string(*sent));
}

base::Result<Response> list(const Request& request, const Parts& parts, base::AccountId account,
                            const workspace::Path& path) {
  base::RecordId after;
  if (const auto cursor = request.parameter("cursor"))
    after = TRY_AS(base::RecordId::parse(*cursor), "cursor: not one that a listing gave");
  const std::size_t listed = TRY(asked_number(request, "limit", kListed, kListedMax));
  const auto entries = TRY(parts.workspace.list(account, path, after, listed));
  return Response::json(200, folder_json(entries, listed));
}

base::Result<Response> get(Request& request, const Parts& parts, base::AccountId account,
                           const workspace::Path& path, Names names) {
  const auto entry = TRY(parts.workspace.find(account, path));
  if (entry.kind == Kind::folder) return list(request, parts, account, path);
  if (names == Names::folder)
    return base::Error{base::Code::missing, "there is no folder at this path"};
  return send_file(request, entry, [&] { return parts.workspace.read(account, entry); });
}

base::Result<Response> put_folder(const Parts& parts, base::AccountId account,
                                  const workspace::Path& path) {
  const auto there = TRY(present(parts, account, path));
  TRY(parts.workspace.make_folder(account, path));
  if (there) return Response::empty(204);
  const auto made = TRY(parts.workspace.find(account, path));
  return Response::json(201, entry_json(made));
}

base::Result<Response> put(Request& request, const Parts& parts, const accounts::Identity& identity,
                           workspace::Path path) {
  const auto condition = TRY(demanded(request, parts, identity.account, path));
  auto upload = TRY(parts.workspace.begin(identity.account, std::move(path), media_type(request),
                                          request.body_size));
  base::Bytes buffer(kPiece);
  while (true) {
    const std::size_t size = TRY(request.body->read(buffer));
    if (size == 0) break;
    TRY(upload.write(base::View(buffer).first(size)));
  }
  // It may have taken hours: she may have been taken out of the account meanwhile.
  const auto kept =
      TRY(parts.workspace.keep(std::move(upload), condition, still_writes(parts, identity)));
  Response response =
      Response::json(kept.stored == workspace::Stored::created ? 201 : 200, entry_json(kept.entry));
  response.set("ETag", etag_of(kept.entry));
  return response;
}

base::Result<Response> remove(Request& request, const Parts& parts, base::AccountId account,
                              const workspace::Path& path, Names names) {
  const auto condition = TRY(demanded(request, parts, account, path, names));
  TRY(parts.workspace.remove(account, path, condition));
  return Response::empty(204);
}

base::Result<Response> serve(Request& request, const Parts& parts, const std::string& text) {
  const bool reads = request.method == http::Method::get || request.method == http::Method::head;
  const auto identity = TRY(
      identify(parts, request, reads ? accounts::Scope::files_read : accounts::Scope::files_write));
  TRY(require(identity.role, reads ? accounts::Right::read_files : accounts::Right::write_files));
  auto path = TRY(workspace::Path::parse(text));
  const Names names = text.ends_with('/') ? Names::folder : Names::anything;
  switch (request.method) {
    case http::Method::put:
      return names == Names::folder ? put_folder(parts, identity.account, path)
                                    : put(request, parts, identity, std::move(path));
    case http::Method::del:
      return remove(request, parts, identity.account, path, names);
    default:
      return get(request, parts, identity.account, path, names);
  }
}

}  // namespace

void add_file_routes(http::Router& router, const Parts& parts) {
  const http::Handler handler = [&parts](Request& request, const http::Captures& captures) {
    auto response = serve(request, parts, captures.at(0));
    if (!response.ok()) return file_problem(parts, request, response.error());
    // Hers alone, and revalidated each time: a browser may keep it, a shared cache may not.
    response->set("Cache-Control", "private, no-cache");
    return std::move(*response);
  };
  for (const auto method : {http::Method::get, http::Method::put, http::Method::del})
    router.add(method, "/v1/files/{path...}", handler);
}

}  // namespace api
