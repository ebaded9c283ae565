// Crowds after something scarce: one item that sells out, and the last seat of each match.
#include <algorithm>
#include <string>
#include <utility>

#include "actors/item/item.h"
#include "actors/match/booking.h"
#include "bench/embedded.h"
#include "bench/timed.h"

namespace tote::bench {

namespace {

// A refusal that is as good an answer as a success. Counted on the engine's thread, read after drain().
class Refusals {
 public:
  Refusals(Driver& driver, Code expected) : driver_(driver), expected_(expected) {
    driver.inspect([this](Outcome& outcome) {
      if (outcome.code == expected_)
        ++refused_;
      else if (!is_success(outcome.code) && first_other_ == Code::ok)
        first_other_ = outcome.code;
    });
  }
  ~Refusals() { driver_.inspect(nullptr); }
  Refusals(const Refusals&) = delete;
  Refusals& operator=(const Refusals&) = delete;

  std::uint64_t refused() const { return refused_; }

  void check(Report& report) const {
    const std::uint64_t others = driver_.answered() - driver_.succeeded() - refused_;
    report.count("refused", refused_);
    report.count("aborts", others);
    report.check("all else was refused as " + std::string(name_of(expected_)), others == 0,
                 std::to_string(refused_) + " refused, " + std::to_string(others) + " others" +
                     (others == 0 ? "" : ", first " + std::string(name_of(first_other_))));
    check_keys(report, driver_);
  }

 private:
  Driver& driver_;
  const Code expected_;
  std::uint64_t refused_ = 0;
  Code first_other_ = Code::ok;
};

// On a driver of its own, so that the measured one has seen nothing of it.
void warm_up(Driver& driver, std::uint64_t count, const NextRequest& next) {
  for (std::uint64_t i = 0; i < count; ++i) driver.send(next());
  driver.drain();
}

std::size_t in_flight(const Plan& plan) { return plan.in_flight != 0 ? plan.in_flight : 32 * plan.batch; }

}  // namespace

Report run_flash_sale(const Plan& plan) {
  const std::uint64_t attempts = plan.requests != 0 ? plan.requests : 1'000'000;
  Report report;
  const ScratchDirectory scratch(plan.data);
  report.text("workload", plan.workload);
  report.count("stock", plan.stock);
  report.count("batch", plan.batch);
  report.text("keys", "own key each");
  describe_disk(report, scratch);

  Bank bank(scratch.path() / "log", 0, plan.json);
  const auto stock = static_cast<std::int64_t>(plan.stock);
  bank.send_all("opening items", 2,
                [&](std::uint64_t i) { return request<Item>(i == 0 ? "sale" : "warm-up", Item::Open{stock}); });
  Keys keys;
  const auto picks_of = [&](const char* item) {
    return [&keys, item] { return request<Item>(item, Item::Pick{1}, keys.next()); };
  };
  // Of another item: the sale begins inside of the measured part and sells out there.
  warm_up(bank.driver(plan.batch, in_flight(plan)), attempts / 10, picks_of("warm-up"));
  Driver& driver = bank.driver(plan.batch, in_flight(plan));
  const Refusals refusals(driver, Code::out_of_stock);
  Timed(plan, report, bank, driver).for_count(attempts, picks_of("sale"));

  const std::uint64_t sold = driver.succeeded();
  report.count("sold", sold);
  refusals.check(report);
  report.check("sold is all there was", sold == std::min(plan.stock, attempts),
               std::to_string(sold) + " of " + std::to_string(stock));
  const auto kind = kind_of<Item>();
  const auto read = [](std::uint64_t) { return request<Item>("sale"); };
  bank.read_all("reading the item", 1, read, *kind, "on_hand", [&](const Outcome&, const Member& on_hand) {
    report.check("what is left is what wasn't sold", *on_hand.number == stock - static_cast<std::int64_t>(sold),
                 std::to_string(*on_hand.number) + " left");
  });
  bank.engine().close();
  return report;
}

namespace {

// The matches that are raced for at the same time, and who races.
struct Race {
  static constexpr std::uint64_t at_once = 64;
  static constexpr std::uint64_t players = 60;  // for each last seat
  static constexpr std::int64_t seats = 17;
  static constexpr Money price{500};

  std::uint64_t wallets;

  static std::string match(std::uint64_t number) { return "m" + std::to_string(number); }

