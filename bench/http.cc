#include "bench/http.h"

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/bank.h"
#include "bench/http_client.h"
#include "bench/timed.h"

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

// One request to each entity: opens it, or reads it. Adds up one integer of what they answer.
class Each final : public Conversation {
 public:
  using Path = std::function<std::string(std::uint64_t number)>;

  Each(std::string method, Path path, std::string body, std::string_view member, const std::string& host,
       std::uint64_t count)
      : method_(std::move(method)), path_(path), body_(std::move(body)), host_(host), count_(count) {
    member_.append(1, '"').append(member).append("\":");
  }

  bool next(std::string& request) override {
    if (asked_ == count_) return false;
    request = request_text(method_ + " " + path_(asked_++), host_, {}, body_);
    return true;
  }
  void answered(int status, std::string_view body) override {
    if (status != 200 && status != 201)
      throw std::runtime_error(method_ + " answers " + std::to_string(status) + ": " + std::string(body));
    const std::size_t at = body.find(member_);
    if (at == std::string_view::npos) throw std::runtime_error("no " + member_ + " in " + std::string(body));
    std::int64_t value = 0;
    std::from_chars(body.data() + at + member_.size(), body.data() + body.size(), value);
    total += value;
  }

  std::int64_t total = 0;

 private:
  const std::string method_;
  const Path path_;
  const std::string body_, host_;
  std::string member_;
  const std::uint64_t count_;
  std::uint64_t asked_ = 0;
};

std::string wallet_path(std::uint64_t number) { return "/v1/wallets/" + wallet_name(number); }

// In the place of a key, of which each command gets one of its own.
constexpr std::string_view some_key = "kkkkkkkkkkkkkkkkkkkk";

// What is asked again and again.
struct Ask {
  std::string line;           // "POST /v1/wallets/w00000000/credits"
  std::string body{};         // none: without a key, too
  std::uint64_t wallets = 1;  // more: drawn at random, each command another
  std::uint64_t lines = 0;    // commands in one request, each answered by a line; 0: it is one itself
  double rate = 0;            // requests a second; 0: as fast as answers come
  bool may_run_out = false;   // 409 out_of_stock is as good an answer as 200
};

// The load: one request again and again until the time is up, with a key of its own each time.
class Load final : public Conversation {
 public:
  Load(const std::string& host, const Ask& ask)
      : draw_(ask.wallets),
        keyless_(ask.body.empty()),
        may_run_out_(ask.may_run_out),
        lines_(ask.lines),
        interval_ns_(ask.rate == 0 ? 0 : 1e9 / ask.rate) {
    const std::string header = keyless_ || lines_ != 0 ? "" : "Idempotency-Key: " + std::string(some_key) + "\r\n";
    text_ = request_text(ask.line, host, header, ask.body);
    if (ask.wallets > 1) names_at_ = places(wallet_name(0));
    keys_at_ = places(some_key);
  }

  bool is_due() override {
    return interval_ns_ == 0 ||
           now_ns() >= start_ns_ + static_cast<std::int64_t>(static_cast<double>(sent_) * interval_ns_);
  }

  bool next(std::string& request) override {
    // The clock is read every 16 requests.
    if (over_ || sent_ == sent_max_ || (sent_ % 16 == 0 && now_ns() >= end_ns_)) {
      over_ = true;
      return false;
    }
    ++sent_;
    // A connection comes with what it sent last; a load of other requests differs in their length.
    if (request.size() != text_.size()) request = text_;
    for (const std::size_t at : keys_at_) request.replace(at, some_key.size(), keys_.next());
    for (const std::size_t at : names_at_) request.replace(at, name_digits + 1, wallet_name(draw_.next()));
    return true;
  }

  void answered(int status, std::string_view body) override {
    answers += std::max<std::uint64_t>(lines_, 1);
    if (status == 200 && lines_ != 0)
      take_lines(body);
    else if (status == 200)
      ++ok;
    else if (may_run_out_ && status == 409 && body.find(R"("code":"out_of_stock")") != std::string_view::npos)
      ++refused;
    else
      fail(std::to_string(status) + " " + std::string(body.substr(0, 200)));
  }

