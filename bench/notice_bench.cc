// How much the gate pays for asking the notice: allowed() has to stay under 20 ns and allocate
// nothing.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "notice/notice.h"
#include "notice/policy.h"
#include "notice/render.h"

namespace {

notice::Policy the_default() {
  notice::Checked checked = notice::check(notice::default_file, notice::default_text());
  if (!checked.ok()) std::abort();
  return notice::Policy::compile(std::move(*checked.document));
}

// Four different questions in turn, so that the branch predictor is not told the answer.
void allowed(benchmark::State& state) {
  const notice::PolicyHandle handle(the_default());
  const notice::Policy& policy = handle.current();
  struct Question {
    notice::CategoryId category;
    notice::PurposeId purpose;
    notice::Standing standing;
  };
  Question questions[4] = {
      {*policy.category("identity"), *policy.purpose("manage_accounts"), {}},
      {*policy.category("workspace_content"), *policy.purpose("provide_service"), {}},
      {*policy.category("workspace_content"), *policy.purpose("provide_service"), {}},
      {*policy.category("analytics_events"), *policy.purpose("analytics_product"), {}},
  };
  questions[2].standing.restricted = true;
  std::size_t i = 0;
  for (auto _ : state) {
    const Question& question = questions[i++ & 3U];
    benchmark::DoNotOptimize(
        handle.current().allowed(question.category, question.purpose, question.standing));
  }
}
BENCHMARK(allowed);

void look_up_purpose(benchmark::State& state) {
  const notice::Policy policy = the_default();
  for (auto _ : state) benchmark::DoNotOptimize(policy.purpose("staff_incident"));
}
BENCHMARK(look_up_purpose);

void check(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(notice::check(notice::default_file, notice::default_text()));
  }
}
BENCHMARK(check)->Unit(benchmark::kMillisecond);

void page_model(benchmark::State& state) {
  const notice::Policy policy = the_default();
  for (auto _ : state) {
    benchmark::DoNotOptimize(notice::page_model_json(policy.document(), "en"));
  }
}
BENCHMARK(page_model)->Unit(benchmark::kMillisecond);

}  // namespace
