// Uploads in several requests: tus 1.0 (core, creation, expiration, termination). An upload is one
// of an account's: each of its members who may write files goes on with it.
#include <charconv>

#include "api/files.h"
#include "api/upload_metadata.h"
#include "http/percent.h"
#include "workspace/uploads.h"

namespace api {
namespace {

using http::Captures;
using http::Request;
using http::Response;

constexpr const char* kTus = "1.0.0";
constexpr std::size_t kPiece = 256 * 1024;
constexpr std::size_t kMediaType = 200;

base::Error no_upload() {
  return {base::Code::missing,
          "there is no such upload: it is finished, has expired, or never was; begin another one"};
}

base::Result<void> speaks_tus(const Request& request) {
  if (request.header("tus-resumable") == kTus) return {};
  return base::Error{base::Code::stale, "Tus-Resumable: this is version 1.0.0 of the protocol"};
}

base::Result<std::uint64_t> number(const Request& request, std::string_view name,
                                   base::Literal otherwise) {
  const auto text = request.header(name);
  std::uint64_t value = 0;
  if (!text) return base::Error{base::Code::invalid, otherwise};
  const char* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || value > std::uint64_t{1} << 60)
    return base::Error{base::Code::invalid, otherwise};
  return value;
}

workspace::Name media_type_of(const std::string& said) {
  if (said.empty() || said.size() > kMediaType || !said.contains('/'))
    return workspace::Name("application/octet-stream");
  for (const char c : said)
    if (c < 0x20 || c > 0x7e) return workspace::Name("application/octet-stream");
  return workspace::Name(said);
}

Response& say_expiry(Response& response, base::Time expires) {
  return response.set("Upload-Expires", base::http_date(expires));
}

base::Result<Response> create(const Request& request, const Parts& parts, const Captures&) {
  const auto identity = TRY(file_writer(parts, request));
  TRY(speaks_tus(request));
  const std::uint64_t length = TRY(
      number(request, "upload-length", "Upload-Length: say how many bytes the file has in all"));
  const auto metadata = TRY(parse_upload_metadata(request.header("upload-metadata").value_or("")));
  const auto path = TRY(parse_path(metadata.path));
  const auto media_type = media_type_of(metadata.type);
  // One of no bytes is a file at once; of any other, the last part says what it may replace.
  workspace::Condition condition;
  if (length == 0) condition = TRY(demanded(request, parts, identity.account, path));
  const auto upload = TRY(parts.workspace.uploads().create(
      identity.account, {path, media_type, length, metadata.modified, condition},
      still_writes(parts, identity)));
  Response response = Response::empty(201);
  response.set("Location", "/v1/uploads/" + upload.id.str());
  say_expiry(response, upload.expires);
  return response;
}

base::Result<Response> list(const Request& request, const Parts& parts, const Captures&) {
  const auto identity = TRY(file_writer(parts, request));
  std::string texts;
  for (const auto& upload : TRY(parts.workspace.uploads().list(identity.account))) {
    Json json;
    json.add("id", upload.id.str());
    json.add("path", http::Door::open(upload.path));
    json.add("length", upload.length);
    json.add("offset", upload.offset);
    json.add("expires", base::rfc3339(upload.expires));
    json.add("under_way", upload.under_way ? Truth::yes : Truth::no);
    if (upload.modified) json.add("modified", base::rfc3339(*upload.modified));
    if (!texts.empty()) texts += ',';
    texts += json.str();
  }
  return Response::json(200, Json().add_raw("uploads", "[" + texts + "]").str());
}

base::Result<base::RecordId> named(const Captures& captures) {
  const auto id = base::RecordId::parse(captures.at(0));
  if (!id.ok()) return no_upload();
  return *id;
}

base::Result<Response> look(const Request& request, const Parts& parts, const Captures& captures) {
  const auto identity = TRY(file_writer(parts, request));
  TRY(speaks_tus(request));
  const auto id = TRY(named(captures));
  const auto upload = TRY(parts.workspace.uploads().settled(identity.account, id));
  Response response = Response::empty(200);
  response.set("Upload-Offset", std::to_string(upload.offset));
  response.set("Upload-Length", std::to_string(upload.length));
  say_expiry(response, upload.expires);
  return response;
}

base::Result<void> take(const Request& request, workspace::Uploads::Part& part) {
  base::Bytes buffer(kPiece);
  while (true) {
    const auto size = request.body->read(buffer);
    if (!size.ok()) {
      // The connection broke: what has come is kept, and the rest comes another time.
      TRY(part.finish());
      if (part.wanted())
        return base::Error{base::Code::conflict,
                           "another request goes on with this upload: ask with HEAD how far it is"};
      return size.error();
    }
    if (*size == 0) return part.finish();
    TRY(part.write(base::View(buffer).first(*size)));
  }
}

base::Result<Response> append(const Request& request, const Parts& parts,
                              const Captures& captures) {
  const auto identity = TRY(file_writer(parts, request));
  TRY(speaks_tus(request));
  if (request.header("content-type") != "application/offset+octet-stream")
    return base::Error{base::Code::unsupported,
                       "Content-Type: a part of an upload is application/offset+octet-stream"};
  const std::uint64_t offset =
      TRY(number(request, "upload-offset", "Upload-Offset: say at which byte this part begins"));
  const auto id = TRY(named(captures));
  const auto upload = TRY(parts.workspace.uploads().find(identity.account, id));
  auto path = TRY(parse_path(http::Door::open(upload.path)));
  const auto condition = TRY(demanded(request, parts, identity.account, path));
  auto part = TRY(parts.workspace.uploads().append(identity.account, upload, std::move(path),
                                                   offset, condition, still_writes(parts, identity),
                                                   [body = request.body] { body->stop(); }));
  if (!part)
    return http::problem(423, "locked", "Another request is at it",
                         "Another request brings a part of this upload: ask again in a moment.");
  TRY(take(request, *part));
  Response response = Response::empty(204);
  response.set("Upload-Offset", std::to_string(part->offset()));
  say_expiry(response, part->expires());
  return response;
}

base::Result<Response> end(const Request& request, const Parts& parts, const Captures& captures) {
  const auto identity = TRY(file_writer(parts, request));
  TRY(speaks_tus(request));
  const auto id = TRY(named(captures));
  TRY(parts.workspace.uploads().end(identity.account, id));
  return Response::empty(204);
}

void add(http::Router& router, const Parts& parts, http::Method method, const char* pattern,
         CallOf call) {
  router.add(method, pattern, [&parts, call](Request& request, const Captures& captures) {
    auto called = call(request, parts, captures);
    Response response =
        called.ok() ? std::move(*called) : file_problem(parts, request, called.error());
    response.set("Tus-Resumable", kTus);
    if (response.status == 412) response.set("Tus-Version", kTus);
    response.set("Cache-Control", "no-store");
    return response;
  });
}

}  // namespace

void add_upload_routes(http::Router& router, const Parts& parts) {
  using http::Method;
  router.add(Method::options, "/v1/uploads", [](Request&, const Captures&) {
    Response response = Response::empty(204);
    response.set("Tus-Resumable", kTus);
    response.set("Tus-Version", kTus);
    response.set("Tus-Extension", "creation,expiration,termination");
    return response;
  });
  add_file_call(router, parts, Method::get, "/v1/uploads", list);
  add(router, parts, Method::post, "/v1/uploads", create);
  add(router, parts, Method::head, "/v1/uploads/{id}", look);
  add(router, parts, Method::patch, "/v1/uploads/{id}", append);
  add(router, parts, Method::del, "/v1/uploads/{id}", end);
}

}  // namespace api