  // Until a time, or for so many requests (0: any number).
  void go_on(std::int64_t end_ns, std::uint64_t requests = 0) {
    over_ = false;
    start_ns_ = now_ns();
    end_ns_ = end_ns;
    sent_max_ = requests == 0 ? ~std::uint64_t{0} : sent_ + requests;
  }

  std::uint64_t errors() const { return answers - ok - refused; }

  std::uint64_t answers = 0;
  std::uint64_t ok = 0;
  std::uint64_t refused = 0;  // out of stock
  std::string first_error;

 private:
  std::vector<std::size_t> places(std::string_view part) const {
    std::vector<std::size_t> found;
    for (std::size_t at = text_.find(part); at != std::string::npos; at = text_.find(part, at + 1)) found.push_back(at);
    return found;
  }
  void take_lines(std::string_view body) {
    for (std::size_t at = 0; at < body.size();) {
      const std::string_view line = body.substr(at, body.find('\n', at) - at);
      if (line.starts_with(R"({"status":200,)"))
        ++ok;
      else
        fail(std::string(line.substr(0, 200)));
      at += line.size() + 1;
    }
  }
  void fail(std::string text) {
    if (first_error.empty()) first_error = std::move(text);
  }

  Keys keys_;
  Draw draw_;
  const bool keyless_, may_run_out_;
  const std::uint64_t lines_;
  const double interval_ns_;
  std::string text_;
  std::vector<std::size_t> names_at_, keys_at_;  // what is another in each request
  std::int64_t start_ns_ = 0;
  std::int64_t end_ns_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t sent_max_ = 0;
  bool over_ = false;
};

// What the load is about: what is opened before, and what must be in the books afterwards.
class Books {
 public:
  Books(const Plan& plan, HttpClient& client)
      : plan_(plan),
        client_(client),
        wallets_(plan.wallets != 0 ? plan.wallets : 1),
        item_("/v1/items/" + Keys().next()) {}

  std::uint64_t wallets() const { return wallets_; }
  std::string request() const {
    if (plan_.get) return "GET /";
    if (plan_.lines != 0) return "POST /v1/batch";
    return plan_.picks ? "POST /v1/items/{id}/picks" : "POST /v1/wallets/{id}/credits";
  }

  // The sum of all balances, or the stock.
  std::int64_t open() const {
    if (!plan_.picks) return each("PUT", wallet_path, R"({"currency":"EUR"})", "balance", wallets_);
    each(
        "PUT", [](std::uint64_t) { return warm_up_item; }, R"({"quantity":1000000000000})", "on_hand", 1);
    return each("PUT", item_path(), "{\"quantity\":" + std::to_string(plan_.stock) + "}", "on_hand", 1);
  }

  // The warm-up picks another item, so that the sale begins inside of the measured part and sells out there.
  Ask warm_up() const { return plan_.picks ? picks_of(warm_up_item) : load(); }
  Ask load() const {
    if (plan_.get) return {.line = "GET /"};
    if (plan_.picks) return picks_of(item_);
    if (plan_.lines != 0) return batch();
    return {.line = "POST " + wallet_path(0) + "/credits",
            .body = R"({"amount":1})",
            .wallets = wallets_,
            .rate = plan_.rate};
  }

  void check(Report& report, std::int64_t before, const Load& warm_up, const Load& load) const {
    if (!plan_.picks) {
      const std::int64_t grown = each("GET", wallet_path, {}, "balance", wallets_) - before;
      const std::int64_t acknowledged = growth_of(warm_up.ok + load.ok);
      report.check("balances grew by what was acknowledged", grown == acknowledged,
                   "grew by " + std::to_string(grown) + ", acknowledged " + std::to_string(acknowledged));
      return;
    }
    report.check("sold is all there was", load.ok == std::min(plan_.stock, load.answers),
                 std::to_string(load.ok) + " of " + std::to_string(plan_.stock));
    const std::int64_t left = each("GET", item_path(), {}, "on_hand", 1);
    report.check("what is left is what wasn't sold", left == before - static_cast<std::int64_t>(load.ok),
                 std::to_string(left) + " left");
  }

