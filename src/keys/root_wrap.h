// A root record wrapped in a key from a passphrase, as it stands in a slot of a root's file:
// whoever has the file, and every other file, and not the passphrase, has nothing. Owns the key,
// which Argon2id makes once; never the passphrase. docs/formats/key-tree.md describes the bytes.
#pragma once

#include <array>
#include <optional>

#include "base/crypto.h"
#include "base/entropy.h"
#include "keys/root_holder.h"

namespace keys {

inline constexpr std::size_t kWrappedSize = 192;

/// What makes a key of a passphrase: the same in every slot of a file.
struct WrapHeader {
  base::PasswordCost cost;
  std::array<std::uint8_t, base::password_salt_size> salt{};
};

/// A wrapped record that is whole. Whose passphrase opens it, it does not say.
struct WrappedRoot {
  WrapHeader header;
  base::View associated;   // all before what is sealed
  base::View record_salt;  // 32 bytes, random in every record
  base::View sealed;
};

/// Nothing where `record` is empty, destroyed, torn or plain, or asks for a cost that no version
/// asked for. Borrows from it.
std::optional<WrappedRoot> parse_wrapped(base::View record);

class RootWrap {
 public:
  /// Under a new salt.
  static base::Result<RootWrap> make(const Wrapping& wrapping);
  /// The one that a record was wrapped in, where the passphrase is that one.
  static base::Result<RootWrap> again(const Wrapping& wrapping, const WrapHeader& header);

  base::Bytes wrap(const Root& root, base::Entropy& entropy) const;
  /// Code::denied where another passphrase wrapped it.
  base::Result<Root> unwrap(const WrappedRoot& wrapped) const;

 private:
  RootWrap(const WrapHeader& header, base::SecretBytes key)
      : header_(header), key_(std::move(key)) {}
  WrapHeader header_;
  base::SecretBytes key_;
};

}  // namespace keys
