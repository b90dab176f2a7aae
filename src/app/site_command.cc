#include "app/site_command.h"

#include <fmt/format.h>

#include <cstdio>

#include "app/failed.h"
#include "app/load_notice.h"
#include "base/disk.h"
#include "client/server_address.h"
#include "site/edge.h"

namespace app {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr int kRefused = 1;

int refused(const std::string& why) {
  fmt::print(stderr, "site export: {}\n", why);
  return kRefused;
}

/// Where the rest is: another host than those that the bundle is delivered from.
Result<std::string> api_origin(const std::string& text, const notice::Document& document) {
  const auto address = TRY(client::ServerAddress::parse(text));
  if (address.plain())
    return Error{Code::denied, "--api-origin: it must be https: people's data goes there"};
  if (document.may_serve(address.origin()))
    return Error{Code::invalid,
                 "--api-origin: this is where the site is, which would ask itself: name the "
                 "server's own address"};
  return address.origin();
}

Result<void> nothing_there(base::Disk& disk, const std::string& directory) {
  const auto names = disk.list(directory);
  if (!names.ok() && names.code() == Code::missing) return {};
  if (!names.ok()) return names.error();
  if (names->empty()) return {};
  return Error{Code::conflict, "the directory is not empty: name a new one"};
}

/// Beside its place, then all at once: nobody sees half of it.
Result<void> write(base::Disk& disk, const std::string& directory,
                   const std::vector<site::Written>& files) {
  const std::string beside = directory + ".partial";
  TRY(base::remove_all(disk, beside));
  TRY(disk.make_directory(beside));
  for (const site::Written& file : files) {
    const std::string path = beside + "/" + file.file;
    TRY(disk.make_directory(base::parent_of(path)));
    const auto opened = TRY(disk.open(path, base::Open::create));
    TRY(opened->write_at(0, base::view(file.body)));
  }
  TRY(base::let_everybody_read(beside));
  TRY(disk.sync_all(beside));
  TRY(disk.rename(beside, directory));
  return disk.sync_directory(base::parent_of(directory));
}

}  // namespace

int site_export(const SiteExportOptions& options) {
  const LoadedNotice loaded = load_notice(options.notice, "site export");
  if (!loaded.document) return loaded.exit_code;
  const notice::Document& document = *loaded.document;
  const auto origin = api_origin(options.api_origin, document);
  if (!origin.ok()) return failed("site export", origin.error());
  const site::EdgeChoice chosen = site::choose_edge(document, options.edge);
  if (chosen.recipient == nullptr) return refused(chosen.refusal);
  base::RealDisk disk;
  const std::string directory = base::absolute_path(options.directory);
  const auto free = nothing_there(disk, directory);
  if (!free.ok() && free.code() == Code::conflict) return refused(free.error().chain());
  if (!free.ok()) return failed("site export", free.error());
  const auto pages = pages::Pages::open(document);
  if (!pages.ok()) return failed("site export", pages.error());
  const site::Edge edge{chosen.recipient->id, chosen.recipient->region, *origin};
  const auto files = site::written_bundle(site::bundle(**pages, document), document, edge);
  if (const auto written = write(disk, directory, files); !written.ok())
    return failed("site export", written.error());
  if (options.json)
    fmt::print("{}", files.back().body);
  else
    fmt::print("{} files for {}, which `{}` delivers ({}); the rest comes from {}.\n", files.size(),
               document.operator_.site, edge.recipient, edge.region, edge.api_origin);
  return 0;
}

}  // namespace app