 private:
  static Ask picks_of(const std::string& item) {
    return {.line = "POST " + item + "/picks", .body = R"({"quantity":1})", .may_run_out = true};
  }
  // Credits of 2 and debits of 1 by turns: there is always enough.
  Ask batch() const {
    Ask ask{.line = "POST /v1/batch", .wallets = wallets_, .lines = plan_.lines, .rate = plan_.rate};
    for (std::size_t i = 0; i < plan_.lines; ++i)
      ask.body.append(R"({"wallet":")")
          .append(wallet_name(0))
          .append(i % 2 == 0 ? R"(","credit":2,"key":")" : R"(","debit":1,"key":")")
          .append(some_key)
          .append("\"}\n");
    return ask;
  }
  // Of all balances, by so many commands that succeeded, when all did.
  std::int64_t growth_of(std::uint64_t commands) const {
    if (plan_.lines == 0) return static_cast<std::int64_t>(commands);
    const std::uint64_t batches = commands / plan_.lines;
    return static_cast<std::int64_t>(batches * (2 * ((plan_.lines + 1) / 2) - plan_.lines / 2));
  }
  Each::Path item_path() const {
    return [this](std::uint64_t) { return item_; };
  }
  std::int64_t each(std::string method, Each::Path path, std::string body, std::string_view member,
                    std::uint64_t count) const {
    Each all(std::move(method), std::move(path), std::move(body), member, client_.host(), count);
    client_.run(all);
    return all.total;
  }

  inline static const std::string warm_up_item = "/v1/items/warm-up";
  const Plan& plan_;
  HttpClient& client_;
  const std::uint64_t wallets_;
  const std::string item_;  // of its own in each run
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
  HttpClient client(url, plan.connections);
  const Books books(plan, client);
  Report report;
  report.text("workload", plan.workload);
  report.text("request", books.request());
  if (plan.picks)
    report.count("stock", plan.stock);
  else
    report.count("wallets", books.wallets());
  report.count("connections", plan.connections);
  if (plan.lines != 0) report.count("lines", plan.lines);
  if (plan.rate != 0) report.number("rate", plan.rate);
  report.text("keys", plan.get ? "none" : "own key each");

  const std::int64_t before = plan.fixed_reply ? 0 : books.open();
  Load warm_up(client.host(), books.warm_up());
  warm_up.go_on(now_ns() + static_cast<std::int64_t>(plan.warm_up_s() * 1e9));
  client.run(warm_up);

  Load load(client.host(), books.load());
  announce(plan);
  const double cpu_start = own_cpu_s();
  const std::int64_t start = now_ns();
  client.measure(true);
  load.go_on(start + static_cast<std::int64_t>(plan.seconds * 1e9), plan.requests);
  client.run(load);
  const double seconds = static_cast<double>(now_ns() - start) / 1e9;
  client.measure(false);

  report.number("seconds", seconds);
  report.count("records", load.answers);
  report.number("tx_s", static_cast<double>(load.answers) / seconds);
  report.latency(client.latency());
  report.number("client_cpu_percent", 100 * (own_cpu_s() - cpu_start) / seconds);  // 100: the client is the limit
  if (plan.picks) {
    report.count("sold", load.ok);
    report.count("refused", load.refused);
  }
  report.count("errors", warm_up.errors() + load.errors());
  const std::string& first_error = warm_up.first_error.empty() ? load.first_error : warm_up.first_error;
  report.check(plan.picks ? "every answer is 200, or 409 out_of_stock" : "every answer is 200",
               warm_up.errors() + load.errors() == 0,
               std::to_string(load.ok) + " of " + std::to_string(load.answers) + " are 200, " +
                   std::to_string(load.refused) + " out of stock" +
                   (first_error.empty() ? "" : ", first other: " + first_error));
  if (!plan.fixed_reply) books.check(report, before, warm_up, load);
  return report;
}

}  // namespace tote::bench
