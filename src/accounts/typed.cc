#include "accounts/typed.h"

#include <algorithm>

#include "accounts/printable.h"
#include "accounts/strength.h"
#include "base/bytes.h"

namespace accounts {
namespace {

constexpr std::size_t kNameBytes = 200;

}  // namespace

base::Result<base::Personal<std::string>> parse_legal_name(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  const bool letter = std::any_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
  });
  if (text.size() > kNameBytes || !letter || !printable(text))
    return base::Error{base::Code::invalid,
                       "legal_name: give the full legal name, at most 200 bytes"};
  return base::Personal<std::string>(std::string(text));
}

base::Result<base::SecretBytes> parse_password(std::string_view text,
                                               std::initializer_list<std::string_view> about) {
  if (text.size() < password_bytes_min)
    return base::Error{base::Code::invalid, "password: at least 12 characters"};
  if (text.size() > password_bytes_max)
    return base::Error{base::Code::invalid, "password: at most 1024 bytes"};
  if (strength_of(text, {about.begin(), about.size()}) < Strength::safely_unguessable)
    return base::Error{
        base::Code::invalid,
        "password: too easily guessed; take a few words that do not belong together, "
        "and nothing of your name or address"};
  return base::SecretBytes::copy_of(base::view(text));
}

}  // namespace accounts
