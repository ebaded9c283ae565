// Events, answers and digests as bytes.
#include <set>

#include "tests/actors/in_child.h"
#include "tests/actors/property.h"
#include "tests/actors/wallet_history.h"

namespace tote {
namespace {

// Swallows what is described: only that it comes to an end counts.
struct Ignore final : Fields {
  void integer(std::string_view, std::int64_t) override { ++fields; }
  void text(std::string_view, std::string_view value) override { fields += 1 + value.size() * 0; }
  void time(std::string_view, Time) override { ++fields; }
  void begin(std::string_view) override { ++depth; }
  void end() override { --depth; }
  std::size_t fields = 0;
  int depth = 0;
};

TEST_CASE("codec: every event comes back as it was written") {
  check_property("decode(encode(event)) == event", [] {
    const Wallet::Event event = *any_event();
    std::string bytes;
    Wallet::encode(event, bytes);
    Wallet::Event back;
    RC_ASSERT(Wallet::decode(bytes, back));
    RC_ASSERT(back.index() == event.index());
    RC_ASSERT(bytes_of<Wallet>(back) == bytes_of<Wallet>(event));
  });
}

TEST_CASE("codec: each kind of event, field by field") {
  const auto again = [](const Wallet::Event& event) {
    std::string bytes;
    Wallet::encode(event, bytes);
    Wallet::Event back;
    REQUIRE(Wallet::decode(bytes, back));
    return back;
  };
  const auto back_opened = std::get<Wallet::Opened>(again(Wallet::Opened{jpy, {7}}));
  CHECK(back_opened.currency == jpy);
  CHECK(back_opened.overdraft_limit.minor == 7);
  const auto back_credited = std::get<Wallet::Credited>(again(Wallet::Credited{{8}, "ref"}));
  CHECK(back_credited.amount.minor == 8);
  CHECK(back_credited.reference == "ref");
  const auto back_debited = std::get<Wallet::Debited>(again(Wallet::Debited{{9}, ""}));
  CHECK(back_debited.amount.minor == 9);
  CHECK(back_debited.reference.empty());
  const auto back_held = std::get<Wallet::Held>(again(Wallet::Held{"h1", {10}, {11}}));
  CHECK(back_held.hold == "h1");
  CHECK(back_held.amount.minor == 10);
  CHECK(back_held.expires_at == Time{11});
  const auto back_captured = std::get<Wallet::Captured>(again(Wallet::Captured{"h2", {12}}));
  CHECK(back_captured.hold == "h2");
  CHECK(back_captured.amount.minor == 12);
  CHECK(std::get<Wallet::Released>(again(Wallet::Released{"h3"})).hold == "h3");
  CHECK(std::get<Wallet::Expired>(again(Wallet::Expired{"h4"})).hold == "h4");
}

// In a record they follow a 4-byte size, and each other: no more than that is promised.
TEST_CASE("codec: an event's bytes are read at every fourth byte of memory") {
  std::string bytes;
  Wallet::encode(Wallet::Held{"h1", {10}, {11}}, bytes);
  for (std::size_t shift = 0; shift < 32; shift += 4) {
    const std::string shifted = std::string(shift, '\0') + bytes;
    Wallet::Event back;
    REQUIRE(Wallet::decode(std::string_view(shifted).substr(shift), back));
    CHECK(std::get<Wallet::Held>(back).amount.minor == 10);
  }
}

TEST_CASE("codec: random bytes are no event, and do no harm") {
  check_property("decode of random bytes ends", [] {
    const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    Wallet::Event event;
    Ignore fields;
    if (Wallet::decode(bytes, event)) Wallet::describe_event(event, fields);
    Wallet::describe_answer("w", bytes, fields);
    RC_ASSERT(fields.depth == 0);
  });
}

TEST_CASE("codec: an event with some bytes changed or missing does no harm") {
  check_property("decode of mutated bytes ends", [] {
    std::string bytes;
    Wallet::encode(*any_event(), bytes);
    const auto changes = *rc::gen::inRange(1, 5);
    for (int i = 0; i < changes; ++i)
      bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
    bytes.resize(*rc::gen::oneOf(rc::gen::just(bytes.size()), rc::gen::inRange<std::size_t>(0, bytes.size() + 1)));
    Wallet::Event event;
    Ignore fields;
    if (!Wallet::decode(bytes, event)) return;
    Wallet::describe_event(event, fields);
    RC_ASSERT(fields.depth == 0);
  });
}

TEST_CASE("codec: an answer with some bytes changed or missing does no harm") {
  check_property("describe of mutated answers ends", [] {
    LiveWallet wallet;
    wallet.handle(open());
    wallet.handle(credit(100));
    wallet.handle(hold("h1", 60));
    std::string bytes = wallet.answer;
    const auto changes = *rc::gen::inRange(0, 5);
    for (int i = 0; i < changes; ++i)
      bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
    bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 1));
    Ignore fields;
    Wallet::describe_answer("w", bytes, fields);
    RC_ASSERT(fields.depth == 0);
  });
}

