// The part of the service that is the same for everybody, as files: for a host that delivers it in
// the server's place (the notice's clause TECH-4). Each file carries the headers that the server
// sends with it over TLS, and its compressed forms as the server would send them. Owns nothing of a
// request; never asks who somebody is.
#pragma once

#include <string>
#include <vector>

#include "http/http.h"
#include "notice/document.h"
#include "pages/pages.h"

namespace site {

struct BundleFile {
  std::string address;             // as a browser asks for it: /notice
  std::string file;                // below the bundle's directory: notice.html
  std::string body, brotli, gzip;  // the latter two empty where they are not sent
  http::Headers headers;           // without what depends on the form that is sent
  bool below = false;              // all addresses below this one have it, too
};

/// Sorted by file.
std::vector<BundleFile> bundle(const pages::Pages& pages, const notice::Document& document);

}  // namespace site
