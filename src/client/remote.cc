#include "client/remote.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "base/clock.h"

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kAnswerBytes = 8UL << 20;  // a page of a listing: 1,000 entries
constexpr int kTries = 5;
constexpr long kRetrySecondsMax = 60;

Error odd() { return {Code::corrupt, "the server's answer is not what it should be"}; }

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// How long the server asks to wait before the same is sent again; nothing where it does not.
std::optional<long> retry_after(const Head& head) {
  if (head.status != 429 && head.status != 503) return std::nullopt;
  const auto seconds = number_in(head.field("retry-after").value_or(""));
  if (!seconds || *seconds > kRetrySecondsMax) return std::nullopt;
  return std::max(1L, static_cast<long>(*seconds));
}

/// Sat, 28 Nov 2026 01:27:42 GMT -> 2026-11-28T01:27:42Z; empty where it is no such date.
std::string rfc3339_of(std::string_view date) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (date.size() != 29) return {};
  const auto month = kMonths.find(date.substr(8, 3));
  if (month == kMonths.npos || month % 3 != 0) return {};
  const std::string number = std::to_string(month / 3 + 101).substr(1);
  const std::string time = std::string(date.substr(12, 4)) + "-" + number + "-" +
                           std::string(date.substr(5, 2)) + "T" + std::string(date.substr(17, 8)) +
                           "Z";
  return base::parse_rfc3339(time).ok() ? time : std::string();
}

std::string dumped(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Whether the answer is the part that was wanted: from that offset, and of that version.
Result<void> check_part(const Head& head, const Wanted& wanted) {
  if (head.field("etag") != std::string_view(wanted.etag)) return odd();
  if (head.status == 200 && wanted.offset == 0) return {};
  const std::string from = "bytes " + std::to_string(wanted.offset) + "-";
  if (head.status != 206 || !head.field("content-range").value_or("").starts_with(from))
    return odd();
  return {};
}

}  // namespace

Result<Http> connect(const ServerAddress& address, const std::string& ca_file) {
  Connecting connecting;
  // In plain text nothing leaves this machine, whatever proxy the environment names.
  if (address.plain()) connecting.proxy = Proxy::none;
  connecting.ca_file = ca_file;
  connecting.user_agent = "scalign-client/1";
  return Http::open(std::move(connecting));
}

Error refusal(const Head& head) {
  switch (head.status) {
    case 401:
      return {Code::unauthenticated, "the server does not take the token"};
    case 403:
      return {Code::denied, "the server does not allow it"};
    case 404:
      return {Code::missing, "there is no such thing"};
    case 409:
      return {Code::conflict, "something stands in its way"};
    case 410:
      return {Code::gone, "it was erased for good"};
    case 412:
      return {Code::stale, "it has changed meanwhile"};
    case 413:
      return {Code::too_large, "it is too large for the server"};
    case 423:
      return {Code::unavailable, "the server still waits for an earlier connection"};
    case 429:
      return {Code::exhausted, "this was tried too often"};
    case 507:
      return {Code::full, "no space is left there"};
    default:
      break;
  }
  if (head.status >= 300 && head.status < 400)
    return {Code::denied, "the server sends its clients elsewhere, which is not followed"};
  if (head.status >= 500) return {Code::unavailable, "the server cannot do it now"};
  return {Code::invalid, "the server refuses it"};
}

Remote::Remote(Http http, const ServerAddress& address, base::SecretBytes token, base::Wait& wait)
    : http_(std::move(http)), origin_(address.origin()), token_(std::move(token)), wait_(wait) {}

Asking Remote::asking(const char* method, const std::string& path) const {
  Asking asking;
  asking.method = method;
  asking.url = origin_ + path;
  asking.headers.push_back("Authorization: Bearer " + std::string(base::text(token_.view())));
  return asking;
}

Result<Answer> Remote::ask(Asking asking, const Http::Take& take) {
  for (int tries = 1;; ++tries) {
    problem_ = {};
    Answer answer = TRY(http_.ask(asking, take));
    if (answer.head.good()) return answer;
    problem_ = parse_problem(answer.body);
    problem_.status = answer.head.status;
    const auto seconds = retry_after(answer.head);
    if (!seconds || tries == kTries) return refusal(answer.head);
    if (asking.body != nullptr && !asking.body->rewind().ok()) return refusal(answer.head);
    wait_.sleep(std::chrono::seconds(*seconds));
  }
}

Result<Answer> Remote::ask(Asking asking) {
  std::string body;
  Answer answer = TRY(ask(std::move(asking), [&](const Head&, base::View piece) -> Result<void> {
    if (piece.size() > kAnswerBytes - body.size())
      return Error{Code::corrupt, "the server's answer is too large"};
    body += base::text(piece);
    return {};
  }));
  answer.body = std::move(body);
  return answer;
}

