#include "bench/callbacks.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "bench/http_client.h"
#include "bench/provider.h"

namespace tote::bench {

namespace {

constexpr int server_wait_s = 60;
constexpr std::int64_t stake = 10;
constexpr std::size_t sustained_bodies = 1'000;  // distinct ones, which then come again
constexpr double success_ms_max = 100;           // of the slowest of those that come at once

std::string request(std::string_view line, const std::string& host, std::string_view body) {
  std::string text(line);
  text.append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
  if (!body.empty())
    text.append("Content-Type: application/json\r\nContent-Length: ")
        .append(std::to_string(body.size()))
        .append("\r\n");
  return text.append("\r\n").append(body);
}

// A list of requests, each sent once; or again and again until a time.
class Sending final : public Conversation {
 public:
  using Answered = std::function<void(int status, std::string_view body)>;

  Sending(const std::vector<std::string>& requests, Answered answered, std::int64_t until_ns = 0)
      : requests_(requests), answered_(std::move(answered)), until_ns_(until_ns) {}

  bool next(std::string& request) override {
    if (until_ns_ == 0 ? sent_ == requests_.size() : now_ns() >= until_ns_) return false;
    request = requests_[sent_++ % requests_.size()];
    return true;
  }
  void answered(int status, std::string_view body) override { answered_(status, body); }

 private:
  const std::vector<std::string>& requests_;
  const Answered answered_;
  const std::int64_t until_ns_;
  std::size_t sent_ = 0;
};

std::string asked_once(const std::string& url, std::string_view line, std::string_view body, int& status) {
  HttpClient client(url, 1);
  std::string answer;
  const std::vector<std::string> one{request(line, client.host(), body)};
  Sending sending(one, [&](int is, std::string_view text) { status = is, answer = text; });
  client.run(sending);
  return answer;
}

std::int64_t integer_in(std::string_view json, std::string_view member) {
  const std::string name = '"' + std::string(member) + "\":";
  const auto at = json.find(name);
  if (at == std::string_view::npos) throw std::runtime_error("no " + name + " in " + std::string(json));
  return std::strtoll(std::string(json.substr(at + name.size(), 24)).c_str(), nullptr, 10);
}

// The provider's server has our key once a signed request is answered by anything but "whose signature is that?".
void wait_for_server(const std::string& url, std::deque<Provider>& providers, const std::string& settings) {
  std::fprintf(stderr, "waiting for a server at %s that has read %s\n", url.c_str(), settings.c_str());
  const std::int64_t until_ns = now_ns() + std::int64_t{server_wait_s} * 1'000'000'000;
  for (Provider& provider : providers) {
    const std::string body = provider.body(R"({"player_id":"nobody","currency":"EUR"})");
    for (std::string problem = "no answer";;) {
      try {
        int status = 0;
        const std::string answer = asked_once(url, "POST " + provider.path() + "/balance", body, status);
        if (answer.find("\"code\":1006") != std::string::npos) break;
        problem = answer;
      } catch (const std::exception& error) {
        problem = error.what();
      }
      if (now_ns() > until_ns) throw std::runtime_error("no server with these settings: " + problem);
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
  }
}

// A player with money; new each time, so that a server may be measured twice.
std::string open_player(const std::string& url, const std::string& name, std::int64_t money) {
  std::string player = name + '-' + std::to_string(now_ns());
  int status = 0;
  asked_once(url, "PUT /v1/wallets/" + player, R"({"currency":"EUR"})", status);
  if (status != 201) throw std::runtime_error("a wallet can't be opened: " + std::to_string(status));
  asked_once(url, "POST /v1/wallets/" + player + "/credits", "{\"amount\":" + std::to_string(money) + '}', status);
  if (status != 200) throw std::runtime_error("a wallet can't be filled: " + std::to_string(status));
  return player;
}

std::int64_t balance_of(const std::string& url, const std::string& player) {
  int status = 0;
  return integer_in(asked_once(url, "GET /v1/wallets/" + player, {}, status), "balance");
}

// A bet on what nobody has named before.
std::string make_of(const std::string& player, std::uint64_t number) {
  const std::string id = std::to_string(now_ns()) + std::to_string(number), n = std::to_string(number);
  return R"({"amount":)" + std::to_string(stake) + R"(,"currency":"EUR","player_id":")" + player +
         R"(","session_id":"s1","transaction":{"id":")" + id + R"(","operation":"bet","amount":)" +
         std::to_string(stake) + R"(,"currency":"EUR"},"betslip":{"id":"slip)" + id + R"(","type":"1/1","sum":)" +
         std::to_string(stake) + R"(,"k":"1.85","bets":[{"event_id":"event)" + id + R"(","sport_id":"sport)" + id +
         R"(","sport_name":"Sport )" + n + R"(","category_id":"category)" + id + R"(","category_name":"Category )" + n +
         R"(","tournament_id":"tournament)" + id + R"(","tournament_name":"Tournament )" + n +
         R"(","competitor_name":["Home )" + id + R"(","Away )" + id +
         R"("],"market_name":"1x2","outcome_name":"1","odds":"1.85","live":false}]},"potential_win":18})";
}

