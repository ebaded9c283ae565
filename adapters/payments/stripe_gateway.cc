#include "adapters/payments/stripe_gateway.h"

#include <algorithm>
#include <boost/json.hpp>

#include "adapters/payments/stripe_wire.h"
#include "engine/kernel/bounded.h"

namespace tote::payments {

using payment::Result;
using payment::Status;

namespace {

namespace json = boost::json;

constexpr std::size_t error_bytes_max = 300;
constexpr int keys_max = 8;  // of one refund, when the provider only repeats its own failure

std::string text_at(const json::object& from, std::string_view name) {
  const json::value* value = from.if_contains({name.data(), name.size()});
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

// What an answer says; empty texts where it doesn't.
struct Said {
  std::string id{}, status{}, error_code{}, error{};
};
Said read(const std::string& body) {
  boost::system::error_code error;
  const json::value parsed = json::parse({body.data(), body.size()}, error);
  if (error || !parsed.is_object()) return {};
  const json::object& object = parsed.get_object();
  Said said{text_at(object, "id"), text_at(object, "status"), {}, {}};
  const json::value* refusal = object.if_contains("error");
  if (refusal == nullptr || !refusal->is_object()) return said;
  said.error_code = text_at(refusal->get_object(), "code");
  if (said.error_code.empty()) said.error_code = text_at(refusal->get_object(), "type");
  said.error = text_at(refusal->get_object(), "message");
  return said;
}

std::string sentence(const WireAnswer& answer, const Said& said) {
  if (answer.status == 0) return answer.error;
  std::string text = "HTTP " + std::to_string(answer.status);
  if (!said.error_code.empty()) text += ", " + said.error_code;
  if (!said.error.empty()) text += ": " + said.error;
  return bounded(std::move(text), error_bytes_max);
}

// It may have happened or not; or an operator can still make it possible (401, 403: the key).
bool is_indefinite(long status) {
  return status == 0 || status == 401 || status == 403 || status == 408 || status == 409 || status == 429 ||
         status >= 500 || (status >= 200 && status < 300) || (status >= 300 && status < 400);
}

Result charged(const Said& said) {
  if (said.status == "succeeded") return {Status::succeeded, said.id, {}};
  if (said.status == "processing") return {Status::unreachable, said.id, "it is being processed"};
  return {Status::declined, said.id, "the card's bank wants more of the customer: " + said.status};
}

Status refusal_of_refund(const std::string& code) {
  if (code == "balance_insufficient" || code == "insufficient_funds") return Status::balance_insufficient;
  if (code == "charge_already_refunded") return Status::already_refunded;
  return code == "charge_disputed" ? Status::disputed : Status::failed;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool is_loopback(std::string_view rest) {
  for (const std::string_view host : {"127.0.0.1", "localhost", "[::1]"})
    if (rest.starts_with(host) && (rest.size() == host.size() || rest[host.size()] == ':')) return true;
  return false;
}

}  // namespace

std::string problem_of(const StripeOptions& options) {
  const std::string_view url = options.url;
  const bool is_plain = url.starts_with("http://");
  if (!is_plain && !url.starts_with("https://")) return "url: must begin with https://";
  const std::string_view rest = url.substr(is_plain ? 7 : 8);
  if (is_plain && !is_loopback(rest)) return "url: may be http:// on loopback only";
  if (rest.empty() || rest.find_first_of("/?#@ ") != std::string_view::npos)
    return "url: must be a scheme and a host, such as https://api.stripe.com";
  const auto is_visible = [](char c) { return c > ' ' && c <= '~'; };
  if (options.key.empty() || !std::ranges::all_of(options.key, is_visible))
    return "key_file: must hold a key of visible ASCII characters";
  if (!std::ranges::all_of(options.api_version, is_visible)) return "api_version: must be visible ASCII characters";
  if (options.timeout_ms < 100 || options.timeout_ms > 120'000) return "timeout_ms: must be 100 to 120000";
  return {};
}

StripeGateway::StripeGateway(StripeOptions options) : wire_(std::make_unique<Wire>(std::move(options))) {}
StripeGateway::~StripeGateway() = default;
void StripeGateway::stop() { wire_->is_stopped = true; }

Result StripeGateway::charge(const payment::Charge& charge) {
  const Form form{{"amount", std::to_string(charge.amount.minor)},
                  {"currency", lower(charge.currency.text())},
                  {"payment_method", charge.token},
                  {"confirm", "true"},
                  {"off_session", "true"},
                  {"metadata[tote_key]", charge.key}};
  WireAnswer answer = wire_->call("/v1/payment_intents", form, charge.key);
  Said said = read(answer.body);
  if (answer.status == 200 && said.status == "processing" && !said.id.empty()) {
    // The key only repeats that: how it ended is asked for.
    answer = wire_->call("/v1/payment_intents/" + said.id, {}, {});
    said = read(answer.body);
  }
  if (answer.status == 200 && !said.id.empty()) return charged(said);
  if (is_indefinite(answer.status)) return {Status::unreachable, {}, sentence(answer, said)};
  return {answer.status == 402 ? Status::declined : Status::failed, {}, sentence(answer, said)};
}

Result StripeGateway::refund(const payment::Refund& refund) {
  const Form form{{refund.charge.starts_with("pi_") ? "payment_intent" : "charge", refund.charge},
                  {"amount", std::to_string(refund.amount.minor)},
                  {"metadata[tote_key]", refund.key}};
  WireAnswer answer;
  Said said;
  for (int i = 1; i <= keys_max; ++i) {
    answer = wire_->call("/v1/refunds", form, i == 1 ? refund.key : refund.key + '.' + std::to_string(i));
    said = read(answer.body);
    if (answer.status < 500 || !answer.is_replayed || refund.is_part) break;
  }
  if (answer.status == 200 && !said.id.empty()) {
    const bool has_failed = said.status == "failed" || said.status == "canceled";
    return has_failed ? Result{Status::failed, said.id, "the refund has " + said.status}
                      : Result{Status::succeeded, said.id, {}};
  }
  const Status refusal = refusal_of_refund(said.error_code);
  if (answer.status >= 400 && answer.status < 500 && refusal != Status::failed)
    return {refusal, {}, sentence(answer, said)};
  return {is_indefinite(answer.status) ? Status::unreachable : Status::failed, {}, sentence(answer, said)};
}

}  // namespace tote::payments
