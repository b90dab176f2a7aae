#include "holder/primary.h"

#include "holder/remote_root.h"

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kChoiceMax = 256;

std::string path_of(const std::string& root) { return root + "/primary"; }

std::string text_of(const Choice& choice) {
  return choice.kind == Choice::Kind::file ? "file" : "remote:" + choice.name;
}

/// A remote root with all that reaches it.
class Remote final : public keys::RootHolder {
 public:
  Remote(const PrimaryParts& parts, Identity identity, const Known& known, const TreeName& tree)
      : identity_(std::move(identity)),
        dialer_(parts.wait, parts.dial, known.place, parts.starter),
        link_(
            identity_, [this](base::Duration at_most) { return dialer_.dial(at_most); },
            {known.key, Lane::root, tree}, parts.steady, parts.wait, Link::Limits{}),
        root_(link_) {}
  Result<std::array<std::optional<keys::Root>, 2>> read() override { return root_.read(); }
  Result<void> write(std::size_t slot, const keys::Root& root) override {
    return root_.write(slot, root);
  }
  Result<void> destroy(std::size_t slot) override { return root_.destroy(slot); }

 private:
  Identity identity_;
  base::Dialer dialer_;
  Link link_;
  RemoteRootHolder root_;
};

Result<std::unique_ptr<keys::RootHolder>> open_remote(const PrimaryParts& parts,
                                                      const std::string& root,
                                                      const std::string& name) {
  const KnownHolders known = TRY(read_known(parts.disk, root));
  const Known* one = known.find(name);
  if (one == nullptr)
    return Error{Code::missing, "no holder of that name is known here: pair it (holder add)"};
  auto identity = TRY(caller_identity(parts.disk, parts.entropy, root));
  auto remote = std::make_unique<Remote>(parts, std::move(identity), *one, known.tree);
  // Said now, and clearly: without its root nothing here can be opened.
  TRY_AS(remote->read(), "the holder that keeps the root does not give it");
  return std::unique_ptr<keys::RootHolder>(std::move(remote));
}

/// The choice in force; what is asked for is remembered before any tree is made under it.
Result<Choice> settle(base::Disk& disk, const std::string& root, const std::string& asked,
                      Tree tree) {
  const Choice remembered = TRY(remembered_choice(disk, root));
  if (asked.empty()) return remembered;
  const Choice choice = TRY(parse_choice(asked));
  if (choice == remembered) return choice;
  if (tree == Tree::is_there)
    return Error{Code::conflict,
                 "the root of this data is kept elsewhere: leave --root-holder out, or give what "
                 "it was made with (it stands in the root directory's file `primary`)"};
  TRY(base::write_file_atomically(disk, path_of(root), base::view(text_of(choice) + "\n")));
  return choice;
}

}  // namespace

Result<Choice> parse_choice(const std::string& text) {
  if (text == "file") return Choice{};
  constexpr std::string_view remote = "remote:";
  if (text.starts_with(remote) && valid_name(text.substr(remote.size())))
    return Choice{Choice::Kind::remote, text.substr(remote.size())};
  return Error{Code::invalid, "--root-holder: give `file`, or `remote:NAME` of a paired holder"};
}

Result<Choice> remembered_choice(base::Disk& disk, const std::string& root) {
  const auto raw = base::read_file(disk, path_of(root), kChoiceMax);
  if (!raw.ok() && raw.code() == Code::missing) return Choice{};
  if (!raw.ok()) return raw.error();
  std::string text(base::text(*raw));
  if (text.ends_with('\n')) text.pop_back();
  const auto choice = parse_choice(text);
  if (!choice.ok()) return Error{Code::corrupt, "the root directory's file `primary` is damaged"};
  return choice;
}

Result<std::unique_ptr<keys::RootHolder>> open_primary(const PrimaryParts& parts,
                                                       const std::string& root,
                                                       const std::string& asked, Tree tree) {
  const Choice choice = TRY(settle(parts.disk, root, asked, tree));
  if (choice.kind == Choice::Kind::remote) return open_remote(parts, root, choice.name);
  auto file = TRY_AS(keys::FileRootHolder::open(parts.disk, root), "cannot open the root holder");
  return std::unique_ptr<keys::RootHolder>(std::move(file));
}

}  // namespace holder
