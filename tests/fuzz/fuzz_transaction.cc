// Any bytes as the answer of a transaction: they are refused, or they are results that can be written again.
#include <string>
#include <vector>

#include "actors/transaction/results.h"
#include "tests/fuzz/fuzz_target.h"

namespace tote::transaction {
namespace {

bool same(const Result& a, const Result& b) {
  return a.name == b.name && a.kind == b.kind && a.entity == b.entity && a.version == b.version && a.answer == b.answer;
}

void check_results(std::string_view answer) {
  std::vector<Result> results, again;
  if (!read_results(answer, results)) return;
  std::string bytes;
  write_results(results, bytes);
  TOTE_INVARIANT(read_results(bytes, again) && again.size() == results.size());
  for (std::size_t i = 0; i < results.size(); ++i) TOTE_INVARIANT(same(results[i], again[i]));
}

}  // namespace
}  // namespace tote::transaction

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tote::transaction::check_results(tote::fuzz::text_of(data, size));
  return 0;
}
