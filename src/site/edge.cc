#include "site/edge.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "base/crypto.h"
#include "http/authority.h"
#include "notice/vocabulary.h"

namespace site {
namespace {

constexpr const char* kDelivers = "deliver_site";
constexpr const char* kFiles = "files/";
// The application's places that are no files of their own (web/app/src/lib/router.svelte.ts), those
// with a star last.
constexpr std::array kPlaces{"account",  "cancel", "files", "links",  "members",
                             "security", "tokens", "trash", "files/*"};

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool has_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !letter(text[at - 1]);
    const std::size_t end = at + word.size();
    if (begins && (end == text.size() || !letter(text[end]))) return true;
  }
  return false;
}

bool has(const std::vector<std::string>& list, const std::string& one) {
  return std::ranges::find(list, one) != list.end();
}

/// What people send and get passes through whoever delivers, and is open there.
std::string lacking_category(const notice::Document& document, const notice::Recipient& recipient) {
  for (const char* id : {kDelivers, "manage_accounts", "provide_service"}) {
    const notice::Purpose* purpose = document.purpose(id);
    if (purpose == nullptr) continue;
    for (const std::string& category : purpose->categories)
      if (!has(recipient.categories, category)) return category;
  }
  return {};
}

std::string refusal_of(const notice::Document& document, const notice::Recipient& recipient) {
  const std::string name = "recipient `" + recipient.id + "` ";
  if (!recipient.enabled) return name + "is not enabled in the notice";
  if (!has(recipient.purposes, kDelivers))
    return name + "is not named for the purpose `" + kDelivers + "` in the notice";
  if (!region_inside(recipient.region))
    return name + "delivers from `" + recipient.region +
           "`, and the notice promises the EU (TECH-4): name a region of the EU or EEA";
  for (const notice::Technology& technology : document.technologies) {
    if (technology.provider != recipient.id || technology.purpose != kDelivers) continue;
    if (!technology.enabled)
      return "technology `" + technology.id + "` is not enabled in the notice";
    if (!region_inside(technology.region))
      return "technology `" + technology.id + "` is in `" + technology.region +
             "`, and the notice promises the EU (TECH-4)";
  }
  const std::string category = lacking_category(document, recipient);
  if (!category.empty())
    return name + "may not see `" + category +
           "`, which passes through whoever delivers the site: name it among its categories, or "
           "let another deliver";
  return {};
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    CHECK(c != '$' && c >= 0x20);  // nothing of ours has a variable's sign in it
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string_view header_of(const BundleFile& file, std::string_view name) {
  for (const auto& [known, value] : file.headers)
    if (known == name) return value;
  return {};
}

std::string add_headers(const BundleFile& file) {
  std::string out;
  for (const auto& [name, value] : file.headers)
    if (name != "Content-Type")
      out += "        add_header " + name + " " + in_quotes(value) + " always;\n";
  return out + "        add_header Last-Modified \"\" always;\n";
}

std::string nginx_location(const std::string& what, const BundleFile& file,
                           const std::string& tried, const std::string& more) {
  return "    location " + what + " {\n        types { }\n        default_type " +
         in_quotes(header_of(file, "Content-Type")) + ";\n        try_files " + tried +
         " @server;\n" + add_headers(file) + more + "    }\n";
}

std::string extension_of(const std::string& file) { return file.substr(file.rfind('.') + 1); }

bool is_asset(const BundleFile& file) { return file.address.starts_with("/assets/"); }

/// One location for all assets of a kind: they have the same headers.
std::string asset_locations(const std::vector<BundleFile>& files) {
  std::map<std::string, const BundleFile*> kinds;
  for (const BundleFile& file : files) {
    if (!is_asset(file)) continue;
    const auto [kind, first] = kinds.emplace(extension_of(file.file), &file);
    CHECK(kind->second->headers == file.headers);
  }
  std::string out;
  for (const auto& [extension, file] : kinds)
    out += nginx_location("~ ^/assets/[^/]+\\." + extension + "$", *file, "$uri$edge_form $uri",
                          "        add_header Content-Encoding $edge_coding always;\n");
  return out;
}

std::string server_names(const notice::Document& document) {
  std::string out;
  for (const std::string& origin : document.operator_.origins) {
    const std::string authority = origin.substr(origin.find("://") + 3);
    const std::string name = " " + std::string(http::host_of(authority));
    if (!out.contains(name + " ") && !out.ends_with(name)) out += name;
  }
  return out;
}

constexpr const char* kMaps = R"conf(
# The best form of an asset that the browser takes, and what to call it.
map $http_accept_encoding $edge_form {
    default "";
    "~*(^|,)[ \t]*br[ \t]*(;[ \t]*q=(1|0\.[0-9]*[1-9])[0-9.]*[ \t]*)?(,|$)" ".br";
    "~*(^|,)[ \t]*gzip[ \t]*(;[ \t]*q=(1|0\.[0-9]*[1-9])[0-9.]*[ \t]*)?(,|$)" ".gz";
}
map $uri $edge_coding {
    default "";
    "~^/assets/.*\.br$" "br";
    "~^/assets/.*\.gz$" "gzip";
}

server {
)conf";

constexpr const char* kServer = R"conf(
    # What is this host's own: listen (with TLS), ssl_certificate, ssl_certificate_key, root (the
    # directory `files`, beside this), proxy_ssl_trusted_certificate (by which it knows the server).
    include edge-host.conf;

    # Nobody's address stays here, as the notice says.
    access_log off;
    error_log /dev/null;
    server_tokens off;
    etag off;
    max_ranges 0;

    # What is not the same for everybody comes from the server, which checks Host and Origin itself.
    client_max_body_size 0;
    proxy_http_version 1.1;
    proxy_request_buffering off;
    proxy_buffering off;
    proxy_read_timeout 300s;
    proxy_send_timeout 300s;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto https;
    proxy_ssl_protocols TLSv1.2 TLSv1.3;
    proxy_ssl_server_name on;
    proxy_ssl_verify on;
    proxy_ssl_verify_depth 5;
)conf";

}  // namespace

