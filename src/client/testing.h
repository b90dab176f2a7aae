// For tests: a log in a temporary directory, made by the ledger itself, and good receipts from it.
// Owns the directory, the store and the log. Never part of the program.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "client/log_source.h"
#include "ledger/handover.h"
#include "ledger/receipt_form.h"
#include "ledger/testing.h"
#include "store/testing.h"

namespace client {

class TestLog {
 public:
  static constexpr const char* kOrigin = "log.example/test";

  TestLog() {
    ledger_ = ledger::Ledger::open(*store_, disk_, store_.wait(), clock_, directory(), kOrigin,
                                   ledger::test_signer())
                  .value();
  }

  std::string directory() const { return store_.directory().file("log"); }
  std::string file(const std::string& name) const { return directory() + "/" + name; }
  base::RealDisk& disk() { return disk_; }
  /// Changes one bit of a file, or takes the change back.
  void flip(const std::string& name, std::uint64_t byte) {
    auto opened = disk_.open(file(name), base::Open::update).value();
    base::Bytes one(1);
    CHECK(opened->read_at(byte, one).value() == 1);
    one[0] ^= 1;
    opened->write_at(byte, one).value();
  }
  ledger::Ledger& ledger() { return *ledger_; }
  std::unique_ptr<LogSource> source() { return open_log_source(disk_, directory()).value(); }

  std::uint64_t add(const ledger::Leaf& leaf) {
    ledger::Ticket ticket{};
    store_
        ->write([&](store::Tx& tx) -> base::Result<void> {
          ticket = TRY(ledger_->append(tx, leaf));
          return {};
        })
        .value();
    return ledger_->await(ticket).value();
  }
  /// Hands the log over from the key of one seed to that of another, as app does.
  void rotate(std::uint8_t from, std::uint8_t to) {
    ledger::Handover handover;
    const std::string origin = ledger_->origin();
    handover.from = ledger::VerifierKey::of(origin, ledger::test_signer(from).public_key());
    handover.to = ledger::VerifierKey::of(origin, ledger::test_signer(to).public_key());
    add(ledger::handover_leaf(handover.from, handover.to));
    handover.head = ledger::open_checkpoint(ledger_->checkpoint(), handover.from).value().head;
    ledger::publish_handover(
        disk_, directory(),
        ledger::sign_handover(handover, ledger::test_signer(from), ledger::test_signer(to)))
        .value();
    ledger_ = ledger::Ledger::open(*store_, disk_, store_.wait(), clock_, directory(), origin,
                                   ledger::test_signer(to))
                  .value();
  }
  /// Has the log go on under another origin, as a restore from a copy that lags does: with a store
  /// that is filled again from it.
  void move(const std::string& origin, std::uint8_t seed) {
    ledger_.reset();
    ledger::change_origin(disk_, directory(), origin, ledger::test_signer(seed)).value();
    store_.close();
    for (const char* end : {"", "-wal", "-shm"})
      (void)disk_.remove(store_.directory().file("store.db") + end).ok();
    store_.reopen();
    const auto key = ledger::VerifierKey::of(origin, ledger::test_signer(seed).public_key());
    ledger::Ledger::refill(*store_, disk_, directory(), key.str()).value();
    ledger_ = ledger::Ledger::open(*store_, disk_, store_.wait(), clock_, directory(), origin,
                                   ledger::test_signer(seed))
                  .value();
  }
  /// Other leaves, one checkpoint for all.
  void fill(std::uint64_t from, std::uint64_t to) {
    store_
        ->write([&](store::Tx& tx) -> base::Result<void> {
          for (std::uint64_t n = from; n < to; ++n) TRY(ledger_->append(tx, ledger::test_leaf(n)));
          return {};
        })
        .value();
    ledger_->tick().value();
  }

  /// Logs an erasure and answers its receipt, as an operator would compose it.
  nlohmann::json receipt(std::string_view label = "the receipt's label") {
    const base::Bytes nonce(ledger::kNonceBytes, 0x42);
    nlohmann::json receipt = {
        {"format", "erasure-receipt/v1"},
        {"operator", "Example AS"},
        {"account", "abcdefghijklmnopqrstuvwxya"},
        {"erased_at", "2026-11-23T14:02:11Z"},
        {"epoch", 7},
        {"statement", "The key that opened this account was destroyed."},
        {"stays", {"Invoices of 2026, for bookkeeping, until 2031-12-31."}},
        {"replicas", {{{"name", "2"}, {"state", "destroyed"}, {"behind", 0}}}},
        {"log", {{"origin", ledger_->origin()}, {"key", ledger_->verifier_key()}}}};
    ledger::Leaf leaf;
    leaf.label = base::sha256(base::view(label));
    leaf.commit = ledger::commit_of(nonce, ledger::receipt_payload(receipt.dump()).value());
    const std::uint64_t index = add(leaf);
    receipt["index"] = index;
    receipt["label"] = base::hex(leaf.label);
    receipt["nonce"] = base::base64(nonce);
    receipt["proof"] = ledger_->prove(index).value();
    return receipt;
  }

 private:
  store::TemporaryStore store_{{ledger::Ledger::schema()}};
  base::RealDisk disk_;
  base::ManualClock clock_{base::Time(base::Duration(0))};
  std::unique_ptr<ledger::Ledger> ledger_;
};

}  // namespace client
