#include "bench/http.h"

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

#include "bench/bank.h"
#include "bench/http_client.h"

namespace tote::bench {

namespace {

// Wallet names are of one length, so that a request is a ready text with a few bytes exchanged.
constexpr std::size_t name_digits = 8;

std::string wallet_name(std::uint64_t wallet) {
  std::string digits = std::to_string(wallet);
  return "w" + std::string(name_digits - std::min(name_digits, digits.size()), '0') + digits;
}

std::string request_text(std::string_view line, const std::string& host, std::string_view headers,
                         std::string_view body) {
  std::string text(line);
  text += " HTTP/1.1\r\nHost: " + host + "\r\n";
  text += headers;
  if (!body.empty())
    text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  text += "\r\n";
  return text += body;
}

// One request to each wallet: opens it, or reads its balance.
class EachWallet final : public Conversation {
 public:
  EachWallet(std::string method, std::string body, const std::string& host, std::uint64_t wallets)
      : method_(std::move(method)), body_(std::move(body)), host_(host), wallets_(wallets) {}

  bool next(std::string& request) override {
    if (asked_ == wallets_) return false;
    request = request_text(method_ + " /v1/wallets/" + wallet_name(asked_++), host_, {}, body_);
    return true;
  }
  void answered(int status, std::string_view body) override {
    if (status != 200 && status != 201)
      throw std::runtime_error(method_ + " of a wallet answers " + std::to_string(status) + ": " + std::string(body));
    constexpr std::string_view member = "\"balance\":";
    const std::size_t at = body.find(member);
    if (at == std::string_view::npos) throw std::runtime_error("a wallet without a balance: " + std::string(body));
    std::int64_t balance = 0;
    std::from_chars(body.data() + at + member.size(), body.data() + body.size(), balance);
    total += balance;
  }

  std::int64_t total = 0;  // of the balances answered

 private:
  const std::string method_, body_, host_;
  const std::uint64_t wallets_;
  std::uint64_t asked_ = 0;
};

// The load: credits of 1 until the time is up, or one fixed request.
class Credits final : public Conversation {
 public:
  Credits(const std::string& host, const Plan& plan, std::uint64_t wallets)
      : draw_(wallets), hot_(wallets == 1), get_(plan.get) {
    if (get_) {
      text_ = request_text("GET /", host, {}, {});
      return;
    }
    const std::string key = keys_.next();
    text_ = request_text("POST /v1/wallets/" + wallet_name(0) + "/credits", host, "Idempotency-Key: " + key + "\r\n",
                         R"({"amount":1})");
    name_at_ = text_.find(wallet_name(0));
    key_at_ = text_.find(key);
  }

  bool next(std::string& request) override {
    // The clock is read every 16 requests.
    if (over_ || sent_ == sent_max_ || (sent_ % 16 == 0 && now_ns() >= end_ns_)) {
      over_ = true;
      return false;
    }
    ++sent_;
    if (request.size() != text_.size()) request = text_;
    if (get_) return true;
    request.replace(key_at_, 20, keys_.next());
    if (!hot_) request.replace(name_at_, name_digits + 1, wallet_name(draw_.next()));
    return true;
  }

  void answered(int status, std::string_view body) override {
    ++answers;
    if (status == 200)
      ++ok;
    else if (first_error.empty())
      first_error = std::to_string(status) + " " + std::string(body.substr(0, 200));
  }

  // Until a time, or for so many requests (0: any number).
  void go_on(std::int64_t end_ns, std::uint64_t requests = 0) {
    over_ = false;
    end_ns_ = end_ns;
    sent_max_ = requests == 0 ? ~std::uint64_t{0} : sent_ + requests;
  }

  std::uint64_t answers = 0;
  std::uint64_t ok = 0;
  std::string first_error;

 private:
  Keys keys_;
  Draw draw_;
  const bool hot_;
  const bool get_;
  std::string text_;
  std::size_t name_at_ = 0;
  std::size_t key_at_ = 0;
  std::int64_t end_ns_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t sent_max_ = 0;
  bool over_ = false;
};

double own_cpu_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

Report run_http(const Plan& plan) {
  const std::string url = plan.url.empty() ? "http://127.0.0.1:8080" : plan.url;
  const std::uint64_t wallets = plan.wallets != 0 ? plan.wallets : 1;
  HttpClient client(url, plan.connections);
  Report report;
  report.text("workload", plan.workload);
  report.text("request", plan.get ? "GET /" : "POST /v1/wallets/{id}/credits");
  report.count("wallets", wallets);
  report.count("connections", plan.connections);
  report.text("keys", plan.get ? "none" : "own key each");

  std::int64_t before = 0;
  if (!plan.fixed_reply) {
    EachWallet open("PUT", R"({"currency":"EUR"})", client.host(), wallets);
    client.run(open);
    before = open.total;
  }
  Credits credits(client.host(), plan, wallets);
  credits.go_on(now_ns() + static_cast<std::int64_t>(plan.warm_up_s() * 1e9));
  client.run(credits);

  const std::uint64_t warm_up_answers = credits.answers;
  const double cpu_start = own_cpu_s();
  const std::int64_t start = now_ns();
  client.measure(true);
  credits.go_on(start + static_cast<std::int64_t>(plan.seconds * 1e9), plan.requests);
  client.run(credits);
  const double seconds = static_cast<double>(now_ns() - start) / 1e9;
  client.measure(false);

  report.number("seconds", seconds);
  report.count("records", credits.answers - warm_up_answers);
  report.number("tx_s", static_cast<double>(credits.answers - warm_up_answers) / seconds);
  report.latency(client.latency());
  report.number("client_cpu_percent", 100 * (own_cpu_s() - cpu_start) / seconds);  // 100: the client is the limit
  report.count("errors", credits.answers - credits.ok);
  report.check("every answer is 200", credits.ok == credits.answers,
               std::to_string(credits.ok) + " of " + std::to_string(credits.answers) +
                   (credits.first_error.empty() ? "" : ", first other: " + credits.first_error));
  if (!plan.fixed_reply) {
    EachWallet read("GET", {}, client.host(), wallets);
    client.run(read);
    report.check("balances grew by what was acknowledged", read.total - before == static_cast<std::int64_t>(credits.ok),
                 "grew by " + std::to_string(read.total - before) + ", acknowledged " + std::to_string(credits.ok));
  }
  return report;
}

}  // namespace tote::bench
