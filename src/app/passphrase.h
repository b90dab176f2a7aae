// The passphrase that wraps what is secret here (a root's file, the key to the holders), as
// --passphrase-file gives it.
#pragma once

#include <string>

#include "base/secret_bytes.h"
#include "keys/root_holder.h"

namespace app {

/// Empty where no file is named; never empty where one is. Bounds and refusals as of
/// base::read_secret_file.
base::Result<base::SecretBytes> read_passphrase(const std::string& file);

/// What wraps under a passphrase: nothing where that is empty. Owns it; borrows the entropy.
class PassphraseWrapping {
 public:
  PassphraseWrapping(base::SecretBytes passphrase, base::Entropy& entropy)
      : passphrase_(std::move(passphrase)), wrapping_{passphrase_, entropy} {}
  PassphraseWrapping(const PassphraseWrapping&) = delete;
  PassphraseWrapping& operator=(const PassphraseWrapping&) = delete;
  const keys::Wrapping* get() const { return passphrase_.empty() ? nullptr : &wrapping_; }

 private:
  base::SecretBytes passphrase_;
  keys::Wrapping wrapping_;
};

}  // namespace app
