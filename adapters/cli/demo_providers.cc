#include "adapters/cli/demo_providers.h"

#include <openssl/ec.h>
#include <openssl/pem.h>

#include <chrono>
#include <fstream>
#include <utility>

#include "adapters/card_webhooks/signature.h"
#include "adapters/cli/errors.h"
#include "adapters/sportsbook/jws.h"

namespace tote::cli {
namespace {

using sportsbook::Algorithm;

constexpr std::int64_t demo_s_max = 86'400;  // so long what was signed at its start is good

std::int64_t now_s() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

void write(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  if (!(out << text << std::flush)) throw Failure(path + ": can't be written");
}

// The half that the door has.
sportsbook::KeySetPtr public_key_of(EVP_PKEY& pair) {
  BIO* bio = BIO_new(BIO_s_mem());
  char* bytes = nullptr;
  PEM_write_bio_PUBKEY(bio, &pair);
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(bio, &bytes));
  const std::string text(bytes, size);
  BIO_free(bio);
  auto keys = std::make_shared<sportsbook::KeySet>();
  if (const auto problem = sportsbook::add_keys(text, *keys); !problem.empty()) throw Failure("the demo: " + problem);
  return keys;
}

std::string bet(int number) {
  const std::string n = std::to_string(number), stake = std::to_string(DemoProviders::stake);
  return R"({"amount":)" + stake + R"(,"currency":"EUR","player_id":"dave","transaction":{"id":)" + n +
         R"(},"betslip":{"id":")" + n + R"(","bets":[{"event_id":"e)" + n + R"(","sport_id":"s)" + n +
         R"(","sport_name":"Sport )" + n + R"(","tournament_id":"t)" + n + R"(","tournament_name":"Tournament )" + n +
         R"(","odds":"1.85"}]}})";
}

void add_bets(Settings& settings, const std::string& directory) {
  const sportsbook::KeyPtr pair(EVP_EC_gen("P-256"));
  if (pair == nullptr) throw Failure("the demo: no key can be made");
  SportsbookSettings door;
  door.options.name = "demo";
  door.options.path = "/callbacks/demo";
  door.keys = public_key_of(*pair);
  settings.sportsbooks.push_back(std::move(door));
  for (int i = 1; i <= DemoProviders::bets; ++i) {
    const std::string claims = R"({"iat":)" + std::to_string(now_s()) + R"(,"exp":)" +
                               std::to_string(now_s() + demo_s_max) + R"(,"payload":)" + bet(i) + '}';
    const auto token = sportsbook::sign_jws(*pair, Algorithm::es256, {}, claims);
    if (!token) throw Failure("the demo: nothing can be signed");
    write(directory + "/bet" + std::to_string(i) + ".json", R"({"payload":")" + *token + R"("})");
  }
}

void add_checkouts(Settings& settings, const std::string& directory) {
  const std::string secret = "whsec_of_the_demo_only";
  CardWebhookSettings webhook;
  webhook.options.name = "demo";
  webhook.options.path = "/webhooks/demo";
  webhook.options.tolerance_s = demo_s_max;
  webhook.secrets = {secret};
  settings.card_webhooks.push_back(webhook);
  for (int i = 1; i <= DemoProviders::checkouts; ++i) {
    const std::string n = std::to_string(i);
    const std::string event = R"({"id":"evt_)" + n +
                              R"(","type":"checkout.session.completed","data":{"object":{"id":"cs_)" + n +
                              R"(","payment_status":"paid","payment_intent":"pi_)" + n + R"(","amount_total":)" +
                              std::to_string(DemoProviders::seat_price) +
                              R"(,"currency":"eur","metadata":{"match_id":"fri","player_id":"fan)" + n + R"("}}}})";
    write(directory + "/event" + n + ".json", event);
    write(directory + "/event" + n + ".header",
          "Stripe-Signature: " + card_webhooks::sign(secret, now_s(), event) + '\n');
  }
}

}  // namespace

void add_demo_providers(Settings& settings, const std::string& directory) {
  add_bets(settings, directory);
  add_checkouts(settings, directory);
}

}  // namespace tote::cli
