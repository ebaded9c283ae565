// An embedding program, as README.md shows it: a wallet, a debit with an idempotency key, and the same debit again.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "actors/wallet/wallet.h"
#include "engine/kernel/kinds.h"
#include "engine/tote.h"

namespace {

// A kind of this program's own: a shelf with room for ten things, and a refusal of its own when it is full.
struct Shelf {
  static constexpr tote::KindId kind_id = 1'000;  // of users: 1000 and above
  static constexpr std::string_view kind = "shelf";
  static constexpr tote::Code full = tote::user_code(40'000);  // of users: 40000 and above
  static constexpr std::array codes{tote::CodeText{full, "shelf_full", "The shelf has no room for that."}};
  static constexpr std::int64_t room = 10;

  struct State {
    std::int64_t things = 0;
  };
  struct Command {
    std::int64_t put = 0;
  };
  struct Event {
    std::int64_t put = 0;
  };

  static tote::Decision<Event> decide(const State& shelf, const Command& command, tote::Time) {
    if (command.put < 1) return tote::Refusal{tote::Code::invalid_request};
    if (shelf.things + command.put > room)
      return tote::Refusal{full, {{tote::FactName::available, room - shelf.things}}};
    return Event{command.put};
  }
  static void apply(State& shelf, const Event& event) { shelf.things += event.put; }
  static bool check(const State& shelf) { return shelf.things <= room; }
  static bool fits(const State& shelf, const Event& event) { return shelf.things + event.put <= room; }
  static tote::Time next_due(const State&) { return tote::Time::never(); }
  static Event due(const State&) { return {}; }

  static void encode(const Event& event, std::string& out) {
    out.append(reinterpret_cast<const char*>(&event.put), sizeof event.put);
  }
  static bool decode(std::string_view bytes, Event& event) {
    if (bytes.size() != sizeof event.put) return false;
    std::memcpy(&event.put, bytes.data(), sizeof event.put);
    return true;
  }
  static void answer(const State& shelf, const Command*, std::string& out) { out += std::to_string(shelf.things); }
  static void digest(const Command& command, std::string& out) { out += std::to_string(command.put); }

  static std::string_view name_of(const Event&) { return "put"; }
  static void describe_event(const Event& event, tote::Fields& fields) { fields.integer("put", event.put); }
  static bool describe_answer(std::string_view id, std::string_view answer, tote::Fields& fields) {
    fields.text("id", id);
    fields.integer("things", std::stoll(std::string(answer)));
    return true;
  }
};

// The integers of an answer by name.
class Integers final : public tote::Fields {
 public:
  void integer(std::string_view name, std::int64_t value) override { values[std::string(name)] = value; }
  void text(std::string_view, std::string_view) override {}
  void time(std::string_view, tote::Time) override {}
  void begin(std::string_view) override {}
  void end() override {}

  std::map<std::string, std::int64_t> values;
};

tote::Request request(tote::Wallet::Command command, std::string key) {
  return {.kind = tote::Wallet::kind_id,
          .entity = "alice",
          .command = tote::Command(std::move(command)),
          .key = std::move(key)};
}

bool expect(bool holds, const char* what) {
  if (!holds) std::fprintf(stderr, "not so: %s\n", what);
  return holds;
}

bool run(tote::Engine& engine, const tote::Kind& wallets) {
  using tote::Wallet;
  const auto opened = engine.call(request(Wallet::Open{*tote::currency_of("EUR")}, "open-1"));
  const auto credited = engine.call(request(Wallet::Credit{{1000}}, "credit-1"));
  const auto paid = engine.call(request(Wallet::Debit{{300}}, "order-17"));
  const auto again = engine.call(request(Wallet::Debit{{300}}, "order-17"));
  const auto read = engine.call({.kind = Wallet::kind_id, .entity = "alice"});

  Integers wallet;
  return expect(opened.code == tote::Code::created, "the wallet is created") &&
         expect(credited.code == tote::Code::ok, "the credit is executed") &&
         expect(paid.code == tote::Code::ok && !paid.replayed, "the first debit is executed") &&
         expect(again.replayed && again.answer == paid.answer && again.lsn == paid.lsn, "the second is its replay") &&
         expect(wallets.describe_answer("alice", read.answer, wallet), "the answer of the read can be described") &&
         expect(wallet.values["balance"] == 700, "the balance is 1000 - 300");
}

// A kind of this program's own, with a refusal of its own: frozen under its key like any other.
bool run_shelf(tote::Engine& engine, bool is_again) {
  const auto put = engine.call(tote::request<Shelf>("s", Shelf::Command{8}, "put-1"));
  const auto refused = engine.call(tote::request<Shelf>("s", Shelf::Command{3}, "put-2"));
  return expect(put.code == tote::Code::ok && put.replayed == is_again, "things are put on the shelf") &&
         expect(refused.code == Shelf::full && refused.replayed == is_again, "the shelf refuses with its own code") &&
         expect(refused.facts.find(tote::FactName::available) == 2, "and says what room there is") &&
         expect(engine.call(tote::request<Shelf>("s")).answer == "8", "eight things are there");
}

using Use = std::function<bool(tote::Engine&)>;

bool with_engine(const char* directory, const tote::Kinds& kinds, const Use& use) {
  auto opened = tote::Engine::open({.directory = directory, .kinds = kinds});
  if (const auto* error = std::get_if<tote::OpenError>(&opened)) {
    std::fprintf(stderr, "%s\n", error->detail.c_str());
    return false;
  }
  auto& engine = *std::get<std::unique_ptr<tote::Engine>>(opened);
  const bool good = use(engine);
  engine.close();
  return good;
}

bool is_refused(const char* directory, const tote::Kinds& kinds, bool as_unknown) {
  const auto opened = tote::Engine::open({.directory = directory, .kinds = kinds});
  const auto* error = std::get_if<tote::OpenError>(&opened);
  return error != nullptr && !error->detail.empty() && error->is_unknown_kind == as_unknown;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto wallets = tote::kind_of<tote::Wallet>();
  const auto shelves = tote::kind_of<Shelf>();
  const tote::Kinds kinds{wallets, shelves};
  const char* const directory = argv[1];
  const bool good =
      with_engine(directory, kinds,
                  [&](tote::Engine& engine) { return run(engine, *wallets) && run_shelf(engine, false); }) &&
      with_engine(directory, kinds, [](tote::Engine& engine) { return run_shelf(engine, true); }) &&
      expect(tote::name_of(kinds, Shelf::full) == "shelf_full", "its code has a name") &&
      expect(is_refused(directory, {wallets}, true),
             "without its kind the log isn't opened, and isn't called damaged") &&
      expect(is_refused(directory, {wallets, shelves, shelves}, false), "two kinds with one number are refused");
  return good ? 0 : 1;
}
