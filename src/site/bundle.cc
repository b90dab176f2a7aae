#include "site/bundle.h"

#include <algorithm>

#include "http/security.h"
#include "site/answers.h"

namespace site {
namespace {

using http::Response;

/// As the server is asked where the notice says that it is, over TLS.
http::Request request_to(const notice::Document& document) {
  http::Request request;
  request.secure = true;
  const std::string& site = document.operator_.site;
  const auto host = site.find("://");
  request.authority = host == site.npos ? site : site.substr(host + 3);
  return request;
}

BundleFile file_of(const http::Request& request, std::string address, std::string file,
                   Response answer) {
  http::add_security_headers(request, answer);
  BundleFile made;
  made.address = std::move(address);
  made.file = std::move(file);
  made.body = std::move(answer.body);
  made.headers = std::move(answer.headers);
  return made;
}

/// The body in a form, where the server has the asset in it.
std::string in_form(const pages::Pages& pages, const std::string& address, std::string_view form) {
  Response answer = asset_answer(pages, address, form);
  return answer.header("content-encoding") == form ? std::move(answer.body) : std::string();
}

}  // namespace

std::vector<BundleFile> bundle(const pages::Pages& pages, const notice::Document& document) {
  const http::Request request = request_to(document);
  std::vector<BundleFile> files;
  const auto add = [&](std::string address, std::string file, Response answer) -> BundleFile& {
    return files.emplace_back(
        file_of(request, std::move(address), std::move(file), std::move(answer)));
  };
  for (const std::string& address : pages.application_addresses())
    add(address, address.substr(1) + ".html", application_answer(pages, address)).below =
        address == "/app";
  add("/notice", "notice.html", notice_answer(pages, {}));
  add("/notice.json", "notice.json", notice_json_answer(document));
  add("/terms", "terms.html", terms_answer(pages, {}));
  add("/.well-known/gpc.json", ".well-known/gpc.json", gpc_answer(document));
  for (const std::string& address : pages.asset_addresses()) {
    BundleFile& asset = add(address, address.substr(1), asset_answer(pages, address, ""));
    asset.brotli = in_form(pages, address, "br");
    asset.gzip = in_form(pages, address, "gzip");
  }
  std::ranges::sort(files, {}, &BundleFile::file);
  return files;
}

}  // namespace site
