#include "tests/forensics/owner_keys.h"

#include <sqlite3.h>

#include <array>
#include <map>
#include <optional>
#include <stdexcept>

#include "base/crypto.h"
#include "keys/page.h"
#include "keys/root_record.h"
#include "tests/support/files.h"

namespace forensics {
namespace {

constexpr std::array kLabels = {
    "vault records v1",          "vault content v1",          "vault manifest v1",
    "vault directory bucket v1", "vault directory digest v1", "vault log v1",
    "vault standing log v1",     "vault pseudonym v1",        "log signer v1"};

struct Master {
  std::string key;
  std::uint64_t generation = 0;
};
using Masters = std::map<std::int64_t, Master>;  // by slot of the tree

void walk(const std::string& tree, std::uint64_t number, base::View key, KeySet& found,
          Masters& masters) {
  const std::string image = tree.substr(number * keys::kPageSize, keys::kPageSize);
  const auto page = keys::Page::open(base::view(image), key);
  if (!page.ok()) throw std::runtime_error("a page does not open");
  for (std::size_t i = 0; i < keys::kFanout; ++i) {
    const keys::Slot slot = page->slot(i);
    if (slot.kind != keys::SlotKind::live) continue;
    const std::string bytes(base::text(slot.key));
    if (page->name().level == 0) {
      found.masters.insert(bytes);
      masters[static_cast<std::int64_t>(page->name().index * keys::kFanout + i)] = {
          bytes, slot.generation};
    } else {
      found.pages.insert(bytes);
      walk(tree, slot.target, slot.key, found, masters);
    }
  }
}

/// Calls `on_owner(id, slot)` for each that the map names.
template <class OnOwner>
void each_owner(const std::string& data, const OnOwner& on_owner) {
  sqlite3* database = nullptr;
  sqlite3_stmt* rows = nullptr;
  if (sqlite3_open_v2((data + "/store.db").c_str(), &database, SQLITE_OPEN_READONLY, nullptr) !=
          SQLITE_OK ||
      sqlite3_prepare_v2(database, "SELECT owner, slot FROM keys_owner WHERE slot IS NOT NULL", -1,
                         &rows, nullptr) != SQLITE_OK)
    throw std::runtime_error("the map cannot be read");
  while (sqlite3_step(rows) == SQLITE_ROW)
    on_owner(base::View(static_cast<const std::uint8_t*>(sqlite3_column_blob(rows, 0)),
                        static_cast<std::size_t>(sqlite3_column_bytes(rows, 0))),
             sqlite3_column_int64(rows, 1));
  sqlite3_finalize(rows);
  sqlite3_close(database);
}

std::string subkey(const Master& master, const char* label, base::View owner) {
  base::Bytes info = base::copy(base::view(std::string_view(label)));
  info.push_back(0);
  info.insert(info.end(), owner.begin(), owner.end());
  std::array<std::uint8_t, 8> generation{};
  base::store_u64(generation.data(), master.generation);
  info.insert(info.end(), generation.begin(), generation.end());
  return std::string(
      base::text(base::hkdf_sha256(base::view(master.key), {}, info, keys::kKeySize).view()));
}

}  // namespace

KeySet read_keys(const std::string& data, const std::string& root) {
  const std::string holder = support::read_file(root + "/root.ktn");
  const std::string tree = support::read_file(data + "/keys.ktn");
  std::optional<keys::Root> newest;
  for (const std::size_t at : {std::size_t{0}, keys::kPageSize}) {
    auto record = keys::parse_root(base::view(holder.substr(at, keys::kRootRecordSize)));
    if (record && (!newest || record->epoch > newest->epoch)) newest = std::move(record);
  }
  if (!newest) throw std::runtime_error("there is no root");
  KeySet found;
  found.root = std::string(base::text(newest->key.view()));
  Masters masters;
  walk(tree, newest->page, newest->key.view(), found, masters);
  each_owner(data, [&](base::View owner, std::int64_t slot) {
    const auto master = masters.find(slot);
    if (master == masters.end()) return;
    for (const char* label : kLabels) found.subkeys.insert(subkey(master->second, label, owner));
  });
  if (found.subkeys.empty()) throw std::runtime_error("no owner of the map has a key");
  return found;
}

}  // namespace forensics
