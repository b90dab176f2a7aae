// Who delivers the bundle, where, and what that host is told: configurations for hosts, made of the
// bundle's own headers, and a manifest. The notice decides: only a recipient that it names for
// delivering the site, in the EU or EEA, and that may see what passes. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "site/bundle.h"

namespace site {

/// A host that delivers the site in the server's place.
struct Edge {
  std::string recipient;   // of the notice
  std::string region;      // as the notice says it
  std::string api_origin;  // where the rest is: https://HOST
};

/// The recipient of that name, or, where it is empty, the one that the notice has. Says why none
/// may deliver.
struct EdgeChoice {
  const notice::Recipient* recipient = nullptr;
  std::string refusal;  // for the operator, where there is none
};
EdgeChoice choose_edge(const notice::Document& document, std::string_view name);
/// Whether a region, as a notice writes it, lies in the EU or EEA, all of it.
bool region_inside(std::string_view region);

/// For nginx, in its http block. Deterministic.
std::string nginx_configuration(const std::vector<BundleFile>& files,
                                const notice::Document& document, const Edge& edge);
/// For static hosts, as Netlify and Cloudflare Pages read them.
std::string headers_file(const std::vector<BundleFile>& files);
std::string redirects_file(const std::vector<BundleFile>& files);

/// A file as it lies in the bundle's directory.
struct Written {
  std::string file;
  std::string body;
};
/// All of them, with the manifest, which has a digest of each of the others.
std::vector<Written> written_bundle(const std::vector<BundleFile>& files,
                                    const notice::Document& document, const Edge& edge);

}  // namespace site
