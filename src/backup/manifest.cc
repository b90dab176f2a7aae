#include "backup/manifest.h"

#include <nlohmann/json.hpp>

namespace backup {
namespace {

using base::Code;
using base::Error;
using base::Result;
using Json = nlohmann::ordered_json;

constexpr std::string_view kKind = "backup of bulk ciphertext";
constexpr std::size_t kDigestLine = 65;

Json json_of(const std::vector<Piece>& pieces) {
  Json out = Json::array();
  for (const Piece& piece : pieces)
    out.push_back(
        {{"sha256", base::hex(piece.digest)}, {"bytes", piece.bytes}, {"rows", piece.rows}});
  return out;
}

/// A count. Other kinds of numbers are refused: converting one that no count can hold is undefined.
std::uint64_t count_at(const Json& json, const char* name) {
  const Json& value = json.at(name);
  if (!value.is_number_unsigned()) throw std::invalid_argument("count");
  return value.get<std::uint64_t>();
}

Piece piece_of(const Json& json) {
  Piece piece;
  const auto raw = base::parse_hex(json.at("sha256").get<std::string>());
  if (!raw.ok() || raw->size() != piece.digest.size()) throw std::invalid_argument("digest");
  std::copy(raw->begin(), raw->end(), piece.digest.begin());
  piece.bytes = count_at(json, "bytes");
  piece.rows = count_at(json, "rows");
  return piece;
}

std::vector<Piece> pieces_of(const Json& json) {
  std::vector<Piece> pieces;
  for (const Json& each : json) pieces.push_back(piece_of(each));
  return pieces;
}

Manifest manifest_of(const Json& json) {
  Manifest out;
  const auto tree = base::parse_hex(json.at("tree").get<std::string>());
  if (!tree.ok() || tree->size() != out.tree.size()) throw std::invalid_argument("tree");
  std::copy(tree->begin(), tree->end(), out.tree.begin());
  out.origin = json.at("log_origin").get<std::string>();
  out.made_at = json.at("made_at").get<std::string>();
  const Json& schemas = json.at("schemas");
  if (!schemas.is_object()) throw std::invalid_argument("schemas");
  for (const auto& [module, unused] : schemas.items())
    out.schemas[module] = count_at(schemas, module.c_str());
  for (const Json& each : json.at("tables"))
    out.tables.push_back({each.at("name").get<std::string>(),
                          each.at("columns").get<std::vector<std::string>>(),
                          pieces_of(each.at("chunks"))});
  const Json& content = json.at("content");
  out.files = count_at(content, "files");
  out.bytes = count_at(content, "bytes");
  out.content = pieces_of(content.at("chunks"));
  return out;
}

Error damaged() { return {Code::corrupt, "the backup's manifest is damaged"}; }

}  // namespace

std::string Manifest::encode() const {
  Json json;
  json["kind"] = kKind;
  json["format"] = kFormat;
  json["tree"] = base::hex(tree);
  json["log_origin"] = origin;
  json["made_at"] = made_at;
  json["schemas"] = schemas;
  json["tables"] = Json::array();
  for (const Part& part : tables)
    json["tables"].push_back(
        {{"name", part.table}, {"columns", part.columns}, {"chunks", json_of(part.pieces)}});
  json["content"] = {{"files", files}, {"bytes", bytes}, {"chunks", json_of(content)}};
  const std::string body = json.dump(1) + "\n";
  return body + base::hex(base::sha256(base::view(body))) + "\n";
}

Result<Manifest> Manifest::decode(std::string_view text) {
  if (text.size() < kDigestLine || !text.ends_with('\n')) return damaged();
  const std::string_view body = text.substr(0, text.size() - kDigestLine);
  const std::string_view digest = text.substr(body.size(), kDigestLine - 1);
  if (base::hex(base::sha256(base::view(body))) != digest) return damaged();
  try {
    const Json json = Json::parse(body);
    if (json.at("kind").get<std::string>() != kKind) return damaged();
    if (count_at(json, "format") > kFormat)
      return Error{Code::conflict, "the backup was made by a newer version of this program"};
    if (count_at(json, "format") != kFormat) return damaged();
    return manifest_of(json);
  } catch (const std::exception&) {
    return damaged();
  }
}

}  // namespace backup
