#include "http/multipart.h"

#include <array>

namespace http {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::size_t kLineBytes = 2048;
constexpr int kHeaderLines = 16;
constexpr std::size_t kBoundaryBytes = 70;  // RFC 2046, 5.1.1

base::Error malformed() {
  return {base::Code::invalid, "the form's body is not well-formed multipart/form-data"};
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i)
    if (lower(text[i]) != prefix[i]) return false;
  return true;
}

/// The quoted or bare value of `key=` among a header's parameters.
std::optional<std::string> parameter(std::string_view header, std::string_view key) {
  for (auto at = header.find(';'); at != header.npos; at = header.find(';', at)) {
    ++at;
    while (at < header.size() && header[at] == ' ') ++at;
    if (!starts_with_ignoring_case(header.substr(at), key) || header.size() <= at + key.size() ||
        header[at + key.size()] != '=')
      continue;
    std::string_view value = header.substr(at + key.size() + 1);
    if (!value.starts_with('"')) return std::string(value.substr(0, value.find(';')));
    value.remove_prefix(1);
    const auto end = value.find('"');
    if (end == value.npos) return std::nullopt;
    return std::string(value.substr(0, end));
  }
  return std::nullopt;
}

/// What is behind the last slash or backslash: some browsers send whole paths.
std::string base_name(const std::string& name) {
  const auto at = name.find_last_of("/\\");
  return at == std::string::npos ? name : name.substr(at + 1);
}

}  // namespace

base::Result<Multipart> Multipart::open(const Request& request) {
  const auto type = request.header("content-type");
  if (!type || !starts_with_ignoring_case(*type, "multipart/form-data"))
    return base::Error{base::Code::unsupported, "send a form of type multipart/form-data"};
  const auto boundary = parameter(*type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > kBoundaryBytes) return malformed();
  return Multipart(*request.body, *boundary);
}

base::Result<void> Multipart::fill(std::size_t bytes_min) {
  std::array<std::uint8_t, kPiece> piece{};
  while (buffer_.size() < bytes_min && !ended_) {
    const std::size_t size = TRY(body_->read(piece));
    ended_ = size == 0;
    buffer_.append(reinterpret_cast<const char*>(piece.data()), size);
  }
  return {};
}

base::Result<std::size_t> Multipart::read(base::Mutable out) {
  TRY(fill(delimiter_.size() + 1));
  const auto end = buffer_.find(delimiter_);
  if (end == std::string::npos && ended_) return malformed();
  // Without a delimiter in sight, the last bytes may be the beginning of one.
  const std::size_t safe =
      end == std::string::npos ? buffer_.size() - (delimiter_.size() - 1) : end;
  const std::size_t size = std::min(safe, out.size());
  std::copy_n(buffer_.begin(), size, out.begin());
  buffer_.erase(0, size);
  return size;
}

base::Result<std::string> Multipart::read_text(std::size_t bytes_max) {
  std::string text;
  std::array<std::uint8_t, 4096> piece{};
  while (true) {
    const std::size_t size = TRY(read(piece));
    if (size == 0) return text;
    if (text.size() + size > bytes_max)
      return base::Error{base::Code::too_large, "a field of the form is too long"};
    text.append(reinterpret_cast<const char*>(piece.data()), size);
  }
}

base::Result<std::string> Multipart::line() {
  while (true) {
    const auto end = buffer_.find("\r\n");
    if (end != std::string::npos && end <= kLineBytes) {
      std::string text = buffer_.substr(0, end);
      buffer_.erase(0, end + 2);
      return text;
    }
    if (buffer_.size() > kLineBytes || ended_) return malformed();
    TRY(fill(buffer_.size() + 1));
  }
}

base::Result<std::optional<Multipart::Part>> Multipart::next() {
  std::array<std::uint8_t, 4096> rest{};
  while (true) {
    const std::size_t skipped = TRY(read(rest));
    if (skipped == 0) break;
  }
  buffer_.erase(0, delimiter_.size());
  TRY(fill(2));
  if (buffer_.starts_with("--")) return std::optional<Part>();
  const std::string padding = TRY(line());
  if (padding.find_first_not_of(" \t") != std::string::npos) return malformed();
  std::optional<Part> part;
  for (int count = 0; count < kHeaderLines; ++count) {
    const std::string header = TRY(line());
    if (header.empty()) {
      if (!part) return malformed();
      return part;
    }
    if (!starts_with_ignoring_case(header, "content-disposition:")) continue;
    const auto name = parameter(header, "name");
    if (!name) return malformed();
    part = Part{*name, std::nullopt};
    if (const auto file_name = parameter(header, "filename"))
      part->file_name = base_name(*file_name);
  }
  return malformed();
}

}  // namespace http
