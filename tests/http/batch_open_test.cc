// What the lines of a batch say that were refused before anybody looked for their keys.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "actors/wallet/wallet.h"
#include "adapters/http/batch.h"
#include "engine/kernel/code.h"
#include "engine/kernel/kind_of.h"

namespace tote::http {
namespace {

// Of a batch whose first line has a key and whose second has none, both refused: "outcome" of each.
std::vector<std::string> outcomes_of(Code code, bool is_of_cluster) {
  const Kinds kinds{kind_of<Wallet>()};
  Batch batch;
  for (const bool is_keyed : {true, false}) {
    batch.problems.emplace_back();
    batch.is_keyed.push_back(is_keyed);
    batch.named_at.emplace_back();
    batch.outcomes.emplace_back().code = code;
  }
  std::string text;
  append_batch(text, batch, kinds, is_of_cluster);
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto body = boost::json::parse(line).at("body");
    CHECK(body.at("code").as_string() == std::string_view(name_of(code)));
    found.emplace_back(body.at("outcome").as_string());
  }
  return found;
}

using Outcomes = std::vector<std::string>;
const Outcomes open_with_key{"unknown", "not_executed"}, closed{"not_executed", "not_executed"};

TEST_CASE("batch: a line that is refused before its key is looked up isn't told that nothing was executed") {
  for (const bool is_of_cluster : {false, true})
    for (const Code code : {Code::overloaded, Code::draining, Code::not_enough_replicas})
      CHECK(outcomes_of(code, is_of_cluster) == open_with_key);
}

TEST_CASE("batch: what one machine knows for sure a node of a cluster doesn't") {
  for (const Code code : {Code::log_full, Code::deadline_exceeded}) {
    CHECK(outcomes_of(code, false) == closed);
    CHECK(outcomes_of(code, true) == open_with_key);
  }
}

TEST_CASE("batch: a refusal that is kept under its key says that nothing was executed") {
  CHECK(outcomes_of(Code::wallet_frozen, true) == closed);
}

}  // namespace
}  // namespace tote::http
