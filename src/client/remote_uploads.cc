// What Remote says to a server that takes uploads in parts: tus 1.0.
#include <charconv>

#include "client/remote.h"

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::string_view kPlace = "/v1/uploads/";

Error odd() { return {Code::corrupt, "the server's answer is not what it should be"}; }

Result<std::uint64_t> number_in(const Head& head, std::string_view name) {
  const std::string_view text = head.field(name).value_or("");
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return odd();
  return number;
}

/// The upload's id, from where the server says that its parts go: nowhere else.
Result<std::string> id_in(std::string_view location, std::string_view origin) {
  if (location.starts_with(origin)) location.remove_prefix(origin.size());
  if (!location.starts_with(kPlace)) return odd();
  const std::string_view id = location.substr(kPlace.size());
  for (const char c : id)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return odd();
  if (id.empty() || id.size() > 64) return odd();
  return std::string(id);
}

}  // namespace

Asking Remote::asking_of_upload(const char* method, const std::string& id) const {
  Asking asked = asking(method, id.empty() ? "/v1/uploads" : std::string(kPlace) + id);
  asked.headers.emplace_back("Tus-Resumable: 1.0.0");
  return asked;
}

Result<std::string> Remote::begin_upload(const RemotePath& path, const std::string& media_type,
                                         std::uint64_t length) {
  Asking begins = asking_of_upload("POST", "");
  begins.headers.push_back("Upload-Length: " + std::to_string(length));
  begins.headers.push_back("Upload-Metadata: path " +
                           base::base64(base::view(path.as_file().text())) + ",filetype " +
                           base::base64(base::view(media_type)));
  OutgoingText nothing({});
  begins.body = &nothing;
  const Answer answer = TRY(ask(std::move(begins)));
  return id_in(answer.head.field("location").value_or(""), origin_);
}

Result<UploadState> Remote::find_upload(const std::string& id) {
  const Answer answer = TRY(ask(asking_of_upload("HEAD", id)));
  UploadState state;
  state.offset = TRY(number_in(answer.head, "upload-offset"));
  state.length = TRY(number_in(answer.head, "upload-length"));
  if (state.offset > state.length) return odd();
  return state;
}

Result<std::uint64_t> Remote::send_part(const std::string& id, std::uint64_t offset, Outgoing& part,
                                        Replace replace) {
  Asking sends = asking_of_upload("PATCH", id);
  sends.headers.emplace_back("Content-Type: application/offset+octet-stream");
  sends.headers.push_back("Upload-Offset: " + std::to_string(offset));
  if (replace == Replace::no) sends.headers.emplace_back("If-None-Match: *");
  sends.body = &part;
  const Answer answer = TRY(ask(std::move(sends)));
  return number_in(answer.head, "upload-offset");
}

Result<void> Remote::end_upload(const std::string& id) {
  TRY(ask(asking_of_upload("DELETE", id)));
  return {};
}

}  // namespace client
