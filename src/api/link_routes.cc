// Links: made, listed and revoked by those who may write files; followed by anybody who has one. To
// follow one is nobody's activity, and needs no session. A link reads: a token makes none where it
// may not read itself.
#include "api/files.h"
#include "api/limit.h"
#include "workspace/links.h"

namespace api {
namespace {

using http::Captures;
using http::Request;
using http::Response;
using workspace::Linked;

constexpr std::size_t kBodyBytes = 64 * 1024;  // a path, and a password
constexpr std::size_t kStrangersBodyBytes = 16 * 1024;
constexpr std::size_t kPasswordBytes = 1024;
constexpr std::uint64_t kDays = 30;  // unless another number is asked for
constexpr base::Duration kPassLives = std::chrono::hours(12);
constexpr const char* kPassCookie = "__Host-link";
constexpr std::size_t kListed = 500;
constexpr std::size_t kListedMax = 1000;

const char* to_text(workspace::Leads where) {
  if (where == workspace::Leads::here) return "here";
  return where == workspace::Leads::elsewhere ? "elsewhere" : "nowhere";
}

Json link_json(const workspace::Link& link, const workspace::Leading& leading) {
  Json json;
  json.add("id", link.id.str());
  json.add("path", http::Door::open(link.path));
  json.add("kind", link.kind == workspace::Kind::folder ? "folder" : "file");
  json.add("created", base::rfc3339(link.created));
  json.add("expires", base::rfc3339(link.expires));
  json.add("password", link.password_hash.empty() ? Truth::no : Truth::yes);
  json.add("leads", to_text(leading.where));
  if (leading.where == workspace::Leads::elsewhere)
    json.add("name", http::Door::open(leading.name));
  return json;
}

base::Result<Response> share(const Request& request, const Parts& parts, const Captures&) {
  const auto identity = TRY(file_sharer(parts, request));
  // Whether she still may when it is there is asked where the link is made.
  auto body = TRY(Body::read(request, kBodyBytes));
  const std::string text = TRY(body.text("path", "path: say which file or folder"));
  std::uint64_t days = kDays;
  if (body.has("expires_in_days"))
    days = TRY(body.number("expires_in_days", "expires_in_days: from 1 to 365"));
  std::string hash;
  const bool with_password = body.has("password");
  base::SecretBytes password;
  if (with_password) password = TRY(body.secret("password", "password: a text"));
  TRY(body.nothing_else());
  if (days == 0 || days > 365)
    return base::Error{base::Code::invalid, "expires_in_days: from 1 to 365"};
  if (with_password && (password.size() < 8 || password.size() > kPasswordBytes))
    return base::Error{base::Code::invalid, "password: from 8 to 1024 bytes"};
  const auto path = TRY(parse_path(text));
  if (with_password) hash = TRY(parts.passwords.hash(password));
  const auto made = TRY(parts.workspace.links().make(
      identity.account, path, std::chrono::days(static_cast<int>(days)), std::move(hash),
      still_writes(parts, identity)));
  Json json = link_json(made.link, {workspace::Leads::here, {}});
  json.add("token", made.token);
  json.add("url", parts.origin(request) + "/s/" + made.token);
  return Response::json(201, json.str());
}

base::Result<Response> list(const Request& request, const Parts& parts, const Captures&) {
  const auto identity = TRY(file_sharer(parts, request));
  std::vector<workspace::Links::Listed> listed;
  for (auto& link : TRY(parts.workspace.links().list(identity.account))) {
    auto path = TRY(workspace::Path::parse(http::Door::open(link.path)));
    listed.push_back({std::move(link), std::move(path)});
  }
  const auto leading = TRY(parts.workspace.links().leads(identity.account, listed));
  std::string texts;
  for (std::size_t i = 0; i < listed.size(); ++i) {
    if (i > 0) texts += ',';
    texts += link_json(listed.at(i).link, leading.at(i)).str();
  }
  return Response::json(200, Json().add_raw("links", "[" + texts + "]").str());
}

base::Result<Response> revoke(const Request& request, const Parts& parts,
                              const Captures& captures) {
  const auto identity = TRY(file_writer(parts, request));
  const auto id = base::RecordId::parse(captures.at(0));
  if (!id.ok()) return base::Error{base::Code::missing, "there is no such link"};
  TRY(parts.workspace.links().revoke(identity.account, *id));
  return Response::empty(204);
}

// For whoever has a link.

base::Result<Linked> follow(const Request& request, const Parts& parts, const Captures& captures) {
  auto linked = parts.workspace.links().follow(captures.at(0));
  // One that is none counts, so that nobody tries them out.
  if (!linked.ok() && linked.code() == base::Code::missing) TRY(limit(parts, request, Act::follow));
  return linked;
}

base::Result<bool> opened(const Request& request, const Parts& parts, const Linked& linked) {
  if (linked.link.password_hash.empty()) return true;
  const auto cookie = request.cookie(kPassCookie);
  const auto header = request.header("link-pass");
  if (header) return parts.workspace.links().passes(linked, *header);
  if (cookie) return parts.workspace.links().passes(linked, *cookie);
  return false;
}

Response password_needed() {
  return http::problem(403, "link-password", "This link has a password",
                       "Give it to POST /v1/links/{token}/open, then ask again.");
}

base::Result<Response> look(const Request& request, const Parts& parts, const Captures& captures) {
  const auto linked = TRY(follow(request, parts, captures));
  const bool open = TRY(opened(request, parts, linked));
  if (!open) return password_needed();
  Json json;
  json.add_raw("entry", entry_json(linked.entry));
  json.add("expires", base::rfc3339(linked.link.expires));
  return Response::json(200, json.str());
}

base::Result<Response> open(const Request& request, const Parts& parts, const Captures& captures) {
  auto body = TRY(Body::read(request, kStrangersBodyBytes));
  const auto password = TRY(body.secret("password", "password: the link's"));
  TRY(body.nothing_else());
  if (password.size() > kPasswordBytes)
    return base::Error{base::Code::invalid, "password: at most 1024 bytes"};
  const auto linked = TRY(follow(request, parts, captures));
  if (!linked.link.password_hash.empty()) {
    auto tried = TRY(ProofTry::begin_link(parts, request, linked.link.id));
    TRY(limit(parts, request, Act::follow));
    const bool right = TRY(parts.passwords.matches(linked.link.password_hash, password));
    if (!right)
      return http::problem(403, "wrong-link-password", "Wrong password",
                           "This is not the link's password. Ask whoever gave you the link.");
    tried.was_right();
  }
  const std::string pass = TRY(parts.workspace.links().pass(linked, kPassLives));
  Response response = Response::json(200, Json().add("pass", pass).str());
  response.set("Set-Cookie", std::string(kPassCookie) + "=" + pass +
                                 "; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Lax");
  return response;
}

base::Result<Response> list_folder(const Request& request, const Parts& parts, const Linked& linked,
                                   const workspace::Entry& folder) {
  base::RecordId after;
  if (const auto cursor = request.parameter("cursor"))
    after = TRY_AS(base::RecordId::parse(*cursor), "cursor: not one that a listing gave");
  const std::size_t listed = TRY(asked_number(request, "limit", kListed, kListedMax));
  const auto entries = TRY(parts.workspace.links().list(linked, folder, after, listed));
  return Response::json(200, folder_json(entries, listed));
}

base::Result<Response> get(const Request& request, const Parts& parts, const Captures& captures) {
  const auto linked = TRY(follow(request, parts, captures));
  const bool open = TRY(opened(request, parts, linked));
  if (!open) return password_needed();
  const auto below = TRY(workspace::Path::parse(captures.at(1)));
  const auto entry = TRY(parts.workspace.links().find(linked, below));
  if (entry.kind == workspace::Kind::folder) return list_folder(request, parts, linked, entry);
  return send_file(request, entry, [&] { return parts.workspace.links().read(linked, entry); });
}

}  // namespace

void add_link_routes(http::Router& router, const Parts& parts) {
  using http::Method;
  add_file_call(router, parts, Method::get, "/v1/shares", list);
  add_file_call(router, parts, Method::post, "/v1/shares", share);
  add_file_call(router, parts, Method::del, "/v1/shares/{id}", revoke);
  add_file_call(router, parts, Method::get, "/v1/links/{token}", look);
  add_file_call(router, parts, Method::post, "/v1/links/{token}/open", open);
  add_file_call(router, parts, Method::get, "/v1/links/{token}/files/{path...}", get);
}

}  // namespace api
