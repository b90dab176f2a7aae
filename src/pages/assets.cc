#include "pages/assets.h"

#include <brotli/encode.h>
#include <zlib.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "http/percent.h"

namespace pages {
namespace {

std::string_view type_of(std::string_view extension) {
  if (extension == "css") return "text/css; charset=utf-8";
  if (extension == "js") return "text/javascript; charset=utf-8";
  if (extension == "svg") return "image/svg+xml";
  if (extension == "webmanifest") return "application/manifest+json";
  CHECK(extension == "woff2");
  return "font/woff2";
}

std::string brotli(const std::string& plain) {
  std::size_t size = BrotliEncoderMaxCompressedSize(plain.size());
  std::string out(size, '\0');
  CHECK(BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT,
                              plain.size(), reinterpret_cast<const std::uint8_t*>(plain.data()),
                              &size, reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_TRUE);
  out.resize(size);
  return out;
}

std::string gzip(const std::string& plain) {
  z_stream stream{};
  // 15 bits of window, + 16: with a gzip header.
  CHECK(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) ==
        Z_OK);
  std::string out(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

bool refuses(std::string_view weight) {
  // 0, 0., 0.0, 0.00, 0.000
  return !weight.empty() && weight.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

bool accepts_encoding(std::string_view accept_encoding, std::string_view coding) {
  while (!accept_encoding.empty()) {
    const std::size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
    const std::string_view item = accept_encoding.substr(0, comma);
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    if (!http::equal_ignoring_case(http::trimmed(item.substr(0, semicolon)), coding)) continue;
    std::string_view weight = http::trimmed(item.substr(std::min(semicolon + 1, item.size())));
    if (weight.starts_with("q=") || weight.starts_with("Q="))
      return !refuses(http::trimmed(weight.substr(2)));
    return true;
  }
  return false;
}

const std::string& Assets::add(std::string_view name, std::string bytes) {
  const std::size_t dot = name.rfind('.');
  CHECK(dot != std::string_view::npos);
  const base::Digest digest = base::sha256(base::view(bytes));
  return put(name,
             "/assets/" + std::string(name.substr(0, dot)) + "." +
                 base::hex(base::View(digest).first(8)) + std::string(name.substr(dot)),
             std::move(bytes));
}

const std::string& Assets::add_hashed(std::string_view name, std::string bytes) {
  return put(name, "/assets/" + std::string(name), std::move(bytes));
}

const std::string& Assets::put(std::string_view name, std::string path, std::string bytes) {
  const std::string_view extension = name.substr(name.rfind('.') + 1);
  File file{.plain = std::move(bytes), .brotli = {}, .gzip = {}, .type = type_of(extension)};
  if (extension != "woff2") {  // a font is compressed in itself
    file.brotli = brotli(file.plain);
    file.gzip = gzip(file.plain);
    if (file.brotli.size() >= file.plain.size()) file.brotli.clear();
    if (file.gzip.size() >= file.plain.size()) file.gzip.clear();
  }
  files_.insert_or_assign(path, std::move(file));
  return paths_.insert_or_assign(std::string(name), std::move(path)).first->second;
}

const std::string& Assets::path(std::string_view name) const {
  const auto found = paths_.find(name);
  CHECK(found != paths_.end());
  return found->second;
}

std::vector<std::string> Assets::addresses() const {
  std::vector<std::string> all;
  for (const auto& [path, file] : files_) all.push_back(path);
  return all;
}

std::optional<Asset> Assets::find(std::string_view path, std::string_view accept_encoding) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  Asset asset{.body = file.plain,
              .type = file.type,
              .encoding = {},
              .cache_control = "public, max-age=31536000, immutable"};
  if (!file.brotli.empty() && accepts_encoding(accept_encoding, "br")) {
    asset.body = file.brotli;
    asset.encoding = "br";
  } else if (!file.gzip.empty() && accepts_encoding(accept_encoding, "gzip")) {
    asset.body = file.gzip;
    asset.encoding = "gzip";
  }
  return asset;
}

}  // namespace pages
