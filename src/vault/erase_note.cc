#include "vault/erase_note.h"

#include <algorithm>

#include "ledger/receipt_form.h"

namespace vault {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::uint8_t kVersion = 1;

}  // namespace

base::Bytes EraseNote::encode() const {
  base::Bytes out;
  out.push_back(kVersion);
  out.push_back(static_cast<std::uint8_t>(logged));
  out.insert(out.end(), label.begin(), label.end());
  base::put_block(out, nonce);
  base::put_block(out, base::view(content));
  return out;
}

Result<EraseNote> EraseNote::decode(base::View bytes) {
  base::Reader reader(bytes);
  const std::uint8_t version = TRY(reader.u8());
  const std::uint8_t logged = TRY(reader.u8());
  EraseNote note;
  const base::View label = TRY(reader.take(note.label.size()));
  const base::View nonce = TRY(reader.block());
  const base::View content = TRY(reader.block());
  const bool nonce_fits = nonce.size() == (logged != 0 ? ledger::kNonceBytes : 0);
  if (version != kVersion || logged > 1 || !nonce_fits || !reader.done())
    return Error{Code::corrupt, "an erasure's note of no known form"};
  note.logged = logged != 0 ? Logged::yes : Logged::no;
  std::ranges::copy(label, note.label.begin());
  note.nonce = base::copy(nonce);
  note.content = base::text(content);
  return note;
}

}  // namespace vault
