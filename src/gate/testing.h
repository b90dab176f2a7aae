// For tests: a small notice with a purpose of every kind, and its ids. Never part of the program.
#pragma once

#include <string>
#include <vector>

#include "gate/gate.h"

namespace gate {

struct RecordedForTests {
  static Recorded make() { return {}; }
};

struct SampleNotice {
  static constexpr notice::CategoryId identity{1};
  static constexpr notice::CategoryId workspace_content{6};
  static constexpr notice::CategoryId log_openings{8};
  static constexpr notice::CategoryId messages{9};    // kept for 7 days at most
  static constexpr notice::PurposeId accounts{1};     // contract, goes on while restricted
  static constexpr notice::PurposeId service{2};      // contract
  static constexpr notice::PurposeId analytics{3};    // consent
  static constexpr notice::PurposeId improvement{4};  // legitimate interest, stops on objection
  static constexpr notice::PurposeId fraud{5};        // legitimate interest, reviewed on objection
  static constexpr notice::PurposeId later{6};        // not enabled
  static constexpr notice::PurposeId accountability{7};  // legal obligation
  static constexpr notice::PurposeId rights{8};          // legal obligation, goes on likewise

  static notice::Document document() {
    notice::Document document;
    document.version = 1;
    document.retention.push_back(
        {"with_the_account", {"account_ends", notice::Term::until_then, {}, {}}, {}});
    document.retention.push_back(
        {"short", {"collected", notice::Term::period, {7, notice::Unit::day}, {}}, {}});
    const auto category = [&](const char* id, notice::CategoryId number,
                              const char* retention = "with_the_account") {
      notice::Category made;
      made.id = id;
      made.number = number.number;
      made.retention = retention;
      document.categories.push_back(made);
    };
    category("identity", identity);
    category("workspace_content", workspace_content);
    category("log_openings", log_openings);
    category("messages", messages, "short");
    const auto purpose = [&](const char* id, notice::PurposeId number, notice::Basis basis,
                             std::vector<std::string> categories) -> notice::Purpose& {
      notice::Purpose made;
      made.id = id;
      made.number = number.number;
      made.basis = basis;
      made.categories = std::move(categories);
      return document.purposes.emplace_back(std::move(made));
    };
    using notice::Basis;
    purpose("accounts", accounts, Basis::contract, {"identity", "workspace_content", "messages"})
        .while_restricted = notice::Exemption::own_rights;
    purpose("service", service, Basis::contract, {"identity", "workspace_content"});
    purpose("analytics", analytics, Basis::consent, {"identity"});
    purpose("improvement", improvement, Basis::legitimate_interest, {"identity"}).on_objection =
        notice::OnObjection::stop;
    purpose("fraud", fraud, Basis::legitimate_interest, {"identity"}).on_objection =
        notice::OnObjection::review;
    purpose("later", later, Basis::contract, {"identity"}).enabled = false;
    purpose("accountability", accountability, Basis::legal_obligation, {"log_openings"});
    purpose("rights_requests", rights, Basis::legal_obligation,
            {"identity", "workspace_content", "log_openings", "messages"})
        .while_restricted = notice::Exemption::own_rights;
    return document;
  }
  static notice::Policy policy() { return notice::Policy::compile(document()); }
};

}  // namespace gate
