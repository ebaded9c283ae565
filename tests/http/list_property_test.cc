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

// A job that somebody may have to look at.
struct Job {
  static constexpr KindId kind_id = 1'002;
  static constexpr std::string_view kind = "job";
  static constexpr std::string_view event_names[] = {"told"};
  struct State {
    std::string status{};
    static constexpr void members(auto&& is) { is("status", &State::status); }
  };
  struct Tell {
    std::string status{};
    static constexpr void members(auto&& is) { is("status", &Tell::status); }
  };
  using Command = Tell;
  struct Event {
    std::string status{};
    static constexpr void members(auto&& is) { is("status", &Event::status); }
  };
  static Decision<Event> decide(const State&, const Command& command, Time) { return Event{command.status}; }
  static void apply(State& job, const Event& event) { job.status = event.status; }
  static std::string alert(const State& job) { return job.status == "stuck" ? "a job is stuck" : ""; }
};

TEST_CASE("lists: those that need somebody are on the first page, however many there are, at rest or not") {
  const tests::TempDirectory directory(tests::TempDirectory::On::memory);
  const Kinds kinds{kind_of<Job>()};
  const auto open = [&] {
    return std::get<std::unique_ptr<Engine>>(Engine::open(
        {.directory = directory.path(), .kinds = kinds, .entities_bytes = 60'000, .snapshot_interval_ms = 50}));
  };
  auto engine = open();
  const auto tell = [&](int job, const std::string& status) {
    CHECK(is_success(engine->call(request<Job>("j" + std::to_string(job), Job::Command{status})).code));
  };
  for (int job = 0; job < 5'000; ++job) tell(job, "running");
  tell(77, "stuck");
  tell(4'999, "stuck");
  for (int life = 0; life < 2; ++life) {
    if (life == 1) engine = nullptr, engine = open();
    Renderer renderer([](const std::function<void()>& work) { work(); });
    ListRuns lists(*engine, kinds, renderer);
    const auto page = [&](std::string_view alerted_status) {
      std::promise<Outcome> promise;
      ListAsk ask{.member = "jobs", .sources = {{.kind = Job::kind_id, .alerted_status = alerted_status}}};
      ask.status = "stuck";
      lists.start({}, std::move(ask), [&](Outcome& outcome) { promise.set_value(outcome); });
      return promise.get_future().get().answer;
    };
    const std::string stuck = page("stuck");
    CHECK(stuck.starts_with(R"({"jobs":[{"id":"j4999","status":"stuck",)"));
    CHECK(stuck.find(R"("id":"j77")") != std::string::npos);
    CHECK(stuck.find(R"("next":null)") != std::string::npos);
    CHECK(page("").find(R"("next":"j)") != std::string::npos);  // else a page may be short
  }
}

}  // namespace
}  // namespace tote::http
