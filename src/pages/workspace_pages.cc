// The pages behind the door: files, the account, its end, and the receipt.
#include "base/bytes.h"
#include "http/http.h"
#include "http/percent.h"
#include "pages/impl.h"
#include "pages/pages.h"
#include "pages/words.h"

namespace pages {
namespace {

std::string words(FilesNote note) {
  switch (note) {
    case FilesNote::none:
      break;
    case FilesNote::uploaded:
      return "Uploaded, and encrypted under your key.";
    case FilesNote::deleted:
      return "Deleted.";
  }
  return {};
}

std::string words(AccountNote note) {
  switch (note) {
    case AccountNote::none:
      break;
    case AccountNote::renamed:
      return "Your name is changed.";
    case AccountNote::password_changed:
      return "Your password is changed, and all other sessions are over.";
    case AccountNote::address_asked:
      return "We have sent a link to the new address. The account moves when you follow it.";
  }
  return {};
}

std::string in_folder(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

std::string folder_path(const std::string& folder) {
  return folder.empty() ? "/files" : "/files/" + http::percent_encode_path(folder) + "/";
}

// The folders above, and the name of this one.
void put_crumbs(Values& values, const std::string& folder) {
  Values::List crumbs;
  std::string above;
  std::string here = "Files";
  for (std::size_t from = 0; from < folder.size();) {
    const std::size_t to = std::min(folder.find('/', from), folder.size());
    crumbs.push_back(Values().text("name", here).text("path", folder_path(above)));
    here = folder.substr(from, to - from);
    above = folder.substr(0, to);
    from = to + 1;
  }
  values.list("crumbs", std::move(crumbs)).text("here", std::move(here));
}

Values entry_values(const FileEntry& entry, const std::string& folder) {
  const std::string& name = http::Door::open(entry.name);
  const std::string full = in_folder(folder, name);
  const bool is_file = entry.kind == FileEntry::Kind::file;
  Values out;
  out.text("name", name)
      .text("full", full)
      .text("path", is_file ? "/v1/files/" + http::percent_encode_path(full) : folder_path(full))
      .flag("is_file", is_file)
      .text("size", is_file ? size(entry.size_bytes) : std::string());
  if (entry.changed) {
    out.group("changed", Values()
                             .text("machine", base::rfc3339(*entry.changed))
                             .text("text", short_day(*entry.changed)));
  } else {
    out.flag("changed", false);
  }
  return out;
}

Values::List sentences(const std::vector<std::string>& texts, std::string name) {
  Values::List list;
  for (const std::string& text : texts) list.push_back(Values().text(name, text));
  return list;
}

}  // namespace

Values moment(base::Time time) {
  return Values()
      .text("machine", base::rfc3339(time))
      .text("time", time_of_day(time))
      .text("text", day(time) + ", " + time_of_day(time));
}

Values date(base::Time time) {
  return Values().text("machine", base::rfc3339(time).substr(0, 10)).text("text", day(time));
}

std::string Pages::files(const Visitor& visitor, const FilesPage& page) const {
  const std::string& folder = http::Door::open(page.folder);
  Values values = impl_->frame(visitor, "Files", Place::files);
  put_errors(values, "Nothing was uploaded", page.errors, {"file", "folder"});
  put_crumbs(values, folder);
  Values::List entries;
  for (const FileEntry& entry : page.entries) entries.push_back(entry_values(entry, folder));
  values.text("account", page.account)
      .flag("has_entries", !entries.empty())
      .list("entries", std::move(entries))
      .group("file", field({}, "file", page.errors))
      .group("folder", field(folder, "folder", page.errors))
      .group("used", Values().text("text", size(page.used_bytes)))
      .maybe("note", "text", words(page.note));
  return impl_->templates.render("files", values);
}

std::string Pages::account(const Visitor& visitor, const AccountPage& page) const {
  Values values = impl_->frame(visitor, "Account", Place::account);
  values.text("legal_name", http::Door::open(page.legal_name))
      .text("email", http::Door::open(page.email))
      .text("account_id", page.account)
      .text("kept", capitalised(kept(page.files, page.used_bytes)))
      .text("role", capitalised(page.role))
      .flag("owns", page.role == "owner")
      .maybe("note", "text", words(page.note));
  if (page.opened) {
    values.group(
        "opened",
        Values().text("machine", base::rfc3339(*page.opened)).text("text", day(*page.opened)));
  }
  return impl_->templates.render("account", values);
}

std::string Pages::cancel(const Visitor& visitor, const CancelForm& form) const {
  Values values = impl_->frame(visitor, "Cancel the account", Place::account);
  put_errors(values, "The account is still there", form.errors, {"password", "code"});
  values.text("kept", kept(form.files, form.used_bytes))
      .text("account", form.account)
      .list("stays", sentences(form.stays, "sentence"))
      .group("password", field({}, "password", form.errors));
  put_code(values, form.second, form.errors);
  return impl_->templates.render("cancel", values);
}

std::string Pages::receipt(const Visitor& visitor, const ReceiptPage& page) const {
  const char* const heading = page.left ? "Nothing about you is left here" : "Your account is gone";
  Values values = impl_->frame(visitor, heading, Place::none);
  values.text("account_id", page.account)
      .text("heading", heading)
      .text("opened", page.left ? "what we kept about you" : "it")
      .group("destroyed", moment(page.destroyed))
      .text("epoch", number(page.epoch))
      .text("index", number(page.index))
      .text("log_origin", page.log_origin)
      .list("pending", sentences(page.pending, "text"))
      .list("stays", sentences(page.stays, "sentence"))
      .text("json", page.json)
      .text("file_name", "receipt-" + page.account + ".json")
      // Saved from the page itself: the server keeps nothing that it could be fetched from.
      .text("data_url", "data:application/json;base64," + base::base64(base::view(page.json)));
  return impl_->templates.render("receipt", values);
}

std::string Pages::check_receipt(const Visitor& visitor, const CheckReceiptPage& page) const {
  Values values = impl_->frame(visitor, "Check a receipt", Place::none);
  values.text("log_url", page.log_url).text("verifier_key", page.verifier_key);
  return impl_->templates.render("check_receipt", values);
}

}  // namespace pages
