// Lists of several kinds in one, by any prefix, behind any id, with any status and limit, against all that there is.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <future>
#include <random>
#include <set>
#include <string>

#include "actors/item/item.h"
#include "actors/wallet/wallet.h"
#include "adapters/http/lists.h"
#include "tests/temp_directory.h"

namespace tote::http {
namespace {

namespace json = boost::json;

struct Listed {
  tests::TempDirectory directory{tests::TempDirectory::On::memory};
  Kinds kinds{kind_of<Wallet>(), kind_of<Item>()};
  std::unique_ptr<Engine> engine = std::get<std::unique_ptr<Engine>>(Engine::open(
      {.directory = directory.path(), .kinds = kinds, .entities_bytes = 60'000, .snapshot_interval_ms = 50}));
  Renderer renderer{[](const std::function<void()>& work) { work(); }};
  ListRuns lists{*engine, kinds, renderer};
  std::mt19937 random{11};
  std::set<std::string> all, frozen;  // as they are listed

  std::size_t draw(std::size_t below) { return random() % below; }
  // Few characters, so that ids are each other's beginnings and stand next to the sources' names.
  std::string word(std::size_t most) {
    std::string out;
    for (std::size_t left = 1 + draw(most); left > 0; --left) out += "a:-z.Z09"[draw(8)];
    return out;
  }
  void done(Request request) { CHECK(is_success(engine->call(std::move(request)).code)); }
  void make() {
    const std::string id = word(4);
    const bool is_wallet = draw(2) == 0;
    if (!all.insert((is_wallet ? "m:" : "m:s:") + id).second) return;
    if (!is_wallet) return done(request<Item>(id, Item::Command(Item::Open{3})));
    done(request<Wallet>(id, Wallet::Command(Wallet::Open{*currency_of("EUR"), {}})));
    if (draw(9) > 0) return;
    frozen.insert("m:" + id);
    done(request<Wallet>(id, Wallet::Command(Wallet::SetStatus{Wallet::Status::frozen, "test"})));
  }
  json::object page(const ListAsk& ask) {
    std::promise<Outcome> promise;
    lists.start({}, ask, [&](Outcome& outcome) { promise.set_value(outcome); });
    const Outcome outcome = promise.get_future().get();
    REQUIRE(outcome.code == Code::ok);
    return json::parse(outcome.answer).as_object();
  }
};

TEST_CASE("lists: pages of two kinds put together are exactly those that were meant, in their order") {
  Listed at;
  for (int i = 0; i < 700; ++i) at.make();
  for (int round = 0; round < 150; ++round) {
    ListAsk ask{.member = "all", .sources = {{Wallet::kind_id, "m:"}, {Item::kind_id, "n:"}}};
    ask.limit = 1 + at.draw(round % 3 == 0 ? 5 : 400);
    if (at.draw(3) == 0) ask.status = at.draw(2) == 0 ? "frozen" : "open";
    const char* const names[] = {"m:", "n:", "", "m", "n"};
    if (at.draw(2) == 0) ask.prefix = names[at.draw(5)] + (at.draw(2) == 0 ? at.word(2) : "");
    if (at.draw(2) == 0) ask.after = names[at.draw(5)] + (at.draw(2) == 0 ? at.word(3) : "");
    CAPTURE(ask.prefix);
    CAPTURE(ask.after);
    CAPTURE(ask.status);
    CAPTURE(ask.limit);
    std::vector<std::string> expected, listed;
    for (std::string name : at.all) {
      const bool is_item = name.starts_with("m:s:");
      const bool is_frozen = at.frozen.contains(name);
      if (is_item) name = "n:" + name.substr(4);
      if (name > ask.after && name.starts_with(ask.prefix) &&
          (ask.status.empty() || (ask.status == "frozen") == is_frozen))
        expected.push_back(name);
    }
    std::ranges::sort(expected);
    for (int pages = 0;; ++pages) {
      REQUIRE(pages < 800);
      const json::object page = at.page(ask);
      const auto& members = page.at("all").as_array();
      CHECK(members.size() <= ask.limit);
      for (const auto& one : members)
        listed.push_back((one.as_object().contains("currency") ? "m:" : "n:") + std::string(one.at("id").as_string()));
      if (page.at("next").is_null()) break;
      const std::string next(page.at("next").as_string());
      REQUIRE(next > ask.after);
      ask.after = next;
    }
    CHECK(listed == expected);
  }
}

}  // namespace
}  // namespace tote::http
