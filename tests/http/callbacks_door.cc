#include "tests/http/callbacks_door.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <boost/json.hpp>

#include "actors/wallet/wallet.h"
#include "adapters/server/response.h"

namespace tests::http {

using namespace tote;
using namespace tote::server;
namespace json = boost::json;

std::string CallbacksDoor::sign(std::string_view secret, std::string_view body) {
  unsigned char digest[32];
  unsigned size = sizeof digest;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest, &size);
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

std::unique_ptr<Exchange> CallbacksDoor::make_exchange() { return std::make_unique<Exchange>(); }

// Whose it is only the body tells; who sends no signature needn't send that.
Handler::Admission CallbacksDoor::admit(const Message& message, Exchange&, std::unique_ptr<Owner>&) {
  return message.headers.other("Signature") ? Admission::admitted : Admission::cut_off;
}

bool CallbacksDoor::take(Message& message, Exchange& exchange, Sink& sink, std::uint64_t tag, std::string& out) {
  const std::string expected = sign(secret_, message.body);
  const std::string_view given = *message.headers.other("Signature");
  if (given.size() != expected.size() || CRYPTO_memcmp(given.data(), expected.data(), expected.size()) != 0)
    return say(exchange, 400, "bad_signature", "The body isn't what was signed.", out), true;
  boost::system::error_code error;
  const json::value body = json::parse(message.body, error);
  if (error || !message.target.ends_with("/deposits"))
    return say(exchange, 400, "bad_request", "That can't be understood.", out), true;
  Request credit =
      request<Wallet>(std::string(body.at("wallet").as_string()), Wallet::Credit{{body.at("amount").as_int64()}, {}},
                      "provider:" + std::string(body.at("id").as_string()));
  engine_.submit(std::move(credit), sink, tag);
  return false;
}

void CallbacksDoor::answer(Exchange& exchange, Outcome& outcome, std::string& out) {
  if (is_success(outcome.code)) return say(exchange, 200, "ok", outcome.replayed ? "known" : "done", out);
  say(exchange, 400, name_of(outcome.code), "It wasn't done.", out);
}

void CallbacksDoor::deny(const Message&, Exchange& exchange, std::string& out) {
  say(exchange, 400, "not_signed", "The header Signature must come once.", out);
}

void CallbacksDoor::refuse(const Message&, Exchange& exchange, const Failure& failure, std::string& out) {
  say(exchange, 400, "http_" + std::to_string(failure.status()), failure.detail, out);
}

void CallbacksDoor::say(const Exchange& exchange, unsigned status, std::string_view code, std::string_view message,
                        std::string& out) const {
  const std::string body = json::serialize(json::object{{"code", code}, {"message", message}});
  append_response(out, status, "application/json", body, framing_of(exchange, state_->date));
}

}  // namespace tests::http
