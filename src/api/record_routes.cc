// Records (DATA-3): collections of JSON documents, by name. Whoever was taken out while a body came
// in changes nothing and learns nothing.
#include "api/api.h"
#include "api/body.h"
#include "api/call.h"
#include "api/files.h"
#include "api/record_body.h"
#include "http/conditions.h"
#include "http/percent.h"

namespace api {
namespace {

using accounts::Right;
using http::Captures;
using http::Request;
using http::Response;
using workspace::Name;

constexpr std::size_t kListedDefault = 100;
constexpr std::size_t kSubjectBytes = 4 * 1024;
constexpr std::size_t kCollectionBytes = workspace::JsonSchema::bytes_max + (4UL << 10);

enum class Does : std::uint8_t { read, write };

/// Somebody who may do that, in an account of which anything may be used.
base::Result<accounts::Identity> identity_for(const Request& request, const Parts& parts,
                                              Does does) {
  const bool reads = does == Does::read;
  const auto identity = TRY(identify(
      parts, request, reads ? accounts::Scope::records_read : accounts::Scope::records_write));
  TRY(require(identity.role, reads ? Right::read_records : Right::write_records));
  TRY(parts.records.allowed(identity.account));
  return identity;
}

/// Whose records, where there is no body to wait for.
base::Result<base::AccountId> account_for(const Request& request, const Parts& parts, Does does) {
  const auto identity = TRY(identity_for(request, parts, does));
  return identity.account;
}

workspace::Precondition condition_of(const Request& request) {
  if (!request.header("if-match") && !request.header("if-none-match")) return {};
  return [&request](std::optional<std::string_view> tag) {
    return http::check_conditions(request, tag) == http::Condition::proceed;
  };
}

std::string collection_json(const workspace::RecordCollection& collection) {
  Json json;
  json.add("name", http::Door::open(collection.name))
      .add("etag", workspace::entity_tag(collection.tag))
      .add("changed", base::rfc3339(collection.changed));
  if (!collection.schema.empty()) json.add_raw("schema", base::text(collection.schema));
  if (collection.closing) json.add("deleting", Truth::yes);
  return json.str();
}

Json record_json(const workspace::StoredRecord& record) {
  Json json;
  json.add("id", http::Door::open(record.id))
      .add("etag", workspace::entity_tag(record.tag))
      .add("changed", base::rfc3339(record.changed));
  if (record.expires) json.add("expires", base::rfc3339(*record.expires));
  if (record.subject) json.add("subject", http::Door::open(*record.subject));
  json.add_raw("document", http::Door::open(record.document));
  return json;
}

Json changed_json(const workspace::Changed& changed) {
  Json json;
  json.add("id", http::Door::open(changed.id));
  if (changed.how == workspace::Changed::How::removed) return json;
  json.add("etag", workspace::entity_tag(changed.tag))
      .add("changed", base::rfc3339(changed.changed));
  if (changed.expires) json.add("expires", base::rfc3339(*changed.expires));
  return json;
}

/// A list as a member of an object, with where it goes on.
Response listed(const char* name, const std::string& items,
                const std::optional<base::RecordId>& next) {
  Json json;
  json.add_raw(name, "[" + items + "]");
  if (next) json.add("next", next->str());
  return Response::json(200, json.str());
}

base::Result<base::RecordId> cursor_of(const std::optional<std::string>& text) {
  if (!text) return base::RecordId();
  return TRY_AS(base::RecordId::parse(*text), "cursor: not one that a listing gave");
}

/// The problem, with which change it is and where its document is not as it should be.
Response refused(const Parts& parts, base::AccountId account, const base::Error& error,
                 const workspace::Refusal& refusal, std::optional<std::size_t> change) {
  Response response = room_problem(parts, account, error);
  if (response.status >= 500) return response;
  Json more;
  if (change) more.add("change", std::uint64_t{*change});
  if (refusal.mismatch)
    more.add("at", http::Door::open(refusal.mismatch->at))
        .add("keyword", refusal.mismatch->keyword.c_str());
  const std::string members = more.str();
  if (members == "{}") return response;
  response.body.back() = ',';
  response.body += members.substr(1);
  return response;
}

base::Result<Response> list_collections(const Request& request, const Parts& parts) {
  const auto account = TRY(account_for(request, parts, Does::read));
  const auto after = TRY(cursor_of(request.parameter("cursor")));
  const std::size_t limit =
      TRY(asked_number(request, "limit", kListedDefault, workspace::records_listed_max));
  const auto found = TRY(parts.records.list(account, after, limit));
  std::string items;
  for (const auto& collection : found)
    items += (items.empty() ? "" : ",") + collection_json(collection);
  std::optional<base::RecordId> next;
  if (found.size() == limit) next = found.back().id;
  return listed("collections", items, next);
}

base::Result<Response> get_collection(const Request& request, const Parts& parts,
                                      const Captures& captures) {
  const auto account = TRY(account_for(request, parts, Does::read));
  const auto name = TRY(workspace::parse_record_name(captures.at(0)));
  const auto found = TRY(parts.records.collection(account, name));
  Response response = Response::json(200, collection_json(found));
  response.set("ETag", workspace::entity_tag(found.tag));
  return response;
}

base::Result<Response> put_collection(const Request& request, const Parts& parts,
                                      const Captures& captures) {
  const auto identity = TRY(identity_for(request, parts, Does::write));
  const auto account = identity.account;
  const auto name = TRY(workspace::parse_record_name(captures.at(0)));
  const std::string text =
      TRY(json_text(parts, request, identity, Right::write_records, kCollectionBytes));
  const auto schema = TRY(parse_collection(text));
  const auto kept = parts.records.keep(account, name, schema, condition_of(request));
  if (!kept.ok()) return room_problem(parts, account, kept.error());
  const bool made = kept->stored == workspace::Stored::created;
  Response response = Response::json(made ? 201 : 200, collection_json(kept->collection));
  response.set("ETag", workspace::entity_tag(kept->collection.tag));
  return response;
}

base::Result<Response> remove_collection(const Request& request, const Parts& parts,
                                         const Captures& captures) {
  const auto account = TRY(account_for(request, parts, Does::write));
  const auto name = TRY(workspace::parse_record_name(captures.at(0)));
  TRY(parts.records.remove(account, name, condition_of(request)));
  return Response::empty(204);
}

base::Result<Response> list_records(const Request& request, const Parts& parts,
                                    const Captures& captures) {
  const auto account = TRY(account_for(request, parts, Does::read));
  const auto name = TRY(workspace::parse_record_name(captures.at(0)));
  const auto after = TRY(cursor_of(request.parameter("cursor")));
  const std::size_t limit =
      TRY(asked_number(request, "limit", kListedDefault, workspace::records_listed_max));
  const auto page = TRY(parts.records.list(account, name, after, limit));
  std::string items;
  for (const auto& record : page.records)
    items += (items.empty() ? "" : ",") + record_json(record).str();
  return listed("records", items, page.next);
}

base::Result<Response> get_record(const Request& request, const Parts& parts,
                                  const Captures& captures) {
  const auto account = TRY(account_for(request, parts, Does::read));
  const auto collection = TRY(workspace::parse_record_name(captures.at(0)));
  const auto id = TRY(workspace::parse_record_name(captures.at(1)));
  const auto found = TRY(parts.records.get(account, collection, id));
  const std::string etag = workspace::entity_tag(found.tag);
  if (auto refusal = http::refused_by_conditions(request, etag)) return std::move(*refusal);
  Response response = Response::json(200, record_json(found).str());
  response.set("ETag", etag);
  return response;
}

/// Makes one change; the problem tells where its document is wrong.
base::Result<Response> change_one(const Parts& parts, base::AccountId account,
                                  workspace::Change change, std::string collection) {
  std::vector<workspace::Change> changes;
  changes.push_back(std::move(change));
  workspace::Refusal refusal;
  const auto made = parts.records.change(account, changes, refusal);
  if (!made.ok()) return refused(parts, account, made.error(), refusal, std::nullopt);
  const workspace::Changed& changed = made->front();
  if (changed.how == workspace::Changed::How::removed) return Response::empty(204);
  const bool created = changed.how == workspace::Changed::How::created;
  Response response = Response::json(created ? 201 : 200, changed_json(changed).str());
  response.set("ETag", workspace::entity_tag(changed.tag));
  if (created)
    response.set("Location", "/v1/collections/" + http::percent_encode_path(collection) +
                                 "/records/" +
                                 http::percent_encode_path(http::Door::open(changed.id)));
  return response;
}

base::Result<Response> put_record(const Request& request, const Parts& parts,
                                  const Captures& captures) {
  const auto identity = TRY(identity_for(request, parts, Does::write));
  const auto account = identity.account;
  auto collection = TRY(workspace::parse_record_name(captures.at(0)));
  // One of ours has no version that a condition could be about.
  std::optional<Name> id;
  workspace::Precondition condition;
  if (captures.size() > 1) {
    id = TRY(workspace::parse_record_name(captures.at(1)));
    condition = condition_of(request);
  }
  const std::string text =
      TRY(json_text(parts, request, identity, Right::write_records, draft_bytes_max));
  auto draft = TRY(parse_draft(text));
  return change_one(parts, account,
                    {std::move(collection), std::move(id), std::move(draft), std::move(condition)},
                    captures.at(0));
}

base::Result<Response> remove_record(const Request& request, const Parts& parts,
                                     const Captures& captures) {
  const auto account = TRY(account_for(request, parts, Does::write));
  auto collection = TRY(workspace::parse_record_name(captures.at(0)));
  auto id = TRY(workspace::parse_record_name(captures.at(1)));
  return change_one(parts, account,
                    {std::move(collection), std::move(id), std::nullopt, condition_of(request)},
                    captures.at(0));
}

base::Result<Response> change_many(const Request& request, const Parts& parts) {
  const auto identity = TRY(identity_for(request, parts, Does::write));
  const auto account = identity.account;
  const std::string text =
      TRY(json_text(parts, request, identity, Right::write_records, batch_bytes_max));
  std::optional<std::size_t> at;
  const auto changes = parse_changes(text, at);
  if (!changes.ok()) return refused(parts, account, changes.error(), {}, at);
  workspace::Refusal refusal;
  const auto made = parts.records.change(account, *changes, refusal);
  if (!made.ok()) return refused(parts, account, made.error(), refusal, refusal.change);
  std::string results;
  for (const workspace::Changed& changed : *made)
    results += (results.empty() ? "" : ",") + changed_json(changed).str();
  return Response::json(200, Json().add_raw("results", "[" + results + "]").str());
}

base::Result<Body> body_about(const Request& request, const Parts& parts,
                              const accounts::Identity& identity, Right right) {
  std::string text = TRY(json_text(parts, request, identity, right, kSubjectBytes));
  return Body::parse(std::move(text));
}

base::Result<Name> subject_of(Body& body) {
  constexpr base::Literal kSubject = "subject: your own name for a person, of 1 to 200 bytes";
  const std::string text = TRY(body.text("subject", kSubject));
  return TRY_AS(workspace::parse_record_name(text), kSubject);
}

base::Result<Response> about(const Request& request, const Parts& parts) {
  const auto identity = TRY(identity_for(request, parts, Does::read));
  Body body = TRY(body_about(request, parts, identity, Right::read_records));
  const auto subject = TRY(subject_of(body));
  std::optional<std::string> cursor;
  if (body.has("cursor")) cursor = TRY(body.text("cursor", "cursor: not one that a listing gave"));
  TRY(body.nothing_else());
  const auto after = TRY(cursor_of(cursor));
  const auto page = TRY(parts.records.about(identity.account, subject, after, kListedDefault));
  std::string items;
  for (const auto& [collection, record] : page.records)
    items += (items.empty() ? "" : ",") +
             record_json(record).add("collection", http::Door::open(collection)).str();
  return listed("records", items, page.next);
}

base::Result<Response> remove_about(const Request& request, const Parts& parts) {
  const auto identity = TRY(identity_for(request, parts, Does::write));
  Body body = TRY(body_about(request, parts, identity, Right::write_records));
  const auto subject = TRY(subject_of(body));
  TRY(body.nothing_else());
  const std::uint64_t deleted = TRY(parts.records.remove_about(identity.account, subject));
  return Response::json(200, Json().add("deleted", deleted).str());
}

}  // namespace

void add_record_routes(http::Router& router, const Parts& parts) {
  using http::Method;
  add_call(router, parts, Method::get, "/v1/collections", list_collections);
  add_call(router, parts, Method::get, "/v1/collections/{collection}", get_collection);
  add_call(router, parts, Method::put, "/v1/collections/{collection}", put_collection);
  add_call(router, parts, Method::del, "/v1/collections/{collection}", remove_collection);
  add_call(router, parts, Method::get, "/v1/collections/{collection}/records", list_records);
  add_call(router, parts, Method::post, "/v1/collections/{collection}/records", put_record);
  add_call(router, parts, Method::get, "/v1/collections/{collection}/records/{record}", get_record);
  add_call(router, parts, Method::put, "/v1/collections/{collection}/records/{record}", put_record);
  add_call(router, parts, Method::del, "/v1/collections/{collection}/records/{record}",
           remove_record);
  add_call(router, parts, Method::post, "/v1/records/batch", change_many);
  add_call(router, parts, Method::post, "/v1/records/about", about);
  add_call(router, parts, Method::post, "/v1/records/about/delete", remove_about);
}

}  // namespace api