bool region_inside(std::string_view region) {
  for (const char* word : {"outside", "beyond", "except", "or", "worldwide", "world", "global"})
    if (has_word(region, word)) return false;
  return notice::inside_eea(region) || has_word(region, "EU") || has_word(region, "EEA");
}

EdgeChoice choose_edge(const notice::Document& document, std::string_view name) {
  if (!name.empty()) {
    const notice::Recipient* recipient = document.recipient(name);
    if (recipient == nullptr)
      return {nullptr, "the notice has no recipient `" + std::string(name) + "`"};
    std::string refusal = refusal_of(document, *recipient);
    return {refusal.empty() ? recipient : nullptr, std::move(refusal)};
  }
  EdgeChoice choice;
  for (const notice::Recipient& recipient : document.recipients) {
    if (!recipient.enabled || !has(recipient.purposes, kDelivers)) continue;
    if (choice.recipient != nullptr)
      return {nullptr, "the notice names several recipients for `" + std::string(kDelivers) +
                           "`: say by --edge which of them"};
    choice.recipient = &recipient;
  }
  if (choice.recipient == nullptr)
    return {nullptr,
            "the notice names no recipient that delivers the site: give one of them the "
            "purpose `" +
                std::string(kDelivers) + "`"};
  return choose_edge(document, choice.recipient->id);
}

std::string nginx_configuration(const std::vector<BundleFile>& files,
                                const notice::Document& document, const Edge& edge) {
  std::string out =
      "# Made by `scalign site export`; goes into the http block of nginx. By version " +
      std::to_string(document.version) + " of the notice of " + document.operator_.site +
      "\n# recipient `" + edge.recipient + "` delivers it, from: " + edge.region +
      ". This belongs on a host there, and nowhere else.\n";
  out += kMaps;
  out += "    server_name" + server_names(document) + ";\n";
  out += kServer;
  const std::string host = edge.api_origin.substr(edge.api_origin.find("://") + 3);
  out += "    proxy_ssl_name " + std::string(http::host_of(host)) + ";\n\n";
  for (const BundleFile& file : files) {
    if (is_asset(file)) continue;
    out += nginx_location("= " + file.address, file, "/" + file.file, "");
    if (file.below) out += nginx_location("^~ " + file.address + "/", file, "/" + file.file, "");
  }
  out += asset_locations(files);
  out += "    location @server {\n        proxy_pass " + edge.api_origin + ";\n    }\n";
  out += "    location / {\n        proxy_pass " + edge.api_origin + ";\n    }\n}\n";
  return out;
}

/// Whether the headers of another are for this one, too: said twice, they would be sent twice.
bool lies_below(const BundleFile& file, const std::vector<BundleFile>& files) {
  return std::ranges::any_of(files, [&](const BundleFile& other) {
    return other.below && file.address.starts_with(other.address + "/");
  });
}

std::string headers_file(const std::vector<BundleFile>& files) {
  std::string out;
  const auto say = [&](const std::string& address, const BundleFile& file, bool with_type) {
    out += address + "\n";
    for (const auto& [name, value] : file.headers)
      if (with_type || name != "Content-Type") out += "  " + name + ": " + value + "\n";
  };
  bool assets = false;
  for (const BundleFile& file : files) {
    if (lies_below(file, files)) continue;
    if (!is_asset(file)) {
      say(file.address, file, true);
      if (file.below) say(file.address + "/*", file, true);
    } else if (!assets) {
      say("/assets/*", file, false);  // the types are those of the names' endings
      assets = true;
    }
  }
  return out;
}

/// Place by place: one line for all that is below goes before the files that are there, and is a
/// circle for hosts that leave `.html` out of addresses.
std::string redirects_file(const std::vector<BundleFile>& files) {
  std::string out;
  for (const BundleFile& file : files) {
    if (!file.below) continue;
    for (const char* place : kPlaces)
      out += file.address + "/" + place + " " + file.address + " 200\n";
  }
  return out;
}

std::vector<Written> written_bundle(const std::vector<BundleFile>& files,
                                    const notice::Document& document, const Edge& edge) {
  std::vector<Written> all;
  for (const BundleFile& file : files) {
    all.push_back({kFiles + file.file, file.body});
    if (!file.brotli.empty()) all.push_back({kFiles + file.file + ".br", file.brotli});
    if (!file.gzip.empty()) all.push_back({kFiles + file.file + ".gz", file.gzip});
  }
  all.push_back({std::string(kFiles) + "_headers", headers_file(files)});
  all.push_back({std::string(kFiles) + "_redirects", redirects_file(files)});
  all.push_back({"nginx.conf", nginx_configuration(files, document, edge)});
  std::ranges::sort(all, {}, &Written::file);
  nlohmann::ordered_json manifest = {{"format", "site-bundle/v1"},
                                     {"site", document.operator_.site}};
  manifest["notice"] = {{"version", document.version}, {"digest", document.digest}};
  manifest["edge"] = {{"recipient", edge.recipient}, {"region", edge.region}};
  manifest["api_origin"] = edge.api_origin;
  manifest["files"] = nlohmann::ordered_json::array();
  for (const Written& file : all)
    manifest["files"].push_back({{"file", file.file},
                                 {"bytes", file.body.size()},
                                 {"sha256", base::hex(base::sha256(base::view(file.body)))}});
  all.push_back({"manifest.json", manifest.dump(2) + "\n"});
  return all;
}

}  // namespace site
