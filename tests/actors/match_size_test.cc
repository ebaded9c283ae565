// However many play and wait: a command asks few, stages few events, and never copies the match. How long each
// took is printed when TOTE_PRINT_TIMES is set; a machine under load may not fail a test.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>

#include "actors/match/offer.h"
#include "tests/actors/match_words.h"

namespace tote {
namespace {

std::string player_name(std::int64_t number) { return "player-" + std::to_string(1'000'000 + number); }
std::string waiter_name(std::int64_t number) { return "waiter-" + std::to_string(1'000'000 + number); }

// Entities and one transaction at a time: nothing follows by itself.
class Crowd final : private Staging {
 public:
  // A full match of so many players, and as many who wait and have no wallet.
  explicit Crowd(std::int64_t count) {
    Match::Open settings = match_with(count);
    settings.attempts_max = Match::attempts_limit;
    put<Match>("thu", Match::Opened{settings});
    put<Wallet>("bank", Wallet::Opened{*currency_of("EUR"), {}});
    put<Wallet>("bank", Wallet::Credited{{1'000'000}, {}});
    for (std::int64_t i = 0; i < count; ++i) {
      put<Match>("thu", Match::SeatTaken{player_name(i), {Match::Method::wallet, "bank", {seat_price}}});
      put<Match>("thu", Match::Waitlisted{waiter_name(i), {Match::Method::wallet, waiter_name(i), {}}});
    }
  }
  ~Crowd() override { leave(); }

  Verdict run(const Script& script) {
    begin({now_ += ns_per_s});
    const Verdict verdict = perform(script);
    std::string events;
    commit(events,
           [](const Touched& touched, std::size_t) { touched.entity->version = touched.entity->version.next(); });
    leave();
    events_count_ = 0;
    std::string_view rest = events, event;
    while (next_event(rest, event)) ++events_count_;
    return verdict;
  }
  Verdict run(const Command& command) { return run(**command.get<ScriptPtr>()); }
  Verdict follow_up() {
    const ScriptPtr script = Match::follow_up(match(), "thu");
    REQUIRE(script != nullptr);
    return run(*script);
  }
  // Of the last record.
  std::size_t events_count() const { return events_count_; }
  const Match::State& match() { return static_cast<EntityOf<Match>&>(entity(Match::kind_id, "thu")).state(); }

 private:
  using Staging::run;
  AnyEntity& entity(KindId kind, std::string_view id) {
    auto& entity = entities_[{kind, std::string(id)}];
    if (entity != nullptr) return *entity;
    if (kind == Match::kind_id) entity = kind_of<Match>()->make();
    if (kind == Wallet::kind_id) entity = kind_of<Wallet>()->make();
    if (kind == Refunds::kind_id) entity = kind_of<Refunds>()->make();
    return *entity;
  }
  Touched find(EntityRef ref) override {
    AnyEntity& found = entity(ref.kind, ref.id);
    return {{ref.kind, entities_.find({ref.kind, std::string(ref.id)})->first.second}, &found, nullptr};
  }
  void leave() {
    forget([](const Touched&) {});
  }
  template <class E>
  void put(std::string_view id, const typename E::Event& event) {
    std::string bytes(sizeof(std::uint32_t), '\0');
    E::encode(event, bytes);
    const auto size = static_cast<std::uint32_t>(bytes.size() - sizeof(std::uint32_t));
    std::memcpy(bytes.data(), &size, sizeof size);
    AnyEntity& at = entity(E::kind_id, id);
    REQUIRE(at.replay(bytes));
    at.version = at.version.next();
  }

  std::map<std::pair<KindId, std::string>, std::unique_ptr<AnyEntity>> entities_;
  std::int64_t now_ = 1'000 * ns_per_s;
  std::size_t events_count_ = 0;
};

template <class Act>
void timed(const char* what, std::int64_t count, const Act& act) {
  std::vector<std::int64_t> took_ns;
  for (int i = 0; i < 10; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    act(i);
    took_ns.push_back((std::chrono::steady_clock::now() - begin).count());
  }
  std::sort(took_ns.begin(), took_ns.end());
  if (std::getenv("TOTE_PRINT_TIMES") == nullptr) return;
  std::printf("%-34s %7lld players, as many wait: median %4lld us, slowest %5lld\n", what,
              static_cast<long long>(count), static_cast<long long>(took_ns[5] / 1'000),
              static_cast<long long>(took_ns.back() / 1'000));
}

TEST_CASE("match: what a command costs doesn't grow with those who play and wait") {
  for (const std::int64_t count : {10, 1'000, 100'000}) {
    Crowd club(count);
    timed("read", count, [&](int) {
      std::string answer;
      Match::answer(club.match(), nullptr, answer);
      CHECK(answer.size() < 10'000);
    });
    timed("read a page", count, [&](int) {
      std::string page;
      Match::answer(club.match(), Match::Question{player_name(count / 2), 100}, page);
      CHECK(page.size() < 10'000);
    });
    timed("leave the waiting list", count, [&](int i) {
      CHECK(club.run(leave_waitlist_command("thu", waiter_name(i == 0 ? 0 : count - i))).code == Code::ok);
    });
    timed("join it, be told the position", count, [&](int i) {
      CHECK(club.run(join_waitlist_command(from_wallet("late" + std::to_string(i)))).code == Code::accepted);
      CHECK(club.match().waiting.position("late" + std::to_string(i)) == club.match().waiting.size());
    });
    timed("be refused as full", count, [&](int i) {
      CHECK(club.run(book_command(from_wallet("new" + std::to_string(i), "bank"))).code == Code::match_full);
      CHECK(club.events_count() == 1);
    });
    timed("cancel", count, [&](int i) {
      CHECK(club.run(cancel_command("thu", player_name(i))).code == Code::ok);
      CHECK(club.events_count() == 2);
    });
    timed("offer the seats to some who wait", count, [&](int) {
      if (Match::follow_up(club.match(), "thu") == nullptr) return;
      club.follow_up();
      CHECK(club.events_count() <= asked_max + 1);
    });
    timed("book three seats in one transaction", count, [&](int) {
      std::vector<PartPtr> parts;
      for (const char* player : {"a", "b", "c"}) parts.push_back(booking_part(from_wallet(player, "bank")));
      const Code code = club.run(composite_command(std::move(parts))).code;
      CHECK((code == Code::ok || code == Code::match_full || code == Code::already_booked));
    });
  }
}

}  // namespace
}  // namespace tote