// Bytes whose checksums fit but whose story doesn't must be refused as damage, so that the operator is told the LSN.
TEST_CASE("codec: events that contradict the wallet are damage, they don't stop the process") {
  const auto is_refused = [](const Wallet::Event& event, bool exists) {
    LiveWallet wallet;
    if (exists) {
      wallet.handle(open());
      wallet.handle(credit(1));
    }
    std::string bytes;
    Wallet::encode(event, bytes);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    bytes.insert(0, reinterpret_cast<const char*>(&size), sizeof size);
    return !wallet.entity.replay(bytes);
  };
  const std::vector<Wallet::Event> of_an_open_wallet{opened(),    captured("h1", 1),  released("h1"), expired("h1"),
                                                     debited(2),  held("h1", 2),      held("h1", 0),  credited(-2),
                                                     debited(-2), credited(INT64_MAX)};
  for (const Wallet::Event& event : of_an_open_wallet) {
    CAPTURE(Wallet::name_of(event));
    CHECK(holds_and_survives([&] { return is_refused(event, true); }));
  }
  const std::vector<Wallet::Event> of_none{credited(1), held("h1", 1),          expired("h1"),
                                           opened(-1),  opened(amount_max + 1), opened(INT64_MAX)};
  for (const Wallet::Event& event : of_none) {
    CAPTURE(Wallet::name_of(event));
    CHECK(holds_and_survives([&] { return is_refused(event, false); }));
  }
}

TEST_CASE("digest: equal exactly when two commands ask the same") {
  check_property("digest(a) == digest(b) iff a == b", [] {
    const Wallet::Command one = *any_command();
    const Wallet::Command other = *rc::gen::oneOf(any_command(), rc::gen::just(one));
    std::string one_bytes, other_bytes;
    Wallet::digest(one, one_bytes);
    Wallet::digest(other, other_bytes);
    RC_ASSERT((one_bytes == other_bytes) == (one.index() == other.index() && text_of(one) == text_of(other)));
  });
}

TEST_CASE("digest: neighbours that differ in one field or in where a text ends") {
  const std::vector<Wallet::Command> commands{open(),
                                              open(1),
                                              Wallet::Open{jpy},
                                              credit(1),
                                              credit(2),
                                              Wallet::Credit{{1}, "a"},
                                              Wallet::Credit{{1}, "ab"},
                                              debit(1),
                                              Wallet::Debit{{1}, "a"},
                                              hold("a", 1, 2),
                                              hold("a", 2, 1),
                                              hold("ab", 1, 2),
                                              hold("a", 1, 3),
                                              capture("a"),
                                              capture("a", 1),
                                              capture("ab"),
                                              release("a"),
                                              release("ab"),
                                              release("")};
  std::set<std::string> digests;
  for (const Wallet::Command& command : commands) {
    std::string bytes;
    Wallet::digest(command, bytes);
    CAPTURE(text_of(command));
    CHECK(digests.insert(bytes).second);
  }
}

}  // namespace
}  // namespace tote
