#include "workspace/json_patterns.h"

#include <re2/re2.h>

#include <map>

namespace workspace {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::int64_t kMemory = 256 << 10;  // of one

}  // namespace

struct Patterns::Compiled {
  std::map<std::string, std::unique_ptr<RE2>, std::less<>> by_text;
};

Patterns::Patterns() : compiled_(std::make_unique<Compiled>()) {}
Patterns::~Patterns() = default;

Result<void> Patterns::add(const std::string& text) {
  auto& all = compiled_->by_text;
  if (all.contains(text)) return {};
  if (text.size() > JsonSchema::pattern_bytes_max || all.size() == JsonSchema::patterns_max)
    return Error{Code::invalid, "schema: at most 16 patterns of at most 1024 bytes"};
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemory);
  auto pattern = std::make_unique<RE2>(text, options);
  if (!pattern->ok())
    return Error{Code::invalid,
                 "schema: a pattern is not a regular expression as RE2 has them: none looks ahead "
                 "or back, or refers back"};
  all.emplace(text, std::move(pattern));
  return {};
}

bool Patterns::found(const std::string& pattern, std::string_view text) const {
  const auto at = compiled_->by_text.find(pattern);
  CHECK(at != compiled_->by_text.end());  // whoever made the schema added it
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *at->second);
}

}  // namespace workspace
