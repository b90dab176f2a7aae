#include "egress/mime.h"

#include <fmt/format.h>

#include <algorithm>

#include "egress/door.h"

namespace egress {
namespace {

constexpr std::size_t kWordBytes = 45;    // of UTF-8 in an encoded word: at most 75 characters
constexpr std::size_t kEncodedLine = 76;  // of quoted-printable
constexpr std::size_t kPlainLine = 900;   // of seven bits; 998 are allowed

bool plain(char c) { return c >= 0x20 && c < 0x7f; }
bool plain_text(std::string_view text) { return std::ranges::all_of(text, plain); }

bool seven_bits(std::string_view text) {
  std::size_t line = 0;
  for (const char c : text) {
    line = c == '\n' ? 0 : line + 1;
    if ((c != '\n' && !plain(c)) || line > kPlainLine) return false;
  }
  return true;
}

/// The first bytes of `text`, at most `size`, that end no character in its middle.
std::string_view whole_characters(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80) --size;
  return text.substr(0, size);
}

std::string with_line_ends(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out.push_back('\r');
    out.push_back(c);
  }
  return out;
}

std::string part(std::string_view type, std::string_view text) {
  const bool as_it_is = seven_bits(text);
  return fmt::format(
      "Content-Type: {}; charset=utf-8\r\n"
      "Content-Transfer-Encoding: {}\r\n"
      "\r\n{}",
      type, as_it_is ? "7bit" : "quoted-printable",
      as_it_is ? with_line_ends(text) : quoted_printable(text));
}

}  // namespace

std::string header_text(std::string_view text) {
  if (plain_text(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const std::string_view piece = whole_characters(text, kWordBytes);
    if (piece.empty()) break;  // not UTF-8
    if (!out.empty()) out += "\r\n ";
    out += "=?utf-8?B?" + base::base64(base::view(piece)) + "?=";
    text.remove_prefix(piece.size());
  }
  return out;
}

std::string display_name(std::string_view name) {
  if (!plain_text(name)) return header_text(name);
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t line = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out += "\r\n";
      line = 0;
      continue;
    }
    // A space at the end of a line would be lost on the way.
    const bool last = i + 1 == text.size() || text[i + 1] == '\n';
    const bool as_it_is = plain(c) && c != '=' && !(c == ' ' && last);
    const std::size_t width = as_it_is ? 1 : 3;
    if (line + width > kEncodedLine - 1) {
      out += "=\r\n";
      line = 0;
    }
    if (as_it_is)
      out.push_back(c);
    else
      out += fmt::format("={:02X}", static_cast<unsigned char>(c));
    line += width;
  }
  return out;
}

std::string message_id(base::MailId id, const Sender& sender) {
  return "<" + id.str() + "@" + sender.domain() + ">";
}

base::Result<base::MailId> parse_message_id(std::string_view text) {
  if (text.starts_with('<') && text.ends_with('>')) text = text.substr(1, text.size() - 2);
  return base::MailId::parse(text.substr(0, text.find('@')));
}

base::Personal<std::string> mime(const Letter& letter, const Sender& sender, base::Time now) {
  const std::string boundary = "=_" + letter.id.str();
  return base::Personal<std::string>(
      fmt::format("From: {} <{}>\r\n"
                  "{}"
                  "To: <{}>\r\n"
                  "Subject: {}\r\n"
                  "Date: {}\r\n"
                  "Message-ID: {}\r\n"
                  "Auto-Submitted: auto-generated\r\n"
                  "X-Scalign-Mail: {}\r\n"
                  "Content-Language: {}\r\n"
                  "MIME-Version: 1.0\r\n"
                  "Content-Type: multipart/alternative; boundary=\"{}\"\r\n"
                  "\r\n",
                  display_name(sender.name), sender.from_address(),
                  sender.from_address() == sender.contact
                      ? std::string()
                      : "Reply-To: <" + sender.contact + ">\r\n",
                  Door::open(letter.to), header_text(letter.subject), base::mail_date(now),
                  message_id(letter.id, sender), to_string(letter.kind), to_string(letter.language),
                  boundary) +
      "--" + boundary + "\r\n" + part("text/plain", Door::open(letter.text)) + "\r\n--" + boundary +
      "\r\n" + part("text/html", Door::open(letter.html)) + "\r\n--" + boundary + "--\r\n");
}

}  // namespace egress
