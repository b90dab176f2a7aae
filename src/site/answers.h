// What the server answers to everybody alike: the application's page, its assets, the notice and
// the terms as whoever is not known sees them. The routes answer with these, and so does the bundle
// that another host serves in the server's place. Owns nothing; never asks who somebody is.
#pragma once

#include <string>
#include <string_view>

#include "http/http.h"
#include "notice/document.h"
#include "pages/pages.h"

namespace site {

/// At `path`: /app, or below it.
http::Response application_answer(const pages::Pages& pages, std::string_view path = "/app");
/// Where the visitor is known, it is hers alone.
http::Response notice_answer(const pages::Pages& pages, const pages::Visitor& visitor);
http::Response terms_answer(const pages::Pages& pages, const pages::Visitor& visitor);
http::Response notice_json_answer(const notice::Document& document);
http::Response gpc_answer(const notice::Document& document);
/// 404 where there is none.
http::Response asset_answer(const pages::Pages& pages, std::string_view path,
                            std::string_view accept_encoding);

}  // namespace site
