#include "client/log_source.h"

#include "client/http_source.h"
#include "ledger/ledger.h"

namespace client {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kTileBytesMax = ledger::kTileWidth * sizeof(base::Digest);
constexpr std::size_t kBundleBytesMax = ledger::kTileWidth * (2 + ledger::kLeafBytes);

class DirectorySource final : public LogSource {
 public:
  DirectorySource(base::Disk& disk, std::string directory)
      : disk_(disk), directory_(std::move(directory)) {}
  Result<base::Bytes> get(const std::string& path, std::size_t bytes_max) override {
    return base::read_file(disk_, directory_ + "/" + path, bytes_max);
  }

 private:
  base::Disk& disk_;
  const std::string directory_;
};

}  // namespace

Result<std::unique_ptr<LogSource>> open_log_source(base::Disk& disk, const std::string& where) {
  if (where.starts_with("http://") || where.starts_with("https://")) return open_http_source(where);
  if (where.find("://") != std::string::npos)
    return Error{Code::invalid, "a log is read over http or https, or from a directory"};
  if (!TRY(disk.exists(where))) return Error{Code::missing, "there is no such directory"};
  return std::unique_ptr<LogSource>(new DirectorySource(disk, where));
}

Result<base::Bytes> get_tile(LogSource& log, const ledger::Tile& tile) {
  auto bytes = log.get(path_of(tile), kTileBytesMax);
  if (!bytes.ok() && bytes.code() == Code::missing && tile.width < ledger::kTileWidth)
    bytes =
        log.get(path_of(ledger::Tile{tile.level, tile.index, ledger::kTileWidth}), kTileBytesMax);
  if (!bytes.ok()) return bytes.error();
  const std::size_t wanted = tile.width * sizeof(base::Digest);
  if (bytes->size() != wanted && bytes->size() != kTileBytesMax)
    return Error{Code::corrupt, "a tile has the wrong size"};
  bytes->resize(wanted);
  return bytes;
}

Result<std::vector<base::Bytes>> get_bundle(LogSource& log, const ledger::Bundle& bundle) {
  unsigned width = bundle.width;
  auto bytes = log.get(path_of(bundle), kBundleBytesMax);
  if (!bytes.ok() && bytes.code() == Code::missing && width < ledger::kTileWidth) {
    width = ledger::kTileWidth;
    bytes = log.get(path_of(ledger::Bundle{bundle.index, width}), kBundleBytesMax);
  }
  if (!bytes.ok()) return bytes.error();
  const std::vector<base::View> entries = TRY(ledger::parse_bundle(*bytes, width));
  std::vector<base::Bytes> out;
  for (unsigned i = 0; i < bundle.width; ++i) out.push_back(base::copy(entries[i]));
  return out;
}

bool damage(const base::Error& error) {
  return error.code() == base::Code::missing || error.code() == base::Code::corrupt ||
         error.code() == base::Code::too_large;
}

}  // namespace client
