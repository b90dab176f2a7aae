#include "workspace/links.h"

#include <charconv>

#include "workspace/link_token.h"

namespace workspace {
namespace {

constexpr base::Literal kLinks = "share_link";

base::Error nowhere() {
  return {base::Code::missing,
          "this link leads nowhere: it has run out, was revoked, or never was"};
}

/// What stays with an entry wherever it is.
base::RecordId lasting(const Entry& entry) {
  return entry.kind == Kind::folder ? entry.folder : entry.file;
}

base::Result<Link> to_link(const vault::Record& record) {
  const vault::Fields& fields = record.fields;
  Link link;
  link.id = record.id;
  link.path = TRY(fields.text("path"));
  const std::int64_t kind = TRY(fields.integer("kind"));
  link.kind = kind == static_cast<std::int64_t>(Kind::folder) ? Kind::folder : Kind::file;
  link.created = TRY(fields.time("created"));
  link.expires = TRY(fields.time("expires"));
  link.folder = TRY(fields.id<base::RecordId>("folder"));
  link.entry = TRY(fields.id<base::RecordId>("entry"));
  link.target = TRY(fields.id<base::RecordId>("target"));
  if (fields.has("password")) {
    const auto hash = TRY(fields.bytes("password"));
    link.password_hash = base::text(hash);
  }
  return link;
}

}  // namespace

vault::Collection Links::collection() {
  using vault::FieldKind;
  using vault::Presence;
  return {kLinks,
          "share_links",
          "links",
          {{"path", FieldKind::text, "What it was made for, and where that was then"},
           {"kind", FieldKind::integer, "0: a file; 1: a folder"},
           {"folder", FieldKind::id, "Group in which what it leads to stands"},
           {"entry", FieldKind::id, "The entry that it leads to"},
           {"target", FieldKind::id, "What stays with that wherever it is moved"},
           {"created", FieldKind::time, "When it was made"},
           {"expires", FieldKind::time, "When it leads nowhere any more"},
           {"secret", FieldKind::secret, "By which the link is known"},
           {"password", FieldKind::secret, "By which its password is known", Presence::optional}},
          vault::Expiry::at_given_time()};
}

base::Result<Links::Made> Links::make(base::AccountId account, const Path& path,
                                      base::Duration lives, std::string password_hash,
                                      const Still& still) {
  if (path.root())
    return base::Error{base::Code::invalid, "a link is of a file or a folder, not of everything"};
  if (lives < link_lives_min || lives > link_lives_max)
    return base::Error{base::Code::invalid, "a link lives for a day at least and a year at most"};
  const auto permit = TRY(tree_.ask(account, Kept::links));
  const auto files = TRY(tree_.ask(account, Kept::files));
  LinkToken token;
  token.account = account;
  token.link = base::RecordId::random(tree_.entropy());
  tree_.entropy().fill(token.secret);
  const base::Time now = tree_.clock().now();
  Link link;
  link.id = token.link;
  link.path = path.text();
  link.created = now;
  link.expires = now + lives;
  link.password_hash = std::move(password_hash);
  TRY(tree_.vault().store().write([&](store::Tx& tx) -> base::Result<void> {
    if (still) TRY(still(tx));
    const auto others = TRY(tree_.vault().list(tx, permit, {kLinks, {}, {}}, links_max));
    if (others.size() == links_max)
      return base::Error{base::Code::conflict, "there are a thousand links: revoke some first"};
    const auto above = TRY(tree_.walk(tx, files, path.parent()));
    if (above.kind != Kind::folder) return base::Error{base::Code::missing, "nothing is there"};
    auto there = TRY(tree_.child(tx, files, above.folder, path.names().back()));
    if (!there) return base::Error{base::Code::missing, "there is nothing at this path"};
    if (lasting(*there) == base::RecordId()) {  // a file of before there were versions
      there->file = base::RecordId::random(tree_.entropy());
      TRY(tree_.put(tx, files, above.folder, *there));
    }
    link.kind = there->kind;
    link.folder = above.folder;
    link.entry = there->id;
    link.target = lasting(*there);
    vault::Fields fields;
    fields.set("path", link.path)
        .set("kind", static_cast<std::int64_t>(link.kind))
        .set("folder", link.folder)
        .set("entry", link.entry)
        .set("target", link.target)
        .set("created", link.created)
        .set("expires", link.expires)
        .set("secret", base::copy(base::View(token.digest())));
    if (!link.password_hash.empty())
      fields.set("password", base::copy(base::view(link.password_hash)));
    return tree_.vault().put(tx, permit, {kLinks, {}, link.id}, fields, link.expires);
  }));
  return Made{std::move(link), token.str()};
}

base::Result<std::vector<Link>> Links::list(base::AccountId account) {
  const auto permit = TRY(tree_.ask(account, Kept::links));
  std::vector<Link> links;
  TRY(tree_.vault().store().read([&](store::Reader& reader) -> base::Result<void> {
    const auto records = TRY(tree_.vault().list(reader, permit, {kLinks, {}, {}}, links_max));
    for (const vault::Record& record : records) {
      auto link = TRY(to_link(record));
      links.push_back(std::move(link));
    }
    return {};
  }));
  return links;
}

base::Result<void> Links::revoke(base::AccountId account, base::RecordId id) {
  const auto permit = TRY(tree_.ask(account, Kept::links));
  auto revoked = tree_.vault().store().write(
      [&](store::Tx& tx) { return tree_.vault().remove(tx, permit, {kLinks, {}, id}); });
  if (!revoked.ok() && revoked.code() == base::Code::missing)
    return base::Error{base::Code::missing, "there is no such link"};
  return revoked;
}

base::Result<Entry> Links::entry_of(store::Reader& reader, const gate::Permit& files,
                                    const Link& link) {
  const auto at = TRY(tree_.vault().get(reader, files, {kEntries, link.folder, link.entry}));
  auto entry = TRY(to_entry(at));
  // Another thing of the same name is not what it was made for.
  if (lasting(entry) != link.target) return nowhere();
  return entry;
}

base::Result<Leading> Links::leads(store::Reader& reader, const gate::Permit& files,
                                   const Listed& listed, std::optional<Passage::Away>& away) {
  const Link& link = listed.link;
  auto there = tree_.walk(reader, files, listed.path);
  if (!there.ok() && there.code() != base::Code::missing) return std::move(there).error();
  if (there.ok() && lasting(*there) == link.target) return Leading{Leads::here, {}};
  auto found = entry_of(reader, files, link);
  const bool gone =
      !found.ok() && (found.code() == base::Code::missing || found.code() == base::Code::gone);
  if (gone) return Leading();
  auto entry = TRY(std::move(found));
  if (!away) away = TRY(passage_.away(reader, files));
  if (away->has(link.folder).value_or(false)) return Leading();
  return Leading{Leads::elsewhere, std::move(entry.name)};
}

base::Result<std::vector<Leading>> Links::leads(base::AccountId account,
                                                const std::vector<Listed>& listed) {
  const auto files = TRY(tree_.ask(account, Kept::files));
  std::vector<Leading> leading;
  std::optional<Passage::Away> away;  // found once for all of them
  for (const Listed& one : listed) {
    auto found = tree_.vault().store().read([&](store::Reader& reader) -> base::Result<void> {
      auto its = TRY(leads(reader, files, one, away));
      leading.push_back(std::move(its));
      return {};
    });
    // One that cannot be read is no reason to show no other, nor to keep it from being revoked.
    const bool unreadable = !found.ok() && found.code() == base::Code::corrupt;
    if (unreadable) leading.emplace_back();
    if (!found.ok() && !unreadable) return found.error();
  }
  return leading;
}

base::Result<std::optional<Linked>> Links::look(const LinkToken& token) {
  const auto permit = tree_.ask(token.account, Kept::links);
  const auto files = tree_.ask(token.account, Kept::files);
  if (!permit.ok() || !files.ok()) return nowhere();
  Linked linked;
  linked.account = token.account;
  std::optional<bool> leaving;
  auto found = tree_.vault().store().read([&](store::Reader& reader) -> base::Result<void> {
    const auto record = TRY(tree_.vault().get(reader, *permit, {kLinks, {}, token.link}));
    const auto secret = TRY(record.fields.bytes("secret"));
    if (!base::equal_constant_time(secret, token.digest())) return nowhere();
    linked.link = TRY(to_link(record));
    linked.entry = TRY(entry_of(reader, *files, linked.link));
    // A folder that was removed has what is in it still for a while.
    const auto away = TRY(passage_.away(reader, *files));
    leaving = away.has(linked.link.folder);
    if (leaving.value_or(false)) return nowhere();
    return {};
  });
  const bool no_more =
      !found.ok() && (found.code() == base::Code::missing || found.code() == base::Code::gone);
  if (no_more) return nowhere();
  TRY(std::move(found));
  if (!leaving) return std::optional<Linked>();
  return std::optional(std::move(linked));
}

base::Result<Linked> Links::follow(std::string_view text) {
  const auto token = TRY(LinkToken::parse(text));
  auto linked = TRY(look(token));
  if (!linked) {
    (void)passage_.settle_if_free(token.account).ok();  // whether it helped, the next look says
    linked = TRY(look(token));
  }
  if (linked) return std::move(*linked);
  return base::Error{
      base::Code::unavailable,
      "what this link leads to may be on its way to the trash or back: ask again in a "
      "moment"};
}

base::Result<Entry> Links::find(const Linked& linked, const Path& below) {
  const auto permit = TRY(tree_.ask(linked.account, Kept::files));
  std::optional<Entry> found;
  TRY(tree_.vault().store().read([&](store::Reader& reader) -> base::Result<void> {
    found = TRY(tree_.walk_from(reader, permit, linked.entry, below));
    return {};
  }));
  return std::move(*found);
}

base::Result<std::vector<Entry>> Links::list(const Linked& linked, const Entry& folder,
                                             base::RecordId after, std::size_t entries_max) {
  const auto permit = TRY(tree_.ask(linked.account, Kept::files));
  std::vector<Entry> entries;
  TRY(tree_.vault().store().read([&](store::Reader& reader) -> base::Result<void> {
    entries = TRY(tree_.list(reader, permit, folder.folder, after, entries_max));
    return {};
  }));
  return entries;
}

base::Result<std::unique_ptr<vault::ContentReader>> Links::read(const Linked& linked,
                                                                const Entry& file) {
  const auto permit = TRY(tree_.ask(linked.account, Kept::files));
  return tree_.vault().open_content(permit, kContent, file.content);
}

base::Result<std::string> Links::pass_until(const Linked& linked, std::int64_t seconds) {
  const auto permit = TRY(tree_.ask(linked.account, Kept::links));
  const std::string until = std::to_string(seconds);
  const auto proof =
      TRY(tree_.vault().pseudonym(permit, linked.link.id, Name("link pass v1 " + until)));
  return until + "." + proof.str();
}

base::Result<std::string> Links::pass(const Linked& linked, base::Duration lives) {
  const base::Time until = tree_.clock().now() + lives;
  return pass_until(
      linked, std::chrono::duration_cast<std::chrono::seconds>(until.time_since_epoch()).count());
}

base::Result<bool> Links::passes(const Linked& linked, std::string_view pass) {
  std::int64_t seconds = 0;
  const auto read = std::from_chars(pass.data(), pass.data() + pass.size(), seconds);
  const bool sane = read.ec == std::errc() && seconds > 0 && seconds < std::int64_t{1} << 34;
  if (!sane) return false;
  const base::Time until{std::chrono::seconds(seconds)};
  if (until <= tree_.clock().now()) return false;
  const auto wanted = TRY(pass_until(linked, seconds));
  return base::equal_constant_time(base::view(wanted), base::view(pass));
}

base::Result<void> Links::moved(store::Tx& tx, const gate::Permit& permit, const Entry& entry,
                                const Place& to) {
  if (lasting(entry) == base::RecordId()) return {};  // nothing can lead to it yet
  const auto records = TRY(tree_.vault().list(tx, permit, {kLinks, {}, {}}, links_max));
  for (const vault::Record& record : records) {
    const auto target = TRY(record.fields.id<base::RecordId>("target"));
    if (target != lasting(entry)) continue;
    vault::Fields fields = record.fields;
    fields.set("folder", to.folder).set("entry", to.id);
    const base::Time expires = TRY(fields.time("expires"));
    TRY(tree_.vault().put(tx, permit, {kLinks, {}, record.id}, fields, expires));
  }
  return {};
}

}  // namespace workspace