std::vector<std::string> signed_makes(Provider& provider, const std::string& host, const std::string& player,
                                      std::size_t count) {
  std::vector<std::string> requests;
  for (std::size_t i = 0; i < count; ++i)
    requests.push_back(request("POST " + provider.path() + "/bet/make", host, provider.body(make_of(player, i))));
  return requests;
}

// Connections first: the clock is for callbacks.
void connect_all(HttpClient& client, const Provider& provider, std::size_t count) {
  const std::vector<std::string> pings(count, request("GET " + provider.path() + "/ping", client.host(), {}));
  Sending sending(pings, [](int status, std::string_view) {
    if (status != 200) throw std::runtime_error("a ping is answered " + std::to_string(status));
  });
  client.run(sending);
}

// So many bets of one player, all at once.
void at_once(const Plan& plan, Provider& provider, std::size_t count, Report& report) {
  const std::int64_t money = 2 * stake * static_cast<std::int64_t>(count);
  const std::string player = open_player(plan.url, "p" + std::to_string(count), money);
  HttpClient client(plan.url, count);
  const auto requests = signed_makes(provider, client.host(), player, count);
  connect_all(client, provider, count);
  Histogram latency;
  std::size_t succeeded = 0;
  std::string refusal;
  const std::int64_t start_ns = now_ns();
  Sending sending(requests, [&](int status, std::string_view body) {
    latency.record(now_ns() - start_ns);
    if (status == 200)
      ++succeeded;
    else
      refusal = body;
  });
  client.run(sending);
  const double wall_ms = static_cast<double>(now_ns() - start_ns) / 1e6;
  const std::string name = "parallel_" + std::to_string(count) + '_';
  report.count(name + "succeeded", succeeded);
  report.number(name + "wall_ms", wall_ms);
  report.number(name + "p50_ms", latency.us_at(0.5) / 1e3);
  report.number(name + "p99_ms", latency.us_at(0.99) / 1e3);
  report.number(name + "max_ms", latency.max_us() / 1e3);
  report.text(name + "under_100_ms", latency.max_us() / 1e3 < success_ms_max ? "yes" : "no");
  const std::int64_t balance = balance_of(plan.url, player);
  report.check(name + "all", succeeded == count, std::to_string(succeeded) + " of them; " + refusal);
  report.check(name + "balance", balance == money - stake * static_cast<std::int64_t>(count),
               std::to_string(balance) + " after " + std::to_string(count) + " stakes of " + std::to_string(stake) +
                   " from " + std::to_string(money));
}

// What the door takes: each callback is verified, and those that come again are answered as before.
void sustained(const Plan& plan, Provider& provider, Report& report) {
  const std::int64_t money = 2 * stake * static_cast<std::int64_t>(sustained_bodies);
  const std::string player = open_player(plan.url, std::string("sustained-") + provider.key().name, money);
  HttpClient client(plan.url, plan.connections);
  const auto requests = signed_makes(provider, client.host(), player, sustained_bodies);
  const double alone = openssl_speed(provider.key());
  std::uint64_t answered = 0, refused = 0;
  const auto count = [&](int status, std::string_view) { ++answered, refused += status == 200 ? 0 : 1; };
  Sending first(requests, count);
  client.run(first);
  answered = 0;
  if (plan.announce) std::fprintf(stderr, "measuring\n");
  client.measure(true);
  const std::int64_t start_ns = now_ns();
  Sending again(requests, count, start_ns + static_cast<std::int64_t>(plan.seconds * 1e9));
  client.run(again);
  const double rate = static_cast<double>(answered) / (static_cast<double>(now_ns() - start_ns) / 1e9);
  const std::string name = std::string(provider.key().name) + '_';
  report.number(name + "door_s", rate);
  report.number(name + "openssl_s", alone);
  if (alone > 0) report.number(name + "ratio", rate / alone);
  report.number(name + "p99_ms", client.latency().us_at(0.99) / 1e3);
  const std::int64_t balance = balance_of(plan.url, player);
  report.check(name + "all", refused == 0, std::to_string(refused) + " refused");
  report.check(name + "balance", balance == money - stake * static_cast<std::int64_t>(sustained_bodies),
               std::to_string(balance) + ": each of " + std::to_string(sustained_bodies) + " bets was made once");
}

}  // namespace

Report run_callbacks(const Plan& plan) {
  Plan with = plan;
  if (with.url.empty()) with.url = "http://127.0.0.1:8080";
  const std::string directory = with.data.empty() ? "." : with.data;
  std::filesystem::create_directories(directory);
  std::deque<Provider> providers;
  std::string settings;
  for (const ProviderKey& key : provider_keys())
    if (&key == provider_keys().data() ||
        std::find(plan.algorithms.begin(), plan.algorithms.end(), key.name) != plan.algorithms.end())
      settings += providers.emplace_back(key, directory).settings();
  const std::string file = directory + "/callbacks.toml";
  // Whole or not at all: who waits for the file may read it at once.
  std::ofstream(file + ".new") << settings;
  std::filesystem::rename(file + ".new", file);
  wait_for_server(with.url, providers, file);
  Report report;
  for (const std::size_t count : plan.parallel) at_once(with, providers.front(), count, report);
  for (Provider& provider : providers)
    if (std::find(plan.algorithms.begin(), plan.algorithms.end(), provider.key().name) != plan.algorithms.end())
      sustained(with, provider, report);
  return report;
}

}  // namespace tote::bench
