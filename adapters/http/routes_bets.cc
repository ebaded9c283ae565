// Bets, what they name, and players' sessions (API.md, Callbacks of betting providers). Bets are made and settled
// through the providers' doors (adapters/sportsbook); here they are read.
#include "actors/bet/list.h"
#include "actors/reference/reference.h"
#include "actors/session/session.h"
#include "adapters/http/asked.h"
#include "adapters/http/decoder.h"
#include "adapters/http/lists.h"
#include "adapters/http/resources.h"
#include "adapters/http/serving.h"
#include "engine/kernel/name.h"

namespace tote::http {
namespace bets {
namespace {

constexpr std::int64_t limit_max = 1'000;

Answer append_absent(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view id) {
  Outcome absent;
  absent.code = Code::not_found;
  absent.kind = outcome.kind;
  absent.entity = id;
  return append_answer(out, absent, kinds);
}

// What was declined never became a bet.
Answer append_bet(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view) {
  if (is_success(outcome.code) && Bet::is_no_bet(outcome.answer))
    return append_absent(out, outcome, kinds, outcome.entity);
  return append_answer(out, outcome, kinds);
}

// A type that no bet has named yet has an empty list.
Answer append_references(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view) {
  if (outcome.code != Code::not_found) return append_page(out, outcome, kinds, {});
  out += R"({"references":[],"next":null})";
  return {};
}

Answer append_reference(std::string& out, const Outcome& outcome, const Kinds& kinds, std::string_view id) {
  if (outcome.code == Code::not_found || (is_success(outcome.code) && Reference::is_empty(outcome.answer)))
    return append_absent(out, outcome, kinds, id);
  return append_page(out, outcome, kinds, {});
}

bool read_id_of(Decoder& decoder, std::string_view name, std::string_view value, std::string& into) {
  if (percent_decode(value, into) && is_valid_id(into)) return true;
  return decoder.refuse(Problem(Code::invalid_id, "The query parameter " + std::string(name) + " must be an id."));
}

// What became a bet, or never can: what was declined and what operations are called is neither.
bool is_hidden(std::string_view answer) { return Bet::is_no_bet(answer); }

ScriptPtr find_bets(const ListAsk& ask, IdsAsk ids) {
  return bet::list({std::move(ids.after), std::move(ids.prefix), ask.player, ids.limit});
}

bool read_found(std::string_view answer, IdsPage& page, std::string& next) {
  bet::Ids found;
  if (!bet::read_ids(answer, found)) return false;
  page.ids = std::move(found.ids);
  next = std::move(found.next);
  return true;
}

bool read_bets(Decoder& decoder) {
  return read_list(decoder, "bets",
                   {{.kind = Bet::kind_id, .is_hidden = is_hidden, .index = find_bets, .read_index = read_found}},
                   {"open", "committed", "won", "lost", "refunded", "cashed_out", "discarded", "tombstoned"});
}

// The type, which is an entity; another than these is none.
bool read_type(Decoder& decoder) {
  decoder.out.request.kind = Reference::kind_id;
  if (!decoder.read_id(0, decoder.out.request.entity)) return false;
  if (Reference::is_type(decoder.out.request.entity)) return true;
  return decoder.refuse(Problem(problem::not_found, "Types are sport, category, tournament, event and competitor."));
}

bool read_references(Decoder& decoder) {
  Reference::Question question;
  auto limit = static_cast<std::int64_t>(question.limit);
  if (!read_type(decoder)) return false;
  const bool good = decoder.each_parameter([&](std::string_view name, std::string_view value) {
    if (name == "after") return read_id_of(decoder, name, value, question.after);
    return name == "limit" ? decoder.read_number(name, value, 1, limit_max, limit) : decoder.refuse_parameter(name);
  });
  question.limit = static_cast<std::size_t>(limit);
  decoder.ask(Command(std::move(question)));
  return good && decoder.read_state();
}

bool read_reference(Decoder& decoder) {
  Reference::Question question;
  if (!read_type(decoder) || !decoder.read_id(1, question.one) || !decoder.check_query()) return false;
  decoder.out.argument = question.one;
  decoder.ask(Command(std::move(question)));
  return decoder.read_state();
}

void read_session(Reading& reading) {
  reading.request.entity = reading.body.id("session");
  Session::Open open;
  read_members(reading.body, open);
  reading.request.command = Command(Session::Command(std::move(open)));
}

void read_end(Reading& reading) { reading.request.command = Command(Session::Command(Session::End{})); }

constexpr auto rows = table_of({
    {.method = Method::get, .pattern = "/v1/bets", .read = read_bets, .serving = &by_list, .document = R"json({
      "operationId": "listBets", "tags": ["bets"], "summary": "Bets, page by page",
      "description": "In the order of their ids. With a filter a page may be short, or empty, and isn't the last while `next` isn't null.",
      "parameters": [{"$ref": "#/components/parameters/bet_player"}, {"$ref": "#/components/parameters/bet_status"},
        {"$ref": "#/components/parameters/after_id"}, {"$ref": "#/components/parameters/limit"}, {"$ref": "#/components/parameters/prefix"}],
      "x-kind": "lookup", "x-codes": ["invalid_id"],
      "x-success": {"200": {"description": "One page", "schema": "Bets", "example": {"bets": [], "next": null, "as_of_lsn": 17}}},
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/bets?status=unknown"},
        {"code": "invalid_id", "method": "GET", "path": "/v1/bets?player=%20"}]
    })json"},
    {.method = Method::get, .pattern = "/v1/bets/{id}", .kind = Bet::kind_id, .append = append_bet, .document = R"json({
      "operationId": "readBet", "tags": ["bets"], "summary": "Read a bet",
      "description": "Its id is the provider's name and the provider's id of the make: acme:12345. Amounts are minor units, whatever the provider's are.",
      "parameters": [{"$ref": "#/components/parameters/bet"}],
      "x-kind": "read", "x-codes": ["not_found"], "x-example": "refused",
      "x-success": {"200": {"description": "The bet", "schema": "Bet", "example":
        {"id": "acme:12345", "provider": "acme", "player": "p1", "wallet": "p1", "status": "won", "stake": 300,
         "payout": 500, "currency": "EUR", "version": 2, "lsn": 9, "selections": [{"event_id": "e1", "odds": "1.5", "live": 0}],
         "operations": [{"id": "acme:12345:1", "transaction": "12345", "operation": "bet", "amount": 300, "lsn": 8,
          "time": "2026-01-02T03:04:05.678Z"}]}}},
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/bets/acme:none"}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/references/{type}",
     .read = read_references,
     .append = append_references,
     .document = R"json({
      "operationId": "listReferences", "tags": ["bets"], "summary": "What bets named, page by page",
      "parameters": [{"$ref": "#/components/parameters/reference_type"}, {"$ref": "#/components/parameters/after_id"},
        {"$ref": "#/components/parameters/limit"}],
      "x-kind": "lookup", "x-version": "answered", "x-codes": ["not_found"],
      "x-success": {"200": {"description": "One page, in the order of their ids", "schema": "References", "example":
        {"references": [], "next": null}}},
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/references/planets"}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/references/{type}/{id}",
     .read = read_reference,
     .append = append_reference,
     .document = R"json({
      "operationId": "readReference", "tags": ["bets"], "summary": "Something that bets named",
      "parameters": [{"$ref": "#/components/parameters/reference_type"}, {"$ref": "#/components/parameters/reference"}],
      "x-kind": "lookup", "x-version": "answered", "x-codes": ["not_found"], "x-example": "refused",
      "x-success": {"200": {"description": "Its name, once a bet said it", "schema": "NamedReference", "example":
        {"type": "sport", "id": "1", "name": "Soccer", "first_seen": "2026-01-02T03:04:05.678Z", "version": 1}}},
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/references/sport/none"}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/sessions",
     .kind = Session::kind_id,
     .command = read_session,
     .document = R"json({
      "operationId": "openSession", "tags": ["bets"], "summary": "Open a player's session",
      "description": "Providers whose settings say so (`sessions = true`) take a player's bets only in an open session of that player. Ids are used once.",
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/NewSession"}, "example": {"session": "s1", "player": "p1", "expires_in_s": 3600}}}},
      "x-kind": "command", "x-version": "answered", "x-codes": ["already_exists", "session_ended"],
      "x-success": {
        "201": {"description": "The session is open", "schema": "Session", "example":
          {"id": "s1", "status": "open", "player": "p1", "wallet": "", "expires_at": "2026-01-02T03:04:05.678Z", "version": 1, "lsn": 1}},
        "200": {"description": "It is open already, of that player", "schema": "Session", "example":
          {"id": "s1", "status": "open", "player": "p1", "wallet": "", "expires_at": "2026-01-02T03:04:05.678Z", "version": 1, "lsn": 1}}},
      "x-provoke": [{"code": "already_exists", "before": [
          {"method": "POST", "path": "/v1/sessions", "body": {"session": "s1", "player": "p1"}}],
         "method": "POST", "path": "/v1/sessions", "body": {"session": "s1", "player": "p2"}},
        {"code": "session_ended", "before": [
          {"method": "POST", "path": "/v1/sessions", "body": {"session": "s1", "player": "p1"}},
          {"method": "DELETE", "path": "/v1/sessions/s1"}],
         "method": "POST", "path": "/v1/sessions", "body": {"session": "s1", "player": "p1"}}]
    })json"},
    {.method = Method::get, .pattern = "/v1/sessions/{id}", .kind = Session::kind_id, .document = R"json({
      "operationId": "readSession", "tags": ["bets"], "summary": "Read a session",
      "parameters": [{"$ref": "#/components/parameters/session"}],
      "x-kind": "read", "x-codes": ["not_found"],
      "x-success": {"200": {"description": "The session", "schema": "Session", "example":
        {"id": "s1", "status": "open", "player": "p1", "wallet": "", "expires_at": "2026-01-02T03:04:05.678Z", "version": 1, "lsn": 1}}},
      "x-before": [{"method": "POST", "path": "/v1/sessions", "body": {"session": "s1", "player": "p1"}}],
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/sessions/none"}]
    })json"},
    {.method = Method::delete_,
     .pattern = "/v1/sessions/{id}",
     .kind = Session::kind_id,
     .command = read_end,
     .body = Body::none,
     .document = R"json({
      "operationId": "endSession", "tags": ["bets"], "summary": "End a session",
      "description": "Bets that were made in it are settled as before.",
      "parameters": [{"$ref": "#/components/parameters/session"}],
      "x-kind": "change", "x-codes": ["not_found"],
      "x-success": {"200": {"description": "It has ended", "schema": "Session", "example":
        {"id": "s1", "status": "ended", "player": "p1", "wallet": "", "expires_at": "2026-01-02T03:04:05.678Z", "version": 2, "lsn": 2}}},
      "x-before": [{"method": "POST", "path": "/v1/sessions", "body": {"session": "s1", "player": "p1"}}],
      "x-provoke": [{"code": "not_found", "method": "DELETE", "path": "/v1/sessions/none"}]
    })json"},
});

}  // namespace
}  // namespace bets

std::span<const Route> bet_routes() { return bets::rows; }

}  // namespace tote::http
