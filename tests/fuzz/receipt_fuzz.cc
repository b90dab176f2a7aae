// Erasure receipts, against a log of three entries of which the second is the corpus's receipt:
// whatever verifies must say what was logged.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "client/verify.h"
#include "ledger/edge.h"
#include "ledger/ledger.h"
#include "ledger/note.h"
#include "ledger/receipt_form.h"

namespace {

constexpr std::string_view kOrigin = "log.example";

base::SigningKey signer() {
  return base::SigningKey::from_seed(base::SecretBytes::copy_of(base::Bytes(32, 7))).value();
}

/// What the corpus's receipt says.
std::string payload() {
  const std::string key =
      ledger::VerifierKey::of(std::string(kOrigin), signer().public_key()).str();
  return ledger::receipt_payload(
             R"({"format":"erasure-receipt/v1","operator":"Example AS",)"
             R"("account":"aaaaaaaaaaaaaaaaaaaaaaaaaa","erased_at":"2026-11-23T14:02:11Z",)"
             R"("epoch":7,"statement":"The key was destroyed.","stays":[],"replicas":[],)"
             R"("log":{"origin":"log.example","key":")" +
             key + "\"}}")
      .value();
}

class SmallLog final : public client::LogSource {
 public:
  SmallLog() {
    base::Bytes bundle;
    ledger::Edge edge;
    const auto put = [&](const ledger::Tile& tile, std::span<const base::Digest> hashes) {
      files_[path_of(tile)] = ledger::encode_tile(hashes);
      return base::Result<void>();
    };
    for (std::uint8_t n = 0; n < 3; ++n) {
      ledger::Leaf leaf;
      leaf.label.fill(n);
      if (n == 1) leaf.commit = ledger::commit_of(base::Bytes(32, 1), payload());
      ledger::put_entry(bundle, leaf.encode());
      CHECK(edge.append(ledger::hash_leaf(leaf.encode()), put).ok());
    }
    CHECK(edge.each_partial(put).ok());
    files_["tile/entries/000.p/3"] = bundle;
    const std::string note = ledger::sign_checkpoint({std::string(kOrigin), edge.head()}, signer());
    files_["checkpoint"] = base::copy(base::view(note));
    const std::string key =
        ledger::VerifierKey::of(std::string(kOrigin), signer().public_key()).str();
    files_["key"] = base::copy(base::view(key));
  }
  base::Result<base::Bytes> get(const std::string& path, std::size_t) override {
    const auto found = files_.find(path);
    if (found == files_.end()) return base::Error{base::Code::missing, "no such file"};
    return found->second;
  }

 private:
  std::map<std::string, base::Bytes> files_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static SmallLog log;
  static const std::string said = payload();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto report = client::verify_receipt(text, log, std::nullopt);
  CHECK(report.ok() && !report->text().empty() && !report->json().empty());
  if (report->holds()) CHECK(ledger::receipt_payload(text).value() == said);
  const auto canonical = ledger::receipt_payload(text);
  if (canonical.ok()) CHECK(ledger::receipt_payload(*canonical).value() == *canonical);
  return 0;
}
