#include "api/files.h"

#include <charconv>

#include "http/path.h"
#include "http/percent.h"

namespace api {
namespace {

using http::Request;
using http::Response;

using accounts::Right;
using accounts::Scope;
using accounts::Scopes;

constexpr std::size_t kBodyBytes = 64 * 1024;

/// Who it is, of whom all of that is true, in an account of which anything may be used.
base::Result<accounts::Identity> file_user(const Parts& parts, const Request& request,
                                           Scopes needed, Right right) {
  const auto identity = TRY(identify(parts, request, needed));
  TRY(require(identity.role, right));
  TRY(parts.workspace.open_to(identity.account));
  return identity;
}

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

}  // namespace

std::string etag_of(const workspace::Entry& file) { return "\"" + file.content.str() + "\""; }

std::string entry_json(const workspace::Entry& entry) {
  Json json;
  json.add("name", http::Door::open(entry.name));
  json.add("kind", entry.kind == workspace::Kind::folder ? "folder" : "file");
  if (entry.kind == workspace::Kind::file) {
    json.add("size", entry.size_bytes);
    json.add("type", http::Door::open(entry.media_type));
    json.add("etag", etag_of(entry));
  }
  return json.add("changed", base::rfc3339(entry.changed)).str();
}

std::string folder_json(const std::vector<workspace::Entry>& entries, std::size_t listed) {
  std::string items;
  for (const workspace::Entry& entry : entries) {
    if (!items.empty()) items += ',';
    items += entry_json(entry);
  }
  Json json;
  json.add_raw("entries", "[" + items + "]");
  if (entries.size() == listed) json.add("next", entries.back().id.str());
  return json.str();
}

base::Result<Response> send_file(const Request& request, const workspace::Entry& file,
                                 const OpenContent& open) {
  const std::string etag = etag_of(file);
  if (auto refusal = http::refused_by_conditions(request, etag)) return std::move(*refusal);
  const http::Range range = http::requested_range(request, etag, file.size_bytes);
  if (range.extent == http::Extent::unsatisfiable)
    return http::range_unsatisfiable(file.size_bytes);
  const bool part = range.extent == http::Extent::part;
  auto content = TRY(open());
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

base::Result<std::optional<workspace::Entry>> present(const Parts& parts, base::AccountId account,
                                                      const workspace::Path& path) {
  auto found = parts.workspace.find(account, path);
  if (!found.ok() && found.code() == base::Code::missing) return std::optional<workspace::Entry>();
  auto entry = TRY(std::move(found));
  return std::optional(std::move(entry));
}

base::Result<workspace::Condition> demanded(const Request& request, const Parts& parts,
                                            base::AccountId account, const workspace::Path& path,
                                            Names names) {
  workspace::Condition condition;
  condition.folder = names == Names::folder;
  const auto if_match = request.header("if-match");
  const auto if_none_match = request.header("if-none-match");
  if (!if_match && !if_none_match) return condition;
  const auto now = TRY(present(parts, account, path));
  const bool file = now && now->kind == workspace::Kind::file;
  if (file && condition.folder)
    return base::Error{base::Code::missing, "there is no folder at this path"};
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

http::Response file_problem(const Parts& parts, const Request& request, const base::Error& error) {
  if (!workspace::is_over_quota(error)) return http::problem(error);
  const auto account = account_of(parts, request);
  return account.ok() ? room_problem(parts, *account, error) : http::problem(error);
}

http::Response room_problem(const Parts& parts, base::AccountId account, const base::Error& error) {
  if (!workspace::is_over_quota(error)) return http::problem(error);
  Response response = http::problem(507, "quota", "Your plan has no room for this", error.reason());
  const auto used = parts.workspace.usage(account);
  if (!used.ok()) return response;
  response.body.pop_back();
  response.body += ",\"used\":" + std::to_string(used->bytes()) +
                   ",\"allowed\":" + std::to_string(used->bytes_max) + "}";
  return response;
}

base::Result<accounts::Identity> file_reader(const Parts& parts, const Request& request) {
  return file_user(parts, request, Scopes().add(Scope::files_read), Right::read_files);
}

base::Result<accounts::Identity> file_writer(const Parts& parts, const Request& request) {
  return file_user(parts, request, Scopes().add(Scope::files_write), Right::write_files);
}

base::Result<accounts::Identity> file_sharer(const Parts& parts, const Request& request) {
  return file_user(parts, request, Scopes().add(Scope::files_read).add(Scope::files_write),
                   Right::write_files);
}

workspace::Still still_writes(const Parts& parts, const accounts::Identity& identity) {
  return [&parts, identity](store::Reader& reader) {
    return parts.members.may_still(reader, identity, Right::write_files);
  };
}

base::Result<Body> writers_body(const Parts& parts, const Request& request,
                                const accounts::Identity& identity) {
  std::string text = TRY(json_text(parts, request, identity, Right::write_files, kBodyBytes));
  return Body::parse(std::move(text));
}

void add_file_call(http::Router& router, const Parts& parts, http::Method method,
                   const char* pattern, CallOf call) {
  router.add(method, pattern, [&parts, call](Request& request, const http::Captures& captures) {
    auto response = call(request, parts, captures);
    if (!response.ok()) return file_problem(parts, request, response.error());
    response->set("Cache-Control", "private, no-cache");
    return std::move(*response);
  });
}

base::Result<workspace::Path> parse_path(std::string_view text) {
  if (!http::valid_utf8(text) || http::has_control_characters(text) || text.contains('\\'))
    return base::Error{base::Code::invalid, "path: a name is of UTF-8 and has no backslash"};
  return workspace::Path::parse(text);
}

base::Result<std::size_t> asked_number(const Request& request, std::string_view name,
                                       std::size_t otherwise, std::size_t most) {
  const auto text = request.parameter(name);
  if (!text) return otherwise;
  std::size_t number = 0;
  const char* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || number == 0 || number > most)
    return base::Error{base::Code::invalid, "limit: give a whole number from 1 up to what is said"};
  return number;
}

}  // namespace api
