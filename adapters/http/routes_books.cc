// The books (API.md, Lists, corrections, roles): how much money was made and destroyed, and how much there is.
#include "adapters/http/decoder.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/resources.h"
#include "engine/kernel/money_books.h"
#include "engine/kernel/state_bytes.h"
#include "engine/kernel/sum.h"

namespace tote::http {
namespace books {
namespace {

bool read_books(Decoder& decoder) {
  decoder.out.request.kind = MoneyBooks::kind_id;
  decoder.out.request.entity = MoneyBooks::id;
  return decoder.check_query() && decoder.read_state();
}

Answer append_books(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view) {
  MoneyBooks::State books;
  if (!is_success(outcome.code) || !decode_state(outcome.answer, books)) return append_answer(out, outcome, kinds);
  out += "{\"books\":[";
  for (const MoneyBooks::Line& line : books.lines) {
    append_string(out += &line == &books.lines.front() ? "{\"currency\":" : ",{\"currency\":", line.unit);
    out += ",\"issued\":" + text_of(line.issued.sum()) + ",\"destroyed\":" + text_of(line.destroyed.sum());
    out += ",\"balances\":" + text_of(line.balances.sum()) + ",\"held\":" + text_of(line.held.sum()) + '}';
  }
  append_unsigned(out += "],\"as_of_lsn\":", outcome.lsn.value);
  out += '}';
  return {};
}

constexpr auto rows = table_of({
    {.method = Method::get, .pattern = "/v1/books", .read = read_books, .append = append_books, .document = R"json({
      "operationId": "readBooks", "tags": ["wallets"], "summary": "How much money there is, and where it came from",
      "description": "By currency, over all wallets: issued - destroyed = balances, which includes what is held. Credits and debits make and destroy money; so do payments without a payee, cards with one, and bets. A transaction makes or destroys what is left between its parts.",
      "x-kind": "lookup",
      "x-success": {"200": {"description": "The books", "schema": "Books", "example":
        {"books": [{"currency": "EUR", "issued": 1000, "destroyed": 300, "balances": 700, "held": 0}], "as_of_lsn": 17}}}
    })json"},
});

}  // namespace
}  // namespace books

std::span<const Route> book_routes() { return books::rows; }

}  // namespace tote::http