Result<Answer> Remote::post(const std::string& path, std::string json) {
  OutgoingText body(base::view(json));
  Asking whole = asking("POST", path);
  whole.headers.emplace_back("Content-Type: application/json");
  whole.body = &body;
  auto answer = ask(std::move(whole));
  base::wipe({reinterpret_cast<std::uint8_t*>(json.data()), json.size()});
  return answer;
}

Result<Answer> Remote::page(const std::string& path, const std::string& cursor) {
  Asking page = asking("GET", path);
  for (const char c : cursor)  // it comes from the server, and goes into a URL
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
          c == '_' || c == '.'))
      return odd();
  if (!cursor.empty()) page.url += "?cursor=" + cursor;
  return ask(std::move(page));
}

Result<Listing> Remote::list(const RemotePath& folder, const std::string& cursor) {
  const Answer answer = TRY(page(folder.as_folder().url_path(), cursor));
  Listing listing = TRY(parse_listing(answer.body));
  if (!cursor.empty() && listing.next == cursor) return odd();  // it would never end
  return listing;
}

Result<TrashListing> Remote::list_trash(const std::string& cursor) {
  const Answer answer = TRY(page("/v1/trash", cursor));
  TrashListing listing = TRY(parse_trash(answer.body));
  if (!cursor.empty() && listing.next == cursor) return odd();  // it would never end
  return listing;
}

Result<RemoteEntry> Remote::restore(const std::string& id, const std::string& path) {
  nlohmann::json json = nlohmann::json::object();
  if (!path.empty()) json["to"] = path;
  const Answer answer = TRY(post("/v1/trash/" + id + "/restore", dumped(json)));
  return parse_entry(answer.body);
}

Result<void> Remote::empty_trash() {
  TRY(ask(asking("DELETE", "/v1/trash")));
  return {};
}

Result<RemoteEntry> Remote::find(const RemotePath& path) {
  const Answer answer = TRY(ask(asking("HEAD", path.url_path())));
  RemoteEntry entry;
  entry.name = path.top() ? "" : path.name();
  const auto etag = answer.head.field("etag");
  if (!etag) {
    entry.kind = Kind::folder;
    return entry;
  }
  const auto size = number_in(answer.head.field("content-length").value_or(""));
  if (!size) return odd();
  entry.size = *size;
  entry.etag = *etag;
  entry.type = answer.head.field("content-type").value_or("");
  entry.changed = rfc3339_of(answer.head.field("last-modified").value_or(""));
  return entry;
}

Result<void> Remote::get(const RemotePath& path, const Wanted& wanted, const Http::Take& take) {
  Asking part = asking("GET", path.url_path());
  part.headers.push_back("If-Match: " + wanted.etag);
  if (wanted.offset > 0)
    part.headers.push_back("Range: bytes=" + std::to_string(wanted.offset) + "-");
  bool checked = false;
  TRY(ask(std::move(part), [&](const Head& head, base::View piece) -> Result<void> {
    if (!checked) TRY(check_part(head, wanted));
    checked = true;
    return take(head, piece);
  }));
  return {};
}

Result<RemoteEntry> Remote::put(const RemotePath& path, const std::string& media_type,
                                Outgoing& body, Replace replace) {
  Asking whole = asking("PUT", path.url_path());
  whole.headers.push_back("Content-Type: " + media_type);
  if (replace == Replace::no) whole.headers.emplace_back("If-None-Match: *");
  whole.body = &body;
  const Answer answer = TRY(ask(std::move(whole)));
  return parse_entry(answer.body);
}

Result<Made> Remote::make_folder(const RemotePath& path) {
  const Answer answer = TRY(ask(asking("PUT", path.as_folder().url_path())));
  return answer.head.status == 201 ? Made::now : Made::before;
}

Result<void> Remote::remove(const RemotePath& path) {
  TRY(ask(asking("DELETE", path.url_path())));
  return {};
}

Result<void> Remote::transfer(Transfer how, const RemotePath& from, const RemotePath& to,
                              Replace replace) {
  nlohmann::json json = {{"from", from.as_file().text()}, {"to", to.as_file().text()}};
  if (replace == Replace::yes) json["overwrite"] = true;
  TRY(post(how == Transfer::move ? "/v1/workspace/move" : "/v1/workspace/copy", dumped(json)));
  return {};
}

Result<SharedLink> Remote::share(const RemotePath& path, const Sharing& sharing) {
  nlohmann::json json = {{"path", path.as_file().text()}, {"expires_in_days", sharing.days}};
  if (!sharing.password.empty()) json["password"] = base::text(sharing.password.view());
  const Answer answer = TRY(post("/v1/shares", dumped(json)));
  return parse_made_link(answer.body);
}

Result<std::vector<SharedLink>> Remote::list_links() {
  const Answer answer = TRY(ask(asking("GET", "/v1/shares")));
  return parse_links(answer.body);
}

Result<void> Remote::revoke_link(const std::string& id) {
  TRY(ask(asking("DELETE", "/v1/shares/" + id)));
  return {};
}

Result<void> Remote::end_token() {
  TRY(ask(asking("DELETE", "/v1/tokens/self")));
  return {};
}

}  // namespace client
