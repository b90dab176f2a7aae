#include <algorithm>

#include "http/form.h"
#include "http/multipart.h"
#include "http/percent.h"
#include "site/forms.h"
#include "site/site.h"

namespace site {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t kFormBytes = 64 * 1024;
constexpr std::size_t kPiece = 256 * 1024;
constexpr std::size_t kShown = 5000;

pages::FileEntry shown(const workspace::Entry& entry) {
  return {entry.kind == workspace::Kind::folder ? pages::FileEntry::Kind::folder
                                                : pages::FileEntry::Kind::file,
          entry.name, entry.size_bytes, entry.changed};
}

/// Folders first, then by name.
void sort(std::vector<workspace::Entry>& entries) {
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    if (a.kind != b.kind) return a.kind == workspace::Kind::folder;
    return http::Door::open(a.name) < http::Door::open(b.name);
  });
}

base::Result<Response> folder_page(const Parts& parts, const accounts::Identity& identity,
                                   const std::string& folder, int status, pages::FilesNote note,
                                   pages::FieldErrors errors) {
  const auto path = TRY(workspace::Path::parse(folder));
  pages::FilesPage page;
  page.account = identity.account.str();
  auto entries = parts.workspace.list(identity.account, path, {}, kShown);
  // A folder that an upload failed to make is not there; its page still says why.
  if (!entries.ok() && (errors.empty() || entries.code() != base::Code::missing))
    return entries.error();
  if (entries.ok()) {
    sort(*entries);
    for (const auto& entry : *entries) page.entries.push_back(shown(entry));
  }
  const auto used = TRY(parts.workspace.usage(identity.account));
  const bool slash = folder.ends_with('/');
  page.folder = pages::PersonalText(slash ? folder.substr(0, folder.size() - 1) : folder);
  page.used_bytes = used.bytes();
  page.note = note;
  page.errors = std::move(errors);
  auto response = Response::html(status, parts.pages.files(visitor(parts, identity), page));
  response.set("Cache-Control", "no-store");
  return response;
}

base::Result<Response> show(const Parts& parts, const Request& request, const std::string& folder) {
  const auto identity = TRY(signed_in(parts, request));
  if (!identity) return to_login(request);
  const auto done = request.parameter("note").value_or("");
  const auto note = done == "uploaded"  ? pages::FilesNote::uploaded
                    : done == "deleted" ? pages::FilesNote::deleted
                                        : pages::FilesNote::none;
  return folder_page(parts, *identity, folder, 200, note, {});
}

/// Back to the folder's own page, so that a reload does not repeat what was done.
Response to_folder(const std::string& folder, const char* note) {
  return Response::redirect("/files/" + http::percent_encode_path(folder) + "?note=" + note);
}

/// Why an upload was refused, as a sentence beside its field.
base::Literal sentence(const base::Error& error) {
  if (workspace::is_over_quota(error)) return "Your plan has no room for this. Nothing was kept.";
  switch (error.code()) {
    case base::Code::full:
      return "There is no space left on this server. Nothing was kept.";
    case base::Code::conflict:
      return "A folder has this name, or a file stands where a folder would be needed.";
    case base::Code::invalid:
      return "Names have 1 to 255 bytes and no slash.";
    default:
      return "The file could not be kept. Try again.";
  }
}

base::Result<void> keep(const Parts& parts, const accounts::Identity& identity,
                        http::Multipart& form, const std::string& path) {
  // As the API has it: what no address can say is no name.
  if (!http::valid_utf8(path) || http::has_control_characters(path) || path.contains('\\'))
    return base::Error{base::Code::invalid, "the name is not well-formed"};
  auto parsed = TRY(workspace::Path::parse(path));
  auto upload = TRY(parts.workspace.begin(identity.account, std::move(parsed),
                                          workspace::Name("application/octet-stream")));
  base::Bytes buffer(kPiece);
  while (true) {
    const std::size_t size = TRY(form.read(buffer));
    if (size == 0) break;
    TRY(upload.write(base::View(buffer).first(size)));
  }
  // It may have taken hours: she may have been taken out of the account meanwhile.
  TRY(parts.workspace.keep(std::move(upload), {}, [&](store::Reader& reader) {
    return parts.api.members.may_still(reader, identity, accounts::Right::write_files);
  }));
  return {};
}

std::string joined(std::string folder, const std::string& name) {
  while (folder.ends_with('/')) folder.pop_back();
  return folder.empty() ? name : folder + "/" + name;
}

base::Result<Response> upload(const Parts& parts, const accounts::Identity& identity,
                              const Request& request) {
  auto form = TRY(http::Multipart::open(request));
  std::string account;
  std::string folder;
  bool kept_one = false;
  while (true) {
    const auto part = TRY(form.next());
    if (!part) break;
    if (part->name == "folder") {
      folder = TRY(form.read_text(kFormBytes));
      continue;
    }
    if (part->name == "account") {
      account = TRY(form.read_text(kFormBytes));
      continue;
    }
    if (part->name != "file") continue;
    TRY(of_this_account(identity, account));
    if (!part->file_name || part->file_name->empty())
      return folder_page(parts, identity, folder, 400, pages::FilesNote::none,
                         {{"file", "Choose a file first."}});
    const auto kept = keep(parts, identity, form, joined(folder, *part->file_name));
    if (!kept.ok())
      return folder_page(parts, identity, folder, http::problem(kept.error()).status,
                         pages::FilesNote::none, {{"file", sentence(kept.error())}});
    kept_one = true;
  }
  if (!kept_one) return base::Error{base::Code::invalid, "the form has no file in it"};
  return to_folder(folder, "uploaded");
}

base::Result<Response> remove(const Parts& parts, const accounts::Identity& identity,
                              const Request& request) {
  const auto form = TRY(read_form(identity, request));
  const auto path = TRY(workspace::Path::parse(form.get("path").value_or("")));
  const auto removed = parts.workspace.remove(identity.account, path, {});
  // Gone already: what she wanted.
  if (!removed.ok() && removed.code() != base::Code::missing) return removed.error();
  return to_folder(form.get("folder").value_or(""), "deleted");
}

}  // namespace

void add_file_pages(http::Router& router, const Parts& parts) {
  using http::Method;
  const auto folder_or_problem = [&parts](const Request& request, const std::string& folder) {
    auto shown = show(parts, request, folder);
    return shown.ok() ? std::move(*shown) : http::problem(shown.error());
  };
  router.add(Method::get, "/files", [folder_or_problem](Request& request, const http::Captures&) {
    return folder_or_problem(request, "");
  });
  router.add(Method::get, "/files/{folder...}",
             [folder_or_problem](Request& request, const http::Captures& captures) {
               return folder_or_problem(request, captures.at(0));
             });
  constexpr auto kWrites = accounts::Right::write_files;
  add_hers(router, parts, Method::post, "/files/upload", upload, kWrites);
  add_hers(router, parts, Method::post, "/files/delete", remove, kWrites);
}

}  // namespace site
