#include "adapters/cli/demo_lines.h"

namespace tote::cli {
namespace {

constexpr Line lines[] = {
    {"200: alice has 1000 (10.00 EUR: amounts are in minor units).", "wallets/alice", ""},
    {"200: she pays 300 for order 17.", "wallets/alice/debits",
     R"( -H 'Idempotency-Key: order-17' -d '{"amount":300}')"},
    {"200: the same again, as after a lost answer: the same bytes, Idempotent-Replayed: true, no money moved.",
     "wallets/alice/debits", R"( -H 'Idempotency-Key: order-17' -d '{"amount":300}')"},
    {"422: the same key for something else is a mistake of the client's.", "wallets/alice/debits",
     R"( -H 'Idempotency-Key: order-17' -d '{"amount":400}')"},
    {"412: only if nothing changed since version 1; but it did.", "wallets/alice/debits",
     R"( -H 'If-Match: "v1"' -d '{"amount":1}')"},
    {"402: more than she has.", "wallets/alice/debits", R"( -H 'Idempotency-Key: order-18' -d '{"amount":5000}')"},
    {"201: a hold: 500 of her 700 are set aside, 200 are available.", "wallets/alice/holds",
     R"( -H 'Idempotency-Key: hold-1' -d '{"hold":"h1","amount":500,"expires_in_s":900}')"},
    {"402: what is held can't be spent twice.", "wallets/alice/debits",
     R"( -H 'Idempotency-Key: order-19' -d '{"amount":300}')"},
    {"200: 450 of the hold are captured, the rest is released: 250 are left.", "wallets/alice/holds/h1/capture",
     R"( -H 'Idempotency-Key: capture-1' -d '{"amount":450}')"},
    {"200: what was answered to order 18, for a client that lost it.", "outcomes/order-18", ""},
    {"200: 100 go from her to bob: both wallets change in one record, or none does.", "transfers",
     R"( -H 'Idempotency-Key: gift-1' -d '{"from":"alice","to":"bob","amount":100}')"},
    {"409: a basket is bought whole or not at all: the third line is sold out, so nobody pays.", "transactions",
     R"( -d '{"commands":[{"wallet":"bob","debit":50},{"item":"ball","pick":1},{"item":"cap","pick":1}]}')"},
    {"201 once, 409 seven times: eight players race for the last of 17 seats, each pays from an own wallet.",
     "matches/thu/bookings", R"( -d '{"player":"p'$n'","pay":{"wallet":"p'$n'"}}')", "1 2 3 4 5 6 7 8"},
    {"200: 17 taken, 0 free; only the winner has paid.", "matches/thu", ""},
    {"202: the next one waits for a seat, and pays by card when there is one.", "matches/thu/waitlist",
     R"( -d '{"player":"late","pay":{"card":{"token":"tok_ok"}}}')"},
    {"200: somebody cancels and has the money back; the seat goes to the one who waits.", "matches/thu/bookings/early1",
     " -X DELETE"},
    {"202: an order paid by card: the ball is reserved while the gateway is asked.", "orders",
     R"( -d '{"order":"o1","lines":[{"item":"ball","quantity":2}],)"
     R"("pay":{"card":{"token":"tok_ok"},"amount":1500,"currency":"EUR"}}')"},
    {.expect = "200: confirmed, a moment later.",
     .path = "orders/o1",
     .more = "",
     .later = {R"("status":"confirmed")", 1}},
    {.expect = "200: what the built-in gateway has charged, once each.",
     .path = "test-gateway/charges",
     .more = "",
     .prefix = "",
     .later = {R"("amount":)", 2}},
    {"200 five times: five have paid on a provider's page for the one seat of friday, and its events come at once.",
     "webhooks/demo", " -H @{files}/event$n.header --data-binary @{files}/event$n.json", "1 2 3 4 5", ""},
    {.expect = "200: one is in.", .path = "matches/fri", .more = "", .later = {R"("taken":1,)", 1}},
    {.expect = "200: four are paid back, a moment later; nobody had to act.",
     .path = "refunds?status=succeeded",
     .more = "",
     .later = {R"("status":"succeeded")", 4}},
    {"200, 200 times: a betting provider makes 200 signed bets of one player at once.", "callbacks/demo/bet/make",
     " --data-binary @{files}/bet$n.json", "$(seq 200)", "", true},
    {"200: dave had 5000, and has staked 10 with each of them.", "wallets/dave", ""},
    {"200: what the bets named is there, the first to name it having made it.", "references/sport?limit=2", ""},
};

// Once the server was killed and started again.
constexpr Line lines_after_crash[] = {
    {"200: order 17 for the third time, of a server that was killed: the same bytes, nobody pays twice.",
     "wallets/alice/debits", R"( -H 'Idempotency-Key: order-17' -d '{"amount":300}')"},
    {"200: alice has 250, as before.", "wallets/alice", ""},
};

}  // namespace

std::span<const Line> demo_lines() { return lines; }

std::span<const Line> demo_lines_after_crash() { return lines_after_crash; }

std::string command_of(const Line& line, const std::string& url, const std::string& files) {
  std::string call(url);
  call.append(1, '/').append(line.prefix).append(line.path).append(line.more);
  constexpr std::string_view place = "{files}";
  for (auto at = call.find(place); at != std::string::npos; at = call.find(place))
    call.replace(at, place.size(), files);
  if (line.race.empty()) return "curl -siw '\\n' " + call;
  return "for n in " + std::string(line.race) + "; do curl -so /dev/null -w '%{http_code}\\n' " + call +
         (line.is_counted ? " & done | sort | uniq -c" : " & done; wait");
}

}  // namespace tote::cli
