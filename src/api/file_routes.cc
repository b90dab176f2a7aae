// Files by path (DATA-3). A file is somebody's own bytes on our origin: it is always an attachment
// in a sandbox, so that no browser runs what is in it.
#include "api/api.h"
#include "api/body.h"
#include "http/conditions.h"

namespace api {
namespace {

using http::Request;
using http::Response;
using workspace::Entry;
using workspace::Kind;

constexpr std::size_t kPiece = 256 * 1024;
constexpr std::size_t kListed = 1000;
constexpr std::size_t kMediaType = 200;
constexpr const char* kUnknownType = "application/octet-stream";

/// What a path may name: one that ends in a slash, a folder alone.
enum class Names : std::uint8_t { anything, folder };

std::string etag_of(const Entry& file) { return "\"" + file.content.str() + "\""; }

/// Gives a part of a file to the wire.
class FileSource final : public http::BodySource {
 public:
  FileSource(std::unique_ptr<vault::ContentReader> content, std::uint64_t offset,
             std::uint64_t size)
      : content_(std::move(content)), at_(offset), size_(size), left_(size) {}
  std::uint64_t size() const override { return size_; }
  base::Result<std::size_t> read(base::Mutable out) override {
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(left_, out.size()));
    if (want == 0) return std::size_t{0};
    const std::size_t got = TRY(content_->read_at(at_, out.first(want)));
    if (got == 0) return base::Error{base::Code::corrupt, "content is shorter than its entry says"};
    at_ += got;
    left_ -= got;
    return got;
  }

