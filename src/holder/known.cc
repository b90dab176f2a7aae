#include "holder/known.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace holder {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kFileMax = 64 << 10;
constexpr std::size_t kKnownMax = 16;

Error damaged() { return {Code::corrupt, "the list of holders (holders.json) is damaged"}; }

std::string path_of(const std::string& root) { return root + "/holders.json"; }

template <std::size_t Size>
Result<std::array<std::uint8_t, Size>> parse_bytes(const std::string& text) {
  const base::Bytes raw = TRY(base::parse_base32(text));
  if (raw.size() != Size) return damaged();
  std::array<std::uint8_t, Size> out{};
  std::ranges::copy(raw, out.begin());
  return out;
}

std::string text_of(const base::Place& place) {
  const bool v6 = place.host.find(':') != std::string::npos;
  return (v6 ? "[" + place.host + "]" : place.host) + ":" + place.port;
}

/// A text member; empty where there is none.
std::string member(const nlohmann::json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<Known> parse_one(const nlohmann::json& object) {
  Known known;
  known.name = member(object, "name");
  if (!valid_name(known.name)) return damaged();
  known.place = TRY(base::parse_place(member(object, "address")));
  known.key = TRY(parse_bytes<32>(member(object, "key")));
  const auto replica = object.find("replica");
  if (replica == object.end()) return known;
  if (!replica->is_boolean()) return damaged();
  known.replicates = replica->get<bool>() ? Replicates::yes : Replicates::no;
  return known;
}

Result<void> write_known(base::Disk& disk, const std::string& root, const KnownHolders& known) {
  nlohmann::ordered_json json;
  json["tree"] = base::base32(known.tree);
  json["holders"] = nlohmann::ordered_json::array();
  for (const Known& one : known.all) {
    nlohmann::ordered_json object = {
        {"name", one.name}, {"address", text_of(one.place)}, {"key", base::base32(one.key)}};
    if (one.replicates == Replicates::yes) object["replica"] = true;
    json["holders"].push_back(std::move(object));
  }
  return base::write_file_atomically(disk, path_of(root), base::view(json.dump(2) + "\n"));
}

}  // namespace

const Known* KnownHolders::find(const std::string& name) const {
  const auto found = std::ranges::find(all, name, &Known::name);
  return found == all.end() ? nullptr : &*found;
}

bool valid_name(const std::string& name) {
  return !name.empty() && name.size() <= 32 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

Result<KnownHolders> parse_known(base::View json) {
  const auto parsed = nlohmann::json::parse(json.begin(), json.end(), nullptr, false);
  if (!parsed.is_object() || !parsed.contains("holders") || !parsed["holders"].is_array())
    return damaged();
  KnownHolders known;
  known.tree = TRY_AS(parse_bytes<16>(member(parsed, "tree")),
                      "the list of holders (holders.json) is damaged");
  for (const auto& object : parsed["holders"]) {
    auto one = TRY_AS(parse_one(object), "the list of holders (holders.json) is damaged");
    if (known.find(one.name) != nullptr || known.all.size() >= kKnownMax) return damaged();
    known.all.push_back(std::move(one));
  }
  return known;
}

Result<KnownHolders> read_known(base::Disk& disk, const std::string& root) {
  const auto raw = base::read_file(disk, path_of(root), kFileMax);
  if (!raw.ok() && raw.code() == Code::missing) return KnownHolders{};
  if (!raw.ok()) return raw.error();
  return parse_known(*raw);
}

Result<void> add_known(base::Disk& disk, base::Entropy& entropy, const std::string& root,
                       const Known& known) {
  CHECK(valid_name(known.name));
  KnownHolders now = TRY(read_known(disk, root));
  if (now.tree == TreeName{}) entropy.fill(now.tree);
  Known next = known;
  if (const Known* there = now.find(known.name); there != nullptr) {
    if (there->replicates == Replicates::yes && there->key != known.key)
      return Error{Code::conflict,
                   "a replica of that name is followed, and this is another holder: retire it "
                   "first (holder retire), or give another name"};
    next.replicates = there->replicates;
  }
  std::erase_if(now.all, [&](const Known& one) { return one.name == known.name; });
  if (now.all.size() >= kKnownMax) return Error{Code::exhausted, "there are too many holders"};
  now.all.push_back(next);
  return write_known(disk, root, now);
}

Result<void> set_replicates(base::Disk& disk, const std::string& root, const std::string& name,
                            Replicates replicates) {
  KnownHolders now = TRY(read_known(disk, root));
  const auto one = std::ranges::find(now.all, name, &Known::name);
  if (one == now.all.end())
    return Error{Code::missing, "no holder of that name is known here: pair it (holder add)"};
  if (one->replicates == replicates) return {};
  one->replicates = replicates;
  return write_known(disk, root, now);
}

Result<void> name_tree(base::Disk& disk, const std::string& root, const TreeName& tree) {
  KnownHolders now = TRY(read_known(disk, root));
  if (now.tree == tree) return {};
  now.tree = tree;
  return write_known(disk, root, now);
}

}  // namespace holder
