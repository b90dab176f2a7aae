// What is done with files and folders other than to read and write them by path: copies, moves, the
// trash, earlier versions, how much is used.
#include "api/files.h"

namespace api {
namespace {

using http::Captures;
using http::Request;
using http::Response;

constexpr std::size_t kListed = 500;  // unless another number is asked for
constexpr std::size_t kListedMax = 1000;

using Transfer = base::Result<workspace::Receipt> (workspace::Workspace::*)(
    base::AccountId, const workspace::Path&, const workspace::Path&, const workspace::Condition&,
    workspace::Taken, const workspace::Still&);

base::Result<Response> transfer(const Request& request, const Parts& parts, Transfer how) {
  const auto identity = TRY(file_writer(parts, request));
  auto body = TRY(writers_body(parts, request, identity));
  const std::string from_text = TRY(body.text("from", "from: say which file or folder"));
  const std::string to_text = TRY(body.text("to", "to: say the path that it is to have"));
  auto taken = workspace::Taken::refuse;
  if (body.has("overwrite")) {
    const bool overwrite = TRY(body.flag("overwrite", "overwrite: true or false"));
    if (overwrite) taken = workspace::Taken::replace;
  }
  TRY(body.nothing_else());
  const auto from = TRY(parse_path(from_text));
  const auto to = TRY(parse_path(to_text));
  const auto condition = TRY(demanded(request, parts, identity.account, from));
  const auto receipt = TRY((parts.workspace.*how)(identity.account, from, to, condition, taken,
                                                  still_writes(parts, identity)));
  const int status = receipt.stored == workspace::Stored::created ? 201 : 200;
  return Response::json(status, entry_json(receipt.entry));
}

base::Result<Response> move(const Request& request, const Parts& parts, const Captures&) {
  return transfer(request, parts, &workspace::Workspace::move);
}

base::Result<Response> copy(const Request& request, const Parts& parts, const Captures&) {
  return transfer(request, parts, &workspace::Workspace::copy);
}

base::Result<Response> usage(const Request& request, const Parts& parts, const Captures&) {
  const auto identity = TRY(file_reader(parts, request));
  const auto used = TRY(parts.workspace.usage(identity.account));
  return Response::json(200, Json()
                                 .add("files", used.content.pieces)
                                 .add("bytes", used.bytes())
                                 .add("bytes_max", used.bytes_max)
                                 .str());
}

// The trash.

std::string trashed_json(const workspace::Trashed& item) {
  const bool file = item.entry.kind == workspace::Kind::file;
  Json json;
  json.add("id", item.id.str());
  json.add("name", http::Door::open(item.entry.name));
  json.add("kind", file ? "file" : "folder");
  json.add("path", http::Door::open(item.path));
  if (file) {
    json.add("size", item.entry.size_bytes);
    json.add("type", http::Door::open(item.entry.media_type));
  }
  json.add("removed", base::rfc3339(item.removed));
  return json.add("expires", base::rfc3339(item.expires)).str();
}

base::Result<Response> list_trash(const Request& request, const Parts& parts, const Captures&) {
  const auto identity = TRY(file_reader(parts, request));
  base::RecordId after;
  if (const auto cursor = request.parameter("cursor"))
    after = TRY_AS(base::RecordId::parse(*cursor), "cursor: not one that a listing gave");
  const std::size_t listed = TRY(asked_number(request, "limit", kListed, kListedMax));
  const auto items = TRY(parts.workspace.trash().list(identity.account, after, listed));
  std::string texts;
  for (const auto& item : items) {
    if (!texts.empty()) texts += ',';
    texts += trashed_json(item);
  }
  Json json;
  json.add_raw("items", "[" + texts + "]");
  if (items.size() == listed) json.add("next", items.back().id.str());
  return Response::json(200, json.str());
}

base::Result<base::RecordId> trash_id(const Captures& captures) {
  auto id = base::RecordId::parse(captures.at(0));
  if (!id.ok()) return base::Error{base::Code::missing, "there is no such thing in the trash"};
  return id;
}

base::Result<Response> restore(const Request& request, const Parts& parts,
                               const Captures& captures) {
  const auto identity = TRY(file_writer(parts, request));
  auto body = TRY(writers_body(parts, request, identity));
  std::string to;
  const bool elsewhere = body.has("to");
  if (elsewhere) to = TRY(body.text("to", "to: say the path that it is to have"));
  TRY(body.nothing_else());
  const auto id = TRY(trash_id(captures));
  const auto item = TRY(parts.workspace.trash().find(identity.account, id));
  if (!elsewhere) to = http::Door::open(item.path);
  const auto path = TRY(parse_path(to));
  const auto entry = TRY(parts.workspace.trash().restore(identity.account, id, path));
  return Response::json(201, entry_json(entry));
}

base::Result<Response> purge(const Request& request, const Parts& parts, const Captures& captures) {
  const auto identity = TRY(file_writer(parts, request));
  const auto id = TRY(trash_id(captures));
  TRY(parts.workspace.trash().purge(identity.account, id));
  return Response::empty(204);
}

base::Result<Response> empty_trash(const Request& request, const Parts& parts, const Captures&) {
  const auto identity = TRY(file_writer(parts, request));
  TRY(parts.workspace.trash().empty(identity.account));
  return Response::empty(204);
}

// Earlier versions.

std::string version_json(const workspace::Version& version) {
  return Json()
      .add("version", version.content.str())
      .add("size", version.size_bytes)
      .add("type", http::Door::open(version.media_type))
      .add("changed", base::rfc3339(version.changed))
      .add("replaced", base::rfc3339(version.replaced))
      .add("expires", base::rfc3339(version.expires))
      .str();
}

base::Result<base::ContentId> version_id(std::string_view text) {
  auto id = base::ContentId::parse(text);
  if (!id.ok()) return base::Error{base::Code::missing, "the file has no such earlier version"};
  return id;
}

base::Result<Response> list_versions(const Parts& parts, base::AccountId account,
                                     const workspace::Path& path) {
  std::string texts;
  for (const auto& version : TRY(parts.workspace.versions(account, path))) {
    if (!texts.empty()) texts += ',';
    texts += version_json(version);
  }
  return Response::json(200, Json().add_raw("versions", "[" + texts + "]").str());
}

base::Result<Response> get_version(const Request& request, const Parts& parts,
                                   const Captures& captures) {
  const auto identity = TRY(file_reader(parts, request));
  const auto path = TRY(workspace::Path::parse(captures.at(0)));
  const auto asked = request.parameter("version");
  if (!asked) return list_versions(parts, identity.account, path);
  const auto id = TRY(version_id(*asked));
  const auto version = TRY(parts.workspace.version(identity.account, path, id));
  workspace::Entry as_file;
  as_file.content = version.content;
  as_file.size_bytes = version.size_bytes;
  as_file.media_type = version.media_type;
  as_file.changed = version.changed;
  return send_file(request, as_file,
                   [&] { return parts.workspace.read(identity.account, version); });
}

base::Result<Response> bring_back(const Request& request, const Parts& parts,
                                  const Captures& captures) {
  const auto identity = TRY(file_writer(parts, request));
  auto body = TRY(writers_body(parts, request, identity));
  const std::string text = TRY(body.text("version", "version: say which earlier version"));
  TRY(body.nothing_else());
  const auto path = TRY(workspace::Path::parse(captures.at(0)));
  const auto id = TRY(version_id(text));
  const auto condition = TRY(demanded(request, parts, identity.account, path));
  const auto receipt = TRY(parts.workspace.bring_back(identity.account, path, id, condition));
  Response response = Response::json(200, entry_json(receipt.entry));
  response.set("ETag", etag_of(receipt.entry));
  return response;
}

base::Result<Response> remove_version(const Request& request, const Parts& parts,
                                      const Captures& captures) {
  const auto identity = TRY(file_writer(parts, request));
  const auto path = TRY(workspace::Path::parse(captures.at(0)));
  TRY(parts.workspace.versions(identity.account, path));  // whether there is such a file
  const auto asked = request.parameter("version");
  if (!asked) return base::Error{base::Code::invalid, "version: say which earlier version"};
  const auto id = TRY(version_id(*asked));
  TRY(parts.workspace.remove_version(identity.account, path, id));
  return Response::empty(204);
}

}  // namespace

void add_workspace_routes(http::Router& router, const Parts& parts) {
  using http::Method;
  add_file_call(router, parts, Method::get, "/v1/workspace", usage);
  add_file_call(router, parts, Method::post, "/v1/workspace/copy", copy);
  add_file_call(router, parts, Method::post, "/v1/workspace/move", move);
  add_file_call(router, parts, Method::get, "/v1/trash", list_trash);
  add_file_call(router, parts, Method::del, "/v1/trash", empty_trash);
  add_file_call(router, parts, Method::post, "/v1/trash/{id}/restore", restore);
  add_file_call(router, parts, Method::del, "/v1/trash/{id}", purge);
  add_file_call(router, parts, Method::get, "/v1/versions/{path...}", get_version);
  add_file_call(router, parts, Method::post, "/v1/versions/{path...}", bring_back);
  add_file_call(router, parts, Method::del, "/v1/versions/{path...}", remove_version);
}

}  // namespace api