 private:
  std::unique_ptr<vault::ContentReader> content_;
  std::uint64_t at_;
  std::uint64_t size_;
  std::uint64_t left_;
};

/// type/subtype as it was sent, where it is of that form; else bytes of no known kind.
workspace::Name media_type(const Request& request) {
  const auto sent = request.header("content-type");
  if (!sent || sent->size() > kMediaType || sent->find('/') == std::string_view::npos)
    return workspace::Name(kUnknownType);
  for (const char c : *sent)
    if (c < 0x20 || c > 0x7e) return workspace::Name(kUnknownType);
  return workspace::Name(std::string(*sent));
}

std::string entry_json(const Entry& entry) {
  Json json;
  json.add("name", http::Door::open(entry.name));
  json.add("kind", entry.kind == Kind::folder ? "folder" : "file");
  if (entry.kind == Kind::file) {
    json.add("size", entry.size_bytes);
    json.add("type", http::Door::open(entry.media_type));
    json.add("etag", etag_of(entry));
  }
  return json.add("changed", base::rfc3339(entry.changed)).str();
}

base::Result<Response> list(const Request& request, const Parts& parts, base::AccountId account,
                            const workspace::Path& path) {
  base::RecordId after;
  if (const auto cursor = request.parameter("cursor"))
    after = TRY_AS(base::RecordId::parse(*cursor), "cursor: not one that a listing gave");
  const auto entries = TRY(parts.workspace.list(account, path, after, kListed));
  std::string items;
  for (const Entry& entry : entries) {
    if (!items.empty()) items += ',';
    items += entry_json(entry);
  }
  Json json;
  json.add_raw("entries", "[" + items + "]");
  if (entries.size() == kListed) json.add("next", entries.back().id.str());
  return Response::json(200, json.str());
}

base::Result<Response> send(const Request& request, const Parts& parts, base::AccountId account,
                            const Entry& file) {
  const std::string etag = etag_of(file);
  switch (http::check_conditions(request, etag)) {
    case http::Condition::not_modified:
      return http::not_modified(etag);
    case http::Condition::failed:
      return http::precondition_failed();
    case http::Condition::proceed:
      break;
  }
  const http::Range range = http::requested_range(request, etag, file.size_bytes);
  if (range.extent == http::Extent::unsatisfiable)
    return http::range_unsatisfiable(file.size_bytes);
  const bool part = range.extent == http::Extent::part;
  auto content = TRY(parts.workspace.read(account, file));
  Response response =
      Response::streamed(part ? 206 : 200, http::Door::open(file.media_type),
                         std::make_unique<FileSource>(std::move(content), part ? range.offset : 0,
                                                      part ? range.size : file.size_bytes));
  if (part) response.set("Content-Range", http::content_range(range, file.size_bytes));
  response.set("ETag", etag);
  response.set("Accept-Ranges", "bytes");
  response.set("Last-Modified", base::http_date(file.changed));
  response.set("Content-Disposition", "attachment");
  response.set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'");
  return response;
}

base::Result<Response> get(Request& request, const Parts& parts, base::AccountId account,
                           const workspace::Path& path, Names names) {
  const auto entry = TRY(parts.workspace.find(account, path));
  if (entry.kind == Kind::file && names == Names::folder)
    return base::Error{base::Code::missing, "there is no folder at this path"};
  if (entry.kind == Kind::folder) return list(request, parts, account, path);
  return send(request, parts, account, entry);
}

/// The version there is now, if any.
base::Result<std::optional<Entry>> present(const Parts& parts, base::AccountId account,
                                           const workspace::Path& path) {
  auto found = parts.workspace.find(account, path);
  if (!found.ok() && found.code() == base::Code::missing) return std::optional<Entry>();
  auto entry = TRY(std::move(found));
  return std::optional(std::move(entry));
}

/// What the request demands of the present version, checked now and again when it is replaced.
base::Result<workspace::Condition> demanded(const Request& request, const Parts& parts,
                                            base::AccountId account, const workspace::Path& path) {
  workspace::Condition condition;
  const auto if_match = request.header("if-match");
  const auto if_none_match = request.header("if-none-match");
  if (!if_match && !if_none_match) return condition;
  const auto now = TRY(present(parts, account, path));
  const bool file = now && now->kind == Kind::file;
  const std::string etag = file ? etag_of(*now) : std::string();
  const auto tag = file ? std::optional<std::string_view>(etag) : std::nullopt;
  if (http::check_conditions(request, tag) != http::Condition::proceed)
    return base::Error{base::Code::stale, "the file is not the version that was asked for"};
  if (file)
    condition.is = now->content;
  else
    condition.absent = true;
  return condition;
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
  auto upload = TRY(parts.workspace.begin(identity.account, std::move(path), media_type(request)));
  base::Bytes buffer(kPiece);
  while (true) {
    const std::size_t size = TRY(request.body->read(buffer));
    if (size == 0) break;
    TRY(upload.write(base::View(buffer).first(size)));
  }
  // It may have taken hours: she may have been taken out of the account meanwhile.
  TRY(parts.members.may(identity, accounts::Right::write_files));
  const auto kept = TRY(parts.workspace.keep(std::move(upload), condition));
  Response response =
      Response::json(kept.stored == workspace::Stored::created ? 201 : 200, entry_json(kept.entry));
  response.set("ETag", etag_of(kept.entry));
  return response;
}

base::Result<Response> remove(Request& request, const Parts& parts, base::AccountId account,
                              const workspace::Path& path) {
  const auto condition = TRY(demanded(request, parts, account, path));
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
      return remove(request, parts, identity.account, path);
    default:
      return get(request, parts, identity.account, path, names);
  }
}

}  // namespace

void add_file_routes(http::Router& router, const Parts& parts) {
  const http::Handler handler = [&parts](Request& request, const http::Captures& captures) {
    auto response = serve(request, parts, captures.at(0));
    if (!response.ok()) return http::problem(response.error());
    // Hers alone, and revalidated each time: a browser may keep it, a shared cache may not.
    response->set("Cache-Control", "private, no-cache");
    return std::move(*response);
  };
  for (const auto method : {http::Method::get, http::Method::put, http::Method::del})
    router.add(method, "/v1/files/{path...}", handler);
}

}  // namespace api