  Request open(std::uint64_t number) const {
    Match::Open open;
    open.seats = seats;
    open.price = price;
    open.currency = currency_of("EUR").value();
    return request<Match>(match(number), open);
  }
  // Not a racer's name: who is in already can't be refused as full.
  Request book_early(std::uint64_t number, std::uint64_t seat) const {
    return book(number, "early" + std::to_string(seat), Bank::wallet((number * 16 + seat) % wallets));
  }
  // The next player after the seat of each match in turns, so that every race is on with 63 others.
  Request attempt(std::uint64_t first_match, std::uint64_t count, std::string key) const {
    const std::uint64_t group = count / (at_once * players);
    const std::uint64_t round = count / at_once % players;
    const std::uint64_t number = first_match + group * at_once + count % at_once;
    const std::string player = Bank::wallet((number * 61 + round) % wallets);
    Request made = book(number, player, player);
    made.key = std::move(key);
    return made;
  }

 private:
  static Request book(std::uint64_t number, std::string player, std::string wallet) {
    Request made;
    made.kind = Match::kind_id;
    made.entity = match(number);
    made.command = book_command({made.entity, std::move(player), Match::Method::wallet, std::move(wallet)});
    return made;
  }
};

}  // namespace

Report run_last_seat(const Plan& plan) {
  const Race race{plan.wallets != 0 ? std::max(Race::players, plan.wallets) : 10'000};
  const std::uint64_t wanted = (plan.requests != 0 ? plan.requests : 600'000) / Race::players;
  const std::uint64_t groups = std::max<std::uint64_t>(1, wanted / Race::at_once);
  const std::uint64_t warm_up_matches = std::max<std::uint64_t>(1, groups / 10) * Race::at_once;
  const std::uint64_t matches = groups * Race::at_once;
  const std::uint64_t all_matches = warm_up_matches + matches;
  Report report;
  const ScratchDirectory scratch(plan.data);
  report.text("workload", plan.workload);
  report.count("matches", matches);
  report.count("players_after_each_last_seat", Race::players);
  report.count("wallets", race.wallets);
  report.count("batch", plan.batch);
  report.text("keys", "own key each");
  describe_disk(report, scratch);

  Bank bank(scratch.path() / "log", race.wallets, plan.json);
  bank.make_wallets(balance_at_first);
  bank.send_all("opening matches", all_matches, [&](std::uint64_t i) { return race.open(i); });
  bank.send_all("filling matches", all_matches * (Race::seats - 1),
                [&](std::uint64_t i) { return race.book_early(i % all_matches, i / all_matches); });
  Keys keys;
  const auto attempts_from = [&](std::uint64_t first_match) {
    return [&, first_match, count = std::uint64_t{0}]() mutable {
      return race.attempt(first_match, count++, keys.next());
    };
  };
  warm_up(bank.driver(plan.batch, in_flight(plan)), warm_up_matches * Race::players, attempts_from(0));
  Driver& driver = bank.driver(plan.batch, in_flight(plan));
  const Refusals refusals(driver, Code::match_full);
  Timed timed(plan, report, bank, driver);
  timed.for_count(matches * Race::players, attempts_from(warm_up_matches));

  report.number("sell_outs_s", static_cast<double>(matches) / timed.seconds());
  report.count("sold", driver.succeeded());
  refusals.check(report);
  report.check("one seat was sold of each match", driver.succeeded() == matches,
               std::to_string(driver.succeeded()) + " of " + std::to_string(matches));
  std::uint64_t wrong = 0;
  const auto kind = kind_of<Match>();
  const auto read = [](std::uint64_t i) { return request<Match>(Race::match(i)); };
  bank.read_all("reading matches", all_matches, read, *kind, "taken",
                [&](const Outcome&, const Member& taken) { wrong += *taken.number == Race::seats ? 0 : 1; });
  report.check("every match is exactly full", wrong == 0,
               std::to_string(wrong) + " of " + std::to_string(all_matches) + " aren't");
  const std::int64_t paid = balance_at_first.minor * static_cast<std::int64_t>(race.wallets) - bank.total();
  const std::int64_t due = Race::price.minor * Race::seats * static_cast<std::int64_t>(all_matches);
  report.check("every seat is paid, once", paid == due, std::to_string(paid) + " of " + std::to_string(due));
  bank.engine().close();
  return report;
}

}  // namespace tote::bench
