// For tests: an account with somebody in each role, and somebody of another account.
#pragma once

#include <gtest/gtest.h>

#include "tests/support/rows.h"
#include "tests/support/stack.h"

namespace accounts {

class WithMembers : public testing::Test {
 protected:
  static constexpr const char* kPassword = "three plain wooden boats";
  static constexpr const char* kOrigin = "http://localhost";

  WithMembers()
      : owner(stack.join("Olga Owner", "olga@example.com", kPassword)),
        admin(joined(owner, "Adam Admin", "adam@example.com", Role::admin)),
        member(joined(owner, "Mona Member", "mona@example.com", Role::member)),
        reader(joined(owner, "Rune Reader", "rune@example.com", Role::reader)),
        stranger(stack.join("Stig Stranger", "stig@example.com", kPassword)) {}

  /// The token of an invitation that `by` sends.
  std::string invited(const NewSession& by, const std::string& email, Role role) {
    stack.invitations
        ->invite(by.identity, {support::address(email), role, egress::Language::english, kOrigin})
        .value();
    stack.outbox->tick().value();
    return stack.token().value();
  }
  Newcomer newcomer(const std::string& name) {
    return {support::personal(name), support::secret(kPassword), {"1", "1"}};
  }
  NewSession log_in(const std::string& email) {
    return std::move(
        *stack.accounts->log_in(support::address(email), support::secret(kPassword)).value());
  }
  bool may_log_in(const std::string& email) {
    return stack.accounts->log_in(support::address(email), support::secret(kPassword))
        .value()
        .has_value();
  }
  NewSession joined(const NewSession& by, const std::string& name, const std::string& email,
                    Role role) {
    stack.invitations->accept(newcomer(name), invited(by, email, role)).value();
    return log_in(email);
  }
  /// A member of the account who is the owner of another one as well.
  NewSession with_two_accounts(const std::string& name, const std::string& email, Role role) {
    NewSession hers = stack.join(name, email, kPassword);
    stack.invitations->accept(hers.identity, invited(owner, email, role)).value();
    return hers;
  }
  /// Who she is now, by her cookie; nobody where it opens nothing.
  std::optional<Identity> now(const NewSession& session) {
    return stack.accounts->session(session.token).value();
  }
  std::optional<Role> role(const NewSession& session) {
    const auto identity = now(session);
    return identity ? std::optional(identity->role) : std::nullopt;
  }
  std::size_t count(base::Literal sql) { return support::count(*stack.store, sql); }
  /// Letters of a kind to an address.
  std::size_t letters(egress::MailKind kind, const std::string& email) {
    stack.outbox->tick().value();
    std::size_t found = 0;
    for (const egress::Letter& letter : stack.transport.letters)
      if (letter.kind == kind && support::opened(letter.to) == email) ++found;
    return found;
  }

  support::Stack stack;
  NewSession owner, admin, member, reader, stranger;
};

}  // namespace accounts
