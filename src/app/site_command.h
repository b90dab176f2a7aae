// `site export`: what is the same for everybody, written as files for a host that delivers the site
// in the server's place. Needs no server and no data; the notice decides who may deliver.
#pragma once

#include <string>

namespace app {

struct SiteExportOptions {
  std::string directory;   // new, or empty
  std::string notice;      // empty: the embedded one
  std::string api_origin;  // where the rest is
  std::string edge;        // the recipient that delivers; empty: the one that the notice has
  bool json = false;
};

/// Exit code: 0 written, 1 the notice does not allow it or something is in the way, 2 it cannot be
/// carried out.
int site_export(const SiteExportOptions& options);

}  // namespace app
