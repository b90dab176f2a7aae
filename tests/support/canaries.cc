#include "tests/support/canaries.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "base/bytes.h"
#include "tests/support/files.h"

namespace support {
namespace {

constexpr std::size_t kShortest = 6;

template <class Change>
std::string each(const std::string& text, Change change) {
  std::string out = text;
  std::transform(out.begin(), out.end(), out.begin(),
                 [&](unsigned char c) { return static_cast<char>(change(c)); });
  return out;
}

std::string lower(const std::string& text) {
  return each(text, [](unsigned char c) { return std::tolower(c); });
}
std::string upper(const std::string& text) {
  return each(text, [](unsigned char c) { return std::toupper(c); });
}

/// Every byte as a unit of two: right for Latin letters, which is what the tests put in.
std::string utf16(const std::string& text, bool little_endian) {
  std::string out;
  for (const char c : text) {
    if (little_endian) out += {c, '\0'};
    if (!little_endian) out += {'\0', c};
  }
  return out;
}

std::string percent(const std::string& text) {
  std::string out;
  for (const char c : text) {
    char two[4];
    std::snprintf(two, sizeof two, "%%%02X", static_cast<unsigned char>(c));
    out += std::isalnum(static_cast<unsigned char>(c)) != 0 ? std::string(1, c) : two;
  }
  return out;
}

std::string json_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    char six[8];
    std::snprintf(six, sizeof six, "\\u%04x", static_cast<unsigned char>(c));
    out += six;
  }
  return out;
}

/// What of an encoding by groups is the same whatever stands before and after the text: `bytes` in
/// are `letters` out.
template <class Encode>
void add_aligned(std::vector<Form>& forms, const std::string& name, const std::string& text,
                 std::size_t bytes, std::size_t letters, Encode encode) {
  for (std::size_t skip = 0; skip < bytes && skip < text.size(); ++skip) {
    const std::string rest = text.substr(skip);
    const std::string whole = rest.substr(0, rest.size() / bytes * bytes);
    std::string encoded = encode(base::view(whole));
    encoded.resize(whole.size() / bytes * letters);
    forms.push_back({name, encoded});
  }
}

}  // namespace

std::vector<Form> forms_of(const std::string& text) {
  const std::string hex = base::hex(base::view(text));
  std::vector<Form> forms = {{"plain text", text},
                             {"lower case", lower(text)},
                             {"upper case", upper(text)},
                             {"reverse", std::string(text.rbegin(), text.rend())},
                             {"UTF-16LE", utf16(text, true)},
                             {"UTF-16BE", utf16(text, false)},
                             {"UTF-16LE, lower case", utf16(lower(text), true)},
                             {"hex", hex},
                             {"hex", upper(hex)},
                             {"percent encoding", percent(text)},
                             {"percent encoding", lower(percent(text))},
                             {"JSON escapes", json_escaped(text)}};
  for (const std::string& spelled : {text, lower(text)}) {
    add_aligned(forms, "base64", spelled, 3, 4, base::base64);
    add_aligned(forms, "base64url", spelled, 3, 4, base::base64url);
    add_aligned(forms, "base32", spelled, 5, 8, base::base32);
    add_aligned(forms, "base32", spelled, 5, 8,
                [](base::View bytes) { return upper(base::base32(bytes)); });
  }
  std::erase_if(forms, [](const Form& form) { return form.bytes.size() < kShortest; });
  std::sort(forms.begin(), forms.end(), [](const Form& a, const Form& b) {
    return a.bytes != b.bytes ? a.bytes < b.bytes : a.encoding > b.encoding;
  });
  const auto same = [](const Form& a, const Form& b) { return a.bytes == b.bytes; };
  forms.erase(std::unique(forms.begin(), forms.end(), same), forms.end());
  return forms;
}

std::vector<std::string> canaries_in(std::string_view bytes, const std::string& what,
                                     const std::vector<std::string>& words) {
  std::vector<std::string> found;
  for (const std::string& word : words)
    for (const Form& form : forms_of(word))
      if (bytes.find(form.bytes) != std::string_view::npos)
        found.push_back(what + ": " + word + " in " + form.encoding);
  return found;
}

std::vector<std::string> canaries_below(const std::vector<std::string>& directories,
                                        const std::vector<std::string>& words,
                                        const std::string& except) {
  std::vector<std::string> found;
  for (const std::string& directory : directories)
    for (const std::string& file : files_below(directory)) {
      if (!except.empty() && file.starts_with(except + "/")) continue;
      const std::string name = file.substr(directory.size());
      for (const std::string& bytes : {name, read_file(file)})
        for (std::string& line : canaries_in(bytes, name, words)) found.push_back(std::move(line));
    }
  return found;
}

}  // namespace support
