#include "tests/card_webhooks/scene.h"

namespace tests::card_webhooks {

namespace json = boost::json;

void Scene::start() {
  tote::http::ServerOptions options;
  options.card_webhooks = {"stripe"};
  server = std::make_unique<tests::http::RunningServer>(directory.path(), std::move(options));
  tote::card_webhooks::DoorOptions door_options;
  door_options.name = "stripe";
  door_options.path = path;
  auto door = std::make_shared<tote::card_webhooks::Door>(door_options, std::vector<std::string>{secret});
  REQUIRE(door->attach(server->engine()).empty());
  server->mount(path, door);
  client = std::make_unique<Client>(server->port());
}

void Scene::stop() {
  client.reset();
  server.reset();
}

Response Scene::post_signed(const std::string& body) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto now_s = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  return client->ask("POST", path, body, {{"Stripe-Signature", tote::card_webhooks::sign(secret, now_s, body)}});
}

Response Scene::say(const std::string& id, const std::string& type, const std::string& object) {
  return post_signed(R"({"id":")" + id + R"(","object":"event","type":")" + type +
                     R"(","created":1700000000,"data":{"object":)" + object + "}}");
}

std::string Scene::session(const std::string& name, const std::string& metadata, int amount, const std::string& status,
                           const std::string& currency) {
  return R"({"id":"cs_)" + name + R"(","object":"checkout.session","payment_intent":"pi_)" + name +
         R"(","payment_status":")" + status + R"(","amount_total":)" + std::to_string(amount) + R"(,"currency":")" +
         currency + R"(","metadata":)" + metadata + "}";
}

std::string Scene::intent(const std::string& name, const std::string& metadata, int amount) {
  return R"({"id":"pi_)" + name + R"(","object":"payment_intent","amount":)" + std::to_string(amount) +
         R"(,"amount_received":)" + std::to_string(amount) + R"(,"currency":"eur","latest_charge":"ch_)" + name +
         R"(","metadata":)" + metadata + "}";
}

std::string Scene::of_match(const std::string& player, const std::string& match) {
  return R"({"match_id":")" + match + R"(","player_id":")" + player + "\"}";
}
std::string Scene::of_order(const std::string& order) { return R"({"order_id":")" + order + "\"}"; }

Response Scene::pays(const std::string& player, const std::string& event) {
  return say(event, "checkout.session.completed", session(player, of_match(player)));
}

void Scene::open_match(int seats) {
  const std::string body = R"({"seats":)" + std::to_string(seats) + R"(,"price":{"amount":500,"currency":"EUR"}})";
  REQUIRE(client->ask("PUT", "/v1/matches/thu", body).status == 201);
}

void Scene::set_balance(int amount) {
  const std::string body = "{\"amount\":" + std::to_string(amount) + '}';
  REQUIRE(client->ask("PUT", "/test-gateway/balance", body).status == 200);
}

std::string Scene::status_of(const std::string& event) {
  std::string status;
  wait_until([&] {
    status = tests::http::text(client->get("/v1/payment-events/" + event), "status");
    return status != "received";
  });
  return status;
}

std::string Scene::outcome_of(const std::string& event) {
  if (status_of(event) == "received") return "received";
  const auto shown = json::parse(client->get("/v1/payment-events/" + event).body);
  const auto& result = shown.at("result").as_object();
  const std::string outcome = tests::http::text(shown.at("result"), "outcome");
  return result.contains("reason") ? outcome + ": " + tests::http::text(shown.at("result"), "reason") : outcome;
}

std::string Scene::player_status(const std::string& player) {
  const auto booking = client->get("/v1/matches/thu/bookings/" + player);
  return booking.status == 200 ? tests::http::text(booking, "status") : "none";
}

std::int64_t Scene::taken() { return tests::http::number(client->get("/v1/matches/thu"), "taken"); }

json::array Scene::refunds(const std::string& status) {
  const std::string query = status.empty() ? status : "?status=" + status;
  return json::parse(client->get("/v1/refunds" + query).body).at("refunds").as_array();
}

json::array Scene::paid_back() { return json::parse(client->get("/test-gateway/refunds").body).as_array(); }

bool Scene::wait_for_refunds(const std::string& status, std::size_t count) {
  return wait_until([&] { return refunds(status).size() == count; });
}

std::size_t Scene::told(const std::string& type, const std::string& text) {
  const std::string log = client->get("/v1/log?limit=10000").body;
  std::size_t count = 0;
  for (std::size_t at = 0; at < log.size();) {
    const std::size_t end = std::min(log.find('\n', at), log.size());
    const std::string line = log.substr(at, end - at);
    if (line.find(type) != std::string::npos && line.find(text) != std::string::npos) ++count;
    at = end + 1;
  }
  return count;
}

}  // namespace tests::card_webhooks
