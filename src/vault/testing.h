// For tests: a vault and all that it stands on, in one directory, that can be closed and opened
// again. Owns all of it. Never part of the program.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/disk.h"
#include "gate/testing.h"
#include "keys/root_holder.h"
#include "store/testing.h"
#include "vault/vault.h"

namespace vault {

using N = gate::SampleNotice;

inline const Collection kPeople{"people",
                                "identity",
                                "profile",
                                {{"name", FieldKind::text, "Name", Presence::optional},
                                 {"value", FieldKind::bytes, "Any bytes", Presence::optional}}};
inline const Collection kFiles{"files", "workspace_content", "files", {}};
inline constexpr base::Literal kContent = "files";

inline Address address(const std::string& text) { return Address::parse(text).value(); }

/// Built over `disk`, which has everything but the database; that is in `path`, on the machine's
/// own disk, since SQLite opens it.
class House {
 public:
  House(base::Disk& its_disk, std::string its_path,
        std::unique_ptr<base::Wait> its_wait = std::make_unique<base::ThreadWait>())
      : disk(its_disk),
        path(std::move(its_path)),
        waiting(std::move(its_wait)),
        wait(*waiting),
        policy(N::policy()) {
    base::RealDisk().make_directory(path + "/data").value();
    disk.make_directory(path + "/data").value();
  }

  base::Result<void> open(std::vector<Collection> collections = {kPeople, kFiles}) {
    close();
    std::vector<store::Schema> schemas = Vault::schemas();
    schemas.push_back(keys::Keys::schema());
    schemas.push_back(ledger::Ledger::schema());
    schemas.push_back(gate::Gate::schema());
    store = TRY(store::Store::open(wait, path + "/data/store.db", schemas));
    holder = TRY(keys::FileRootHolder::open(disk, path + "/root"));
    keys = TRY(keys::Keys::open(*store, *holder, disk, wait, entropy, path + "/data/tree.ktn"));
    auto signer = TRY(base::SigningKey::from_seed(base::SecretBytes(32)));
    ledger = TRY(ledger::Ledger::open(*store, disk, wait, clock, path + "/data/log",
                                      "log.example.com", std::move(signer)));
    gate = TRY(gate::Gate::open(*store, wait, policy));
    vault = TRY(Vault::open({disk, wait, clock, entropy, *store, *ledger, *keys, *gate, followers},
                            path + "/data/content", collections));
    return {};
  }
  void close() {
    vault.reset();
    gate.reset();
    ledger.reset();
    keys.reset();
    holder.reset();
    store.reset();
  }

  /// An owner with a key.
  base::OwnerId owner() {
    const std::vector<base::OwnerId> one = {base::OwnerId::random(entropy)};
    keys->mint(one).value();
    write([&](store::Tx& tx) { return keys->bind(tx, one[0]); }).value();
    return one[0];
  }
  gate::Permit permit(base::OwnerId who, notice::CategoryId category = N::identity) {
    return gate
        ->ask(gate::Actor::person, who, category,
              category == N::log_openings ? N::accountability : N::accounts)
        .value();
  }
  base::Result<void> write(const store::Store::Body& body) { return store->write(body); }

  base::Result<void> put(base::OwnerId who, base::RecordId id, const Fields& fields,
                         base::RecordId group = {}) {
    const auto leave = permit(who);
    return write(
        [&](store::Tx& tx) { return vault->put(tx, leave, {kPeople.name, group, id}, fields); });
  }
  base::Result<Record> get(const gate::Permit& leave, base::RecordId id,
                           base::RecordId group = {}) {
    std::optional<Record> found;
    TRY(store->read_once([&](store::Reader& reader) -> base::Result<void> {
      found = TRY(vault->get(reader, leave, {kPeople.name, group, id}));
      return {};
    }));
    return std::move(*found);
  }
  /// Lists `address` for `listed`, holding it.
  base::Result<void> enlist(const Address& address, const Vault::Listed& listed) {
    const auto hold = TRY(vault->hold_directory(std::span(&address, 1)));
    return write([&](store::Tx& tx) { return vault->enlist(tx, hold, address, listed); });
  }
  base::RecordId record_id() { return base::RecordId::random(entropy); }

  /// Writes `bytes` as content and publishes it.
  base::Result<base::ContentId> keep(base::OwnerId who, base::View bytes) {
    auto writer = TRY(vault->create_content(permit(who, N::workspace_content), kContent));
    TRY(writer->write(bytes));
    TRY(writer->finish());
    TRY(write([&](store::Tx& tx) { return vault->publish(tx, *writer); }));
    return writer->id();
  }
  base::Result<std::unique_ptr<ContentReader>> reader(base::OwnerId who, base::ContentId id) {
    return vault->open_content(permit(who, N::workspace_content), kContent, id);
  }
  std::string content_path(base::ContentId id) const {
    return path + "/data/content/" + id.str().substr(0, 2) + "/" + id.str();
  }

  /// How many rows a closed query finds.
  std::int64_t count(base::Literal sql, std::initializer_list<store::Value> values = {}) {
    std::int64_t rows = 0;
    store
        ->read([&](store::Reader& reader) {
          return reader.query(sql, values, [&](const store::Row&) -> base::Result<void> {
            ++rows;
            return {};
          });
        })
        .value();
    return rows;
  }

  base::Disk& disk;
  const std::string path;
  const std::unique_ptr<base::Wait> waiting;
  base::Wait& wait;
  base::SystemEntropy entropy;
  base::ManualClock clock{base::parse_rfc3339("2026-11-23T14:00:00Z").value()};
  notice::PolicyHandle policy;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<keys::RootHolder> holder;
  std::unique_ptr<keys::Keys> keys;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<gate::Gate> gate;
  keys::Followers* followers = nullptr;
  std::unique_ptr<Vault> vault;
};

/// Files below `path` of which the bytes or the name hold `needle`.
inline std::vector<std::string> find_in_files(const std::string& path, std::string_view needle) {
  base::RealDisk disk;
  std::vector<std::string> found;
  const auto names = disk.list(path).value();
  for (const std::string& name : names) {
    const std::string entry = path + "/" + name;
    if (name.find(needle) != std::string::npos) found.push_back(entry);
    if (disk.list(entry).ok()) {
      const auto below = find_in_files(entry, needle);
      found.insert(found.end(), below.begin(), below.end());
      continue;
    }
    const base::Bytes bytes = base::read_file(disk, entry, 1UL << 30).value();
    if (!std::ranges::search(bytes, base::view(needle)).empty()) found.push_back(entry);
  }
  return found;
}

/// Copies all below `from`.
inline void copy_files(const std::string& from, const std::string& to) {
  base::RealDisk disk;
  disk.make_directory(to).value();
  const auto names = disk.list(from).value();
  for (const std::string& name : names) {
    if (disk.list(from + "/" + name).ok()) {
      copy_files(from + "/" + name, to + "/" + name);
      continue;
    }
    const base::Bytes bytes = base::read_file(disk, from + "/" + name, 1UL << 30).value();
    base::write_file_atomically(disk, to + "/" + name, bytes).value();
  }
}

}  // namespace vault

namespace base {
struct OpeningForTests {
  static Opening make() { return {}; }
};
}  // namespace base

namespace vault {
inline std::string revealed(const base::Personal<std::string>& value) {
  return value.open(base::OpeningForTests::make());
}
}  // namespace vault
