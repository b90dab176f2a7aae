#include "egress/smtp_message.h"

#include <algorithm>
#include <charconv>

namespace egress {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::size_t kAddressMax = 320;
constexpr std::size_t kUserMax = 256;

bool one_line(base::View text) {
  return std::ranges::all_of(text, [](std::uint8_t c) { return c >= 0x20 && c != 0x7f; });
}

bool address(base::View text) {
  return !text.empty() && text.size() <= kAddressMax && one_line(text) &&
         std::ranges::none_of(text,
                              [](std::uint8_t c) { return c == ' ' || c == '<' || c == '>'; });
}

/// The number at the head of `text`, of at most `digits`, which is taken off; nothing where there
/// is none.
std::optional<std::uint16_t> take_number(std::string_view& text, std::size_t digits) {
  std::uint16_t number = 0;
  const auto* end = text.data() + std::min(text.size(), digits);
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

base::Bytes encode(const Handover& handover) {
  base::Bytes out;
  out.reserve(handover.mail.size() + handover.authorities.size() + 2048);
  for (const base::View part : {handover.user, handover.password, handover.authorities,
                                handover.from, handover.to, handover.mail})
    base::put_block(out, part);
  return out;
}

Result<Handover> parse_handover(base::View bytes) {
  base::Reader reader(bytes);
  Handover handover;
  handover.user = TRY(reader.block());
  handover.password = TRY(reader.block());
  handover.authorities = TRY(reader.block());
  handover.from = TRY(reader.block());
  handover.to = TRY(reader.block());
  handover.mail = TRY(reader.block());
  if (!reader.done() || !address(handover.from) || !address(handover.to) || handover.mail.empty() ||
      handover.user.size() > kUserMax || !one_line(handover.user) || !one_line(handover.password))
    return Error{Code::invalid, "this is no mail to hand over"};
  return handover;
}

base::Bytes encode(const Delivery& delivery) {
  base::Bytes out{static_cast<std::uint8_t>(delivery.outcome)};
  for (const std::uint16_t number :
       {delivery.reply, delivery.status_class, delivery.status_subject, delivery.status_detail})
    base::put_u16(out, number);
  return out;
}

Result<Delivery> parse_delivery(base::View bytes) {
  base::Reader reader(bytes);
  const std::uint8_t outcome = TRY(reader.u8());
  Delivery delivery;
  delivery.reply = TRY(reader.u16());
  delivery.status_class = TRY(reader.u16());
  delivery.status_subject = TRY(reader.u16());
  delivery.status_detail = TRY(reader.u16());
  if (!reader.done() || outcome > static_cast<std::uint8_t>(Outcome::unreachable))
    return Error{Code::invalid, "this is no answer about a mail"};
  delivery.outcome = static_cast<Outcome>(outcome);
  return delivery;
}

Delivery read_reply(std::string_view line) {
  Delivery read;
  const auto code = take_number(line, 3);
  if (!code || *code < 200 || *code > 599) return read;
  read.reply = *code;
  if (!take(line, ' ') && !take(line, '-')) return read;
  const auto of_class = take_number(line, 1);
  if (!of_class || !take(line, '.')) return read;
  const auto subject = take_number(line, 3);
  if (!subject || !take(line, '.')) return read;
  const auto detail = take_number(line, 3);
  if (!detail || *of_class != read.reply / 100) return read;
  read.status_class = *of_class;
  read.status_subject = *subject;
  read.status_detail = *detail;
  return read;
}

}  // namespace egress
