// Wallets (API.md, Wallets).
#include "actors/wallet/capture.h"
#include "actors/wallet/wallet.h"
#include "adapters/http/asked.h"
#include "adapters/http/decoder.h"
#include "adapters/http/lists.h"
#include "adapters/http/payee.h"
#include "adapters/http/resources.h"
#include "adapters/http/serving.h"

namespace tote::http {
namespace wallets {
namespace {

// A wallet that may go below zero is money from nowhere.
void read_open(Reading& reading) {
  if (reading.body.has("overdraft_limit")) reading.needs = Role::issuer;
  read_command<Wallet, Wallet::Open>(reading);
}

void read_status(Reading& reading) {
  Wallet::SetStatus set{Wallet::Status::unset};
  const std::string_view said = reading.body.text("status");
  for (const auto status : {Wallet::Status::open, Wallet::Status::frozen, Wallet::Status::closed})
    if (said == name_of(status)) set.status = status;
  if (set.status == Wallet::Status::unset) reading.body.refuse("status", "must be open, frozen or closed");
  if (reading.body.has("reason")) set.reason = reading.body.words("reason", Wallet::reason_bytes_max);
  reading.request.command = Command(Wallet::Command(std::move(set)));
}

void read_capture(Reading& reading) {
  Wallet::Capture capture{std::move(reading.second), {}};
  read_members<&Wallet::Capture::hold>(reading.body, capture);
  Payee payee = read_payee(reading.body, capture.amount);
  reading.request.command = payee.exists() ? capture_for(reading.first, std::move(capture), std::move(payee))
                                           : Command(Wallet::Command(std::move(capture)));
}

std::string capture_schema() {
  std::string schema = body_schema<Wallet::Capture, &Wallet::Capture::hold>();
  schema.resize(schema.size() - 2);  // of the properties and the object
  return schema + R"(,"payee":{"$ref":"#/components/schemas/Payee"},"fee":{"$ref":"#/components/schemas/Fee"}}})";
}

bool read_wallets(Decoder& decoder) {
  return read_list(decoder, "wallets", {{Wallet::kind_id}}, {"open", "frozen", "closed"});
}

bool read_holds(Decoder& decoder) {
  Wallet::Question question;
  decoder.out.request.kind = Wallet::kind_id;
  if (!decoder.read_id(0, decoder.out.request.entity)) return false;
  auto limit = static_cast<std::int64_t>(question.limit);
  const bool good = decoder.each_parameter([&](std::string_view name, std::string_view value) {
    if (name == "limit") return decoder.read_number(name, value, 1, Wallet::holds_page_max, limit);
    if (name == "after")
      return percent_decode(value, question.after) && (is_valid_id(question.after) || is_own_name(question.after))
                 ? true
                 : decoder.refuse(Problem(Code::invalid_id, "The query parameter after must be a hold."));
    if (name != "status") return decoder.refuse_parameter(name);
    for (const auto status : {Wallet::HoldStatus::open, Wallet::HoldStatus::captured, Wallet::HoldStatus::released,
                              Wallet::HoldStatus::expired})
      if (name_of(status) == value) question.status = status;
    return question.status.has_value() ||
           decoder.refuse(Problem(Code::invalid_request, "status must be open, captured, released or expired."));
  });
  question.limit = static_cast<std::size_t>(limit);
  decoder.ask(Command(std::move(question)));
  return good && decoder.read_state();
}

constexpr auto rows = table_of({
    {.method = Method::get, .pattern = "/v1/wallets", .read = read_wallets, .serving = &by_list, .document = R"json({
      "operationId": "listWallets", "tags": ["wallets"], "summary": "Wallets, page by page",
      "description": "In the order of their ids, complete as of `as_of_lsn`; each is shown as it is when the page is made. With a `status` a page may be short, or empty, and isn't the last while `next` isn't null. `next` is `after` of the next page; null: there is none.",
      "parameters": [{"$ref": "#/components/parameters/wallet_status"}, {"$ref": "#/components/parameters/after_id"}, {"$ref": "#/components/parameters/prefix"},
        {"$ref": "#/components/parameters/limit"}],
      "x-kind": "lookup", "x-codes": ["invalid_id"],
      "x-success": {"200": {"description": "One page", "schema": "Wallets", "example":
        {"wallets": [], "next": null, "as_of_lsn": 17}}},
      "x-provoke": [{"code": "invalid_request", "method": "GET", "path": "/v1/wallets?limit=0"},
        {"code": "invalid_id", "method": "GET", "path": "/v1/wallets?prefix=%20"}]
    })json"},
    {.method = Method::put,
     .pattern = "/v1/wallets/{id}",
     .kind = Wallet::kind_id,
     .command = read_open,
     .body_schema = body_schema<Wallet::Open>,
     .document = R"json({
      "operationId": "openWallet", "tags": ["wallets"], "summary": "Open a wallet",
      "description": "201 when it is new; 200 when it exists with the same settings; else 409 already_exists.",
      "parameters": [{"$ref": "#/components/parameters/wallet"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/OpenWallet"}, "example": {"currency": "EUR"}}}},
      "x-kind": "change", "x-codes": ["already_exists"],
      "x-success": {
        "201": {"description": "The wallet is new", "schema": "Wallet", "example":
          {"id": "alice", "currency": "EUR", "balance": 0, "held": 0, "available": 0, "version": 1, "lsn": 1}},
        "200": {"description": "It exists with the same settings", "schema": "Wallet", "example":
          {"id": "alice", "currency": "EUR", "balance": 800, "held": 0, "available": 800, "version": 2, "lsn": 17}}},
      "x-provoke": [
        {"code": "already_exists", "before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
         "method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "USD"}},
        {"code": "invalid_request", "method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "euro"}},
        {"code": "invalid_id", "method": "PUT", "path": "/v1/wallets/al%20ice", "body": {"currency": "EUR"}}]
    })json"},
    {.method = Method::get, .pattern = "/v1/wallets/{id}", .kind = Wallet::kind_id, .document = R"json({
      "operationId": "readWallet", "tags": ["wallets"], "summary": "Read a wallet",
      "description": "Never shows a state that a crash could still undo.",
      "parameters": [{"$ref": "#/components/parameters/wallet"}],
      "x-kind": "read", "x-codes": ["not_found"],
      "x-success": {"200": {"description": "The wallet", "schema": "Wallet", "example":
        {"id": "alice", "currency": "EUR", "balance": 1000, "held": 200, "available": 800, "version": 3, "lsn": 17}}},
      "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/wallets/nobody"},
        {"code": "deadline_exceeded", "method": "GET", "path": "/v1/wallets/alice",
         "headers": {"Tote-Min-Lsn": "1000000", "Tote-Deadline-Ms": "50"}}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/wallets/{id}/credits",
     .kind = Wallet::kind_id,
     .command = read_command<Wallet, Wallet::Credit>,
     .body_schema = body_schema<Wallet::Credit>,
     .role = Role::issuer,
     .document = R"json({
      "operationId": "creditWallet", "tags": ["wallets"], "summary": "Add money",
      "parameters": [{"$ref": "#/components/parameters/wallet"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/Change"}, "example": {"amount": 1000, "reference": "topup-1"}}}},
      "x-kind": "change", "x-codes": ["not_found", "balance_limit", "wallet_closed"],
      "x-success": {"200": {"description": "The wallet with the money", "schema": "Wallet", "example":
        {"id": "alice", "currency": "EUR", "balance": 1000, "held": 0, "available": 1000, "version": 2, "lsn": 2}}},
      "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
      "x-provoke": [
        {"code": "not_found", "method": "POST", "path": "/v1/wallets/nobody/credits", "body": {"amount": 1}},
        {"code": "balance_limit", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
          {"method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 1000000000000000}, "repeat": 9}],
         "method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 1}},
        {"code": "wallet_closed", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
          {"method": "PUT", "path": "/v1/wallets/alice/status", "body": {"status": "closed"}}],
         "method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 1}},
        {"code": "idempotency_key_reused", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
          {"method": "POST", "path": "/v1/wallets/alice/credits", "headers": {"Idempotency-Key": "k1"}, "body": {"amount": 1}}],
         "method": "POST", "path": "/v1/wallets/alice/credits", "headers": {"Idempotency-Key": "k1"}, "body": {"amount": 2}},
        {"code": "version_mismatch", "before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
         "method": "POST", "path": "/v1/wallets/alice/credits", "headers": {"If-Match": "\"v7\""}, "body": {"amount": 1}},
        {"code": "idempotency_key_invalid", "method": "POST", "path": "/v1/wallets/alice/credits",
         "headers": {"Idempotency-Key": "two words"}, "body": {"amount": 1}}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/wallets/{id}/debits",
     .kind = Wallet::kind_id,
     .command = read_command<Wallet, Wallet::Debit>,
     .body_schema = body_schema<Wallet::Debit>,
     .role = Role::issuer,
     .document = R"json({
      "operationId": "debitWallet", "tags": ["wallets"], "summary": "Take money",
      "description": "Never more than is available: balance plus overdraft limit minus what is held.",
      "parameters": [{"$ref": "#/components/parameters/wallet"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/Change"}, "example": {"amount": 300, "reference": "order-17"}}}},
      "x-kind": "change", "x-codes": ["insufficient_funds", "not_found", "wallet_frozen", "wallet_closed"],
      "x-success": {"200": {"description": "The wallet without the money", "schema": "Wallet", "example":
        {"id": "alice", "currency": "EUR", "balance": 700, "held": 0, "available": 700, "version": 3, "lsn": 3}}},
      "x-before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
        {"method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 1000}}],
      "x-provoke": [
        {"code": "insufficient_funds", "before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
         "method": "POST", "path": "/v1/wallets/alice/debits", "body": {"amount": 5}},
        {"code": "wallet_frozen", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
          {"method": "PUT", "path": "/v1/wallets/alice/status", "body": {"status": "frozen"}}],
         "method": "POST", "path": "/v1/wallets/alice/debits", "body": {"amount": 5}},
        {"code": "not_found", "method": "POST", "path": "/v1/wallets/nobody/debits", "body": {"amount": 5}}]
    })json"},
    {.method = Method::put,
     .pattern = "/v1/wallets/{id}/status",
     .kind = Wallet::kind_id,
     .command = read_status,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "setWalletStatus", "tags": ["wallets"], "summary": "Freeze, close or open a wallet",
      "description": "A frozen wallet refuses debits, holds and bookings, and takes credits, reversals, captures and releases. A closed one, which must have no money, no holds and no debt, refuses all.",
      "parameters": [{"$ref": "#/components/parameters/wallet"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/NewStatus"}, "example": {"status": "frozen", "reason": "asked by the player"}}}},
      "x-kind": "change", "x-codes": ["not_found", "wallet_not_empty"],
      "x-success": {"200": {"description": "The wallet with its status", "schema": "Wallet", "example":
        {"id": "alice", "currency": "EUR", "balance": 700, "held": 0, "available": 700, "status": "frozen",
         "reason": "asked by the player", "version": 3, "lsn": 3}}},
      "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
      "x-provoke": [
        {"code": "not_found", "method": "PUT", "path": "/v1/wallets/nobody/status", "body": {"status": "frozen"}},
        {"code": "invalid_request", "method": "PUT", "path": "/v1/wallets/alice/status", "body": {"status": "lost"}},
        {"code": "wallet_not_empty", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
          {"method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 5}}],
         "method": "PUT", "path": "/v1/wallets/alice/status", "body": {"status": "closed"}}]
    })json"},
    {.method = Method::patch,
     .pattern = "/v1/wallets/{id}",
     .kind = Wallet::kind_id,
     .command = read_command<Wallet, Wallet::SetOverdraft>,
     .body_schema = body_schema<Wallet::SetOverdraft>,
     .role = Role::issuer,
     .document = R"json({
      "operationId": "changeWallet", "tags": ["wallets"], "summary": "Change a wallet's overdraft",
      "description": "A lower limit must cover what is used of it, else 402 with what is `available` to be taken off.",
      "parameters": [{"$ref": "#/components/parameters/wallet"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/WalletChange"}, "example": {"overdraft_limit": 500}}}},
      "x-kind": "change", "x-codes": ["not_found", "insufficient_funds", "wallet_closed"],
      "x-success": {"200": {"description": "The wallet with its limit", "schema": "Wallet", "example":
        {"id": "alice", "currency": "EUR", "balance": 700, "held": 0, "available": 1200, "overdraft_limit": 500,
         "version": 3, "lsn": 3}}},
      "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
      "x-provoke": [
        {"code": "not_found", "method": "PATCH", "path": "/v1/wallets/nobody", "body": {"overdraft_limit": 5}},
        {"code": "invalid_request", "method": "PATCH", "path": "/v1/wallets/alice", "body": {}},
        {"code": "insufficient_funds", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
          {"method": "POST", "path": "/v1/wallets/alice/debits", "body": {"amount": 8}}],
         "method": "PATCH", "path": "/v1/wallets/alice", "body": {"overdraft_limit": 5}}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/wallets/{id}/holds",
     .kind = Wallet::kind_id,
     .command = read_command<Wallet, Wallet::Hold>,
     .body_schema = body_schema<Wallet::Hold>,
     .document = R"json({
      "operationId": "holdMoney", "tags": ["wallets"], "summary": "Hold money for later",
      "description": "Held money isn't available to anybody else until it is captured, released, or the hold expires.",
      "parameters": [{"$ref": "#/components/parameters/wallet"}],
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/NewHold"}, "example": {"hold": "h1", "amount": 500, "expires_in_s": 900}}}},
      "x-kind": "change", "x-codes": ["insufficient_funds", "not_found", "hold_exists", "too_many_holds", "wallet_frozen", "wallet_closed"],
      "x-success": {"201": {"description": "The wallet and its new hold", "schema": "WalletWithHold", "example":
        {"id": "alice", "currency": "EUR", "balance": 1000, "held": 500, "available": 500, "version": 3, "lsn": 3,
         "hold": {"id": "h1", "amount": 500, "expires_at": "2026-01-02T03:04:05.123Z", "status": "open"}}}},
      "x-before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
        {"method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 1000}}],
      "x-provoke": [
        {"code": "insufficient_funds", "before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
         "method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 5}},
        {"code": "hold_exists", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
          {"method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 5}}],
         "method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 5}},
        {"code": "not_found", "method": "POST", "path": "/v1/wallets/nobody/holds", "body": {"hold": "h1", "amount": 5}},
        {"code": "invalid_id", "method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h 1", "amount": 5}}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/wallets/{id}/holds",
     .kind = Wallet::kind_id,
     .read = read_holds,
     .append = append_page,
     .document = R"json({
      "operationId": "readHolds", "tags": ["wallets"], "summary": "Holds of a wallet, page by page",
      "description": "In the order of their ids; of those that are closed the newest 1000 are remembered.",
      "parameters": [{"$ref": "#/components/parameters/wallet"}, {"$ref": "#/components/parameters/hold_status"},
        {"$ref": "#/components/parameters/after_id"}, {"$ref": "#/components/parameters/limit"}],
      "x-kind": "read", "x-codes": ["not_found"],
      "x-success": {"200": {"description": "One page", "schema": "Holds", "example":
        {"holds": [{"id": "h1", "amount": 500, "expires_at": "2026-01-02T03:04:05.123Z", "status": "open"}],
         "next": null}}},
      "x-before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
        {"method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 5}}],
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/wallets/nobody/holds"},
        {"code": "invalid_request", "method": "GET", "path": "/v1/wallets/alice/holds?status=lost"}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/wallets/{id}/holds/{hold}/capture",
     .kind = Wallet::kind_id,
     .command = read_capture,
     .body_schema = capture_schema,
     .body = Body::optional,
     .document = R"json({
      "operationId": "captureHold", "tags": ["wallets"], "summary": "Take held money",
      "description": "All of it, or `amount` of it; the rest is released. It goes to the wallet of `payee`, less the `fee`, which goes to another; without a payee it leaves the books. An empty body means {}.",
      "parameters": [{"$ref": "#/components/parameters/wallet"}, {"$ref": "#/components/parameters/hold"}],
      "requestBody": {"required": false, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/Capture"}, "example": {"amount": 300}}}},
      "x-kind": "change", "x-codes": ["not_found", "hold_not_found", "hold_closed", "capture_exceeds_hold", "wallet_closed", "currency_mismatch", "balance_limit"],
      "x-success": {"200": {"description": "The wallet and the closed hold", "schema": "WalletWithHold", "example":
        {"id": "alice", "currency": "EUR", "balance": 700, "held": 0, "available": 700, "version": 4, "lsn": 4,
         "hold": {"id": "h1", "amount": 500, "captured": 300, "expires_at": "2026-01-02T03:04:05.123Z", "status": "captured"}}}},
      "x-before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
        {"method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 1000}},
        {"method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 500}}],
      "x-provoke": [
        {"code": "not_found", "method": "POST", "path": "/v1/wallets/nobody/holds/h1/capture", "body": {}},
        {"code": "hold_not_found", "before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
         "method": "POST", "path": "/v1/wallets/alice/holds/h9/capture", "body": {}},
        {"code": "hold_closed", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
          {"method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 5}},
          {"method": "POST", "path": "/v1/wallets/alice/holds/h1/release", "body": {}}],
         "method": "POST", "path": "/v1/wallets/alice/holds/h1/capture", "body": {}},
        {"code": "capture_exceeds_hold", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
          {"method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 5}}],
         "method": "POST", "path": "/v1/wallets/alice/holds/h1/capture", "body": {"amount": 6}}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/wallets/{id}/holds/{hold}/release",
     .kind = Wallet::kind_id,
     .command = read_command<Wallet, Wallet::Release, &Wallet::Release::hold>,
     .body = Body::optional,
     .document = R"json({
      "operationId": "releaseHold", "tags": ["wallets"], "summary": "Give held money back",
      "description": "An empty body means {}.",
      "parameters": [{"$ref": "#/components/parameters/wallet"}, {"$ref": "#/components/parameters/hold"}],
      "requestBody": {"required": false, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/Nothing"}, "example": {}}}},
      "x-kind": "change", "x-codes": ["not_found", "hold_not_found", "hold_closed", "wallet_closed"],
      "x-success": {"200": {"description": "The wallet and the closed hold", "schema": "WalletWithHold", "example":
        {"id": "alice", "currency": "EUR", "balance": 1000, "held": 0, "available": 1000, "version": 4, "lsn": 4,
         "hold": {"id": "h1", "amount": 500, "expires_at": "2026-01-02T03:04:05.123Z", "status": "released"}}}},
      "x-before": [
        {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}},
        {"method": "POST", "path": "/v1/wallets/alice/credits", "body": {"amount": 1000}},
        {"method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 500}}],
      "x-provoke": [
        {"code": "not_found", "method": "POST", "path": "/v1/wallets/nobody/holds/h1/release", "body": {}},
        {"code": "hold_not_found", "before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
         "method": "POST", "path": "/v1/wallets/alice/holds/h9/release", "body": {}},
        {"code": "hold_closed", "before": [
          {"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR", "overdraft_limit": 10}},
          {"method": "POST", "path": "/v1/wallets/alice/holds", "body": {"hold": "h1", "amount": 5}},
          {"method": "POST", "path": "/v1/wallets/alice/holds/h1/release", "body": {}}],
         "method": "POST", "path": "/v1/wallets/alice/holds/h1/release", "body": {}}]
    })json"},
    {.method = Method::get,
     .pattern = "/v1/wallets/{id}/history",
     .kind = Wallet::kind_id,
     .read = read_history,
     .serving = &by_history,
     .document = R"json({
      "operationId": "readWalletHistory", "tags": ["wallets"], "summary": "How the wallet came to be",
      "description": "Each event with the balance after it, the key of the request that caused it, and what else the same transaction changed (`with`).",
      "parameters": [{"$ref": "#/components/parameters/wallet"}, {"$ref": "#/components/parameters/after_version"},
        {"$ref": "#/components/parameters/limit"}],
      "x-kind": "lookup", "x-codes": ["not_found", "invalid_id"],
      "x-success": {"200": {"description": "Its events, oldest first", "schema": "History", "example":
        {"entries": [{"version": 2, "lsn": 2, "time": "2026-01-02T03:04:05.678Z", "event": "credited", "amount": 5,
          "balance": 5, "held": 0, "available": 5, "key": "topup-1"}], "next": 2}}},
      "x-before": [{"method": "PUT", "path": "/v1/wallets/alice", "body": {"currency": "EUR"}}],
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/wallets/nobody/history"},
        {"code": "invalid_request", "method": "GET", "path": "/v1/wallets/alice/history?limit=0"}]
    })json"},
});

}  // namespace
}  // namespace wallets

std::span<const Route> wallet_routes() { return wallets::rows; }

}  // namespace tote::http
