#include "notice/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>

namespace notice {
namespace {

constexpr std::size_t word_length_max = 64;

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string to_string(const Diagnostic& diagnostic) {
  const char* kind = diagnostic.severity == Severity::error ? "error" : "note";
  std::string out = fmt::format("{}:{}:{}: {}: {}\n", diagnostic.file, diagnostic.at.line,
                                diagnostic.at.column, kind, diagnostic.message);
  if (!diagnostic.hint.empty()) out += fmt::format("  hint: {}\n", diagnostic.hint);
  return out;
}

void Findings::error(Position at, std::string message, std::string hint) {
  ++errors_;
  add(Severity::error, at, std::move(message), std::move(hint));
}

void Findings::note(Position at, std::string message, std::string hint) {
  add(Severity::note, at, std::move(message), std::move(hint));
}

void Findings::add(Severity severity, Position at, std::string message, std::string hint) {
  if (found_.size() >= diagnostics_max) return;
  found_.push_back({severity, file_, at, std::move(message), std::move(hint)});
}

std::vector<Diagnostic> Findings::take() {
  const auto order = [](const Diagnostic& each) {
    return std::tie(each.at, each.severity, each.message);
  };
  std::ranges::sort(found_, {}, order);
  const auto same = [](const Diagnostic& a, const Diagnostic& b) {
    return a.at == b.at && a.message == b.message;
  };
  found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
  return std::move(found_);
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  if (word.size() > word_length_max) return best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > word_length_max) continue;
    const std::size_t d = distance(word, candidate);
    if (d < best_distance && d < word.size()) {
      best_distance = d;
      best = candidate;
    }
  }
  return best;
}

std::string hint_among(std::string_view word, std::span<const std::string> candidates) {
  const std::string near = nearest(word, candidates);
  if (!near.empty()) return fmt::format("did you mean `{}`?", near);
  if (candidates.empty()) return "none are declared";
  constexpr std::size_t shown_max = 24;
  std::string list;
  for (std::size_t i = 0; i < std::min(shown_max, candidates.size()); ++i) {
    list += (i == 0 ? "" : ", ") + candidates[i];
  }
  return fmt::format("known are: {}{}", list, candidates.size() > shown_max ? ", …" : "");
}

}  // namespace notice
