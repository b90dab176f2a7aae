// The erasure receipt: a signed, publicly logged statement that an account's key was destroyed.
// Its form is in docs/formats/receipt.md; whoever holds one checks it without us.
#pragma once

#include <string>

#include "accounts/accounts.h"
#include "vault/vault.h"

namespace accounts {

/// The members that the log entry commits to, but for the epoch, the time and the replicas, which
/// the vault adds.
std::string erasure_statement(base::AccountId account, const Facts& facts,
                              const std::string& log_origin, const std::string& verifier_key);

/// The same for a person who left the account, which goes on, and belonged to no other.
std::string departure_statement(base::AccountId account, base::UserId person, const Facts& facts,
                                const std::string& log_origin, const std::string& verifier_key);

/// The whole receipt as JSON: the entry, what opens its commitment, and its proof.
std::string receipt(const vault::Erased& erased, const std::string& proof);

}  // namespace accounts
