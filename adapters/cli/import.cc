// `tote import --wallets FILE`: wallets of another system, opened in a running server with their balances, each once
// however often it is asked for. Nothing of a wallet that has been used here before is touched.
//
// Each chunk of rows is two batches: all are opened (a wallet that is there already, with the same settings, stays),
// then those that have never changed are credited, under a key of the wallet's own: two imports at the same time
// credit it once, too. What is there in the end is added up beside the file.
#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/server_client.h"
#include "adapters/cli/wallets_file.h"

namespace tote::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t connections = 4;
constexpr int attempts_max = 20;
constexpr std::size_t named_max = 20;  // wallets that aren't as in the file: the rest is counted

// Of a wallet, as an answer says it.
struct Balance {
  std::int64_t version = 0, minor = 0;
};

struct LineAnswer {
  std::int64_t status = 0;
  Balance balance{};   // of a success
  std::string detail;  // else
};

LineAnswer read_line(std::string_view line) {
  const json::object answer = json::parse(line).as_object();
  const json::object& body = answer.at("body").as_object();
  LineAnswer out;
  out.status = answer.at("status").as_int64();
  if (out.status < 300)
    out.balance = {body.at("version").as_int64(), body.at("balance").as_int64()};
  else if (const auto* detail = body.if_contains("detail"); detail != nullptr && detail->is_string())
    out.detail = detail->as_string();
  else
    out.detail = std::to_string(out.status);
  return out;
}

bool is_for_the_moment(std::int64_t status) { return status == 0 || status == 429 || status == 503 || status == 504; }

// All of a batch's answers, asked for until none is for the moment only: doing so is safe, for every line is.
std::vector<LineAnswer> answers_to(ServerClient& server, const std::string& lines, std::size_t count) {
  std::string why;
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    const ServerAnswer answer = server.post("/v1/batch", lines);
    if (answer.status != 200 && !is_for_the_moment(answer.status))
      throw Failure("the server refuses: " + std::to_string(answer.status) + " " + answer.body);
    why = answer.status == 0 ? answer.problem : answer.body;
    if (answer.status == 200) {
      std::vector<LineAnswer> out;
      bool all = true;
      for (std::size_t from = 0; from < answer.body.size();) {
        const std::size_t end = std::min(answer.body.find('\n', from), answer.body.size());
        out.push_back(read_line(std::string_view(answer.body).substr(from, end - from)));
        if (is_for_the_moment(out.back().status)) all = false, why = out.back().detail;
        from = end + 1;
      }
      if (out.size() != count) throw Failure("the server's answer isn't one of a batch");
      if (all) return out;
    }
    std::this_thread::sleep_for(
        std::chrono::milliseconds(answer.retry_after_s > 0 ? 1'000 * answer.retry_after_s : 50 * (attempt + 1)));
  }
  throw Failure("the server doesn't answer: " + why);
}

std::string open_line(const WalletRow& row) {
  std::string line =
      R"({"put":"/v1/wallets/)" + row.id + R"(","body":{"currency":")" + std::string(row.currency.text());
  line += '"';
  if (row.overdraft_limit > 0) line += R"(,"overdraft_limit":)" + std::to_string(row.overdraft_limit);
  return line + "}}\n";
}

// As a command of a transaction: the server reads it once, where a body within a line is read twice.
std::string fill_line(const WalletRow& row) {
  const bool is_credit = row.balance > 0;
  return R"({"wallet":")" + row.id + (is_credit ? R"(","credit":)" : R"(","debit":)") +
         std::to_string(is_credit ? row.balance : -row.balance) + R"(,"reference":"import","key":"import:)" + row.id +
         "\"}\n";
}

// What came of the rows so far. Any thread.
class Tally {
 public:
  void filled(const WalletRow& row, const Balance& there, bool is_new) {
    const std::lock_guard lock(mutex_);
    ++(is_new ? opened_ : there_);
    sums_[row.currency] += there.minor;
    if (there.minor == row.balance) return;
    differs(row, "has " + std::to_string(there.minor) + ", the file says " + std::to_string(row.balance) +
                     (is_new ? "" : ": it was used before, and is left as it is"));
  }
  void refused(const WalletRow& row, const std::string& why) {
    const std::lock_guard lock(mutex_);
    differs(row, why);
  }
  void failed(std::exception_ptr why) {
    const std::lock_guard lock(mutex_);
    if (failure_ == nullptr) failure_ = std::move(why);
  }
  bool has_failed() const {
    const std::lock_guard lock(mutex_);
    return failure_ != nullptr;
  }

  // After all threads have ended.
  std::exception_ptr failure() const { return failure_; }
  std::uint64_t opened() const { return opened_; }
  std::uint64_t there() const { return there_; }
  std::uint64_t different() const { return different_; }
  const SumByCurrency& sums() const { return sums_; }
  const std::vector<std::string>& named() const { return named_; }

 private:
  void differs(const WalletRow& row, const std::string& why) {
    if (++different_ <= named_max)
      named_.push_back("line " + std::to_string(row.line) + ": wallet/" + row.id + " " + why);
  }

  mutable std::mutex mutex_;
  std::uint64_t opened_ = 0, there_ = 0, different_ = 0;
  SumByCurrency sums_;
  std::vector<std::string> named_;
  std::exception_ptr failure_;
};

void import_chunk(ServerClient& server, const std::vector<WalletRow>& rows, Tally& tally) {
  std::string opens, fills;
  for (const WalletRow& row : rows) opens += open_line(row);
  const auto opened = answers_to(server, opens, rows.size());
  std::vector<const WalletRow*> empty;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (opened[i].status >= 300) {
      tally.refused(rows[i], "can't be opened: " + opened[i].detail);
    } else if (opened[i].balance.version == 1 && rows[i].balance != 0) {
      empty.push_back(&rows[i]);
      fills += fill_line(rows[i]);
    } else {
      tally.filled(rows[i], opened[i].balance, opened[i].status == 201);
    }
  }
  if (empty.empty()) return;
  const auto filled = answers_to(server, fills, empty.size());
  for (std::size_t i = 0; i < empty.size(); ++i) {
    if (filled[i].status >= 300)
      tally.refused(*empty[i], "is open, without its balance: " + filled[i].detail);
    else
      tally.filled(*empty[i], filled[i].balance, true);
  }
}

class Import {
 public:
  Import(const ImportArguments& arguments, std::uint64_t rows)
      : arguments_(arguments), file_(arguments.wallets, rows) {}

  const Tally& run(const std::string& token) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < connections; ++i) threads.emplace_back([this, token] { work(token); });
    for (std::thread& thread : threads) thread.join();
    if (tally_.failure() != nullptr) std::rethrow_exception(tally_.failure());
    return tally_;
  }

 private:
  void work(const std::string& token) {
    try {
      ServerClient server(arguments_.url, token);
      for (std::vector<WalletRow> rows; !tally_.has_failed() && take(rows);) import_chunk(server, rows, tally_);
    } catch (...) {
      tally_.failed(std::current_exception());
    }
  }
  bool take(std::vector<WalletRow>& rows) {
    const std::lock_guard lock(mutex_);
    rows.clear();
    for (WalletRow row; rows.size() < arguments_.batch && file_.next(row);) rows.push_back(std::move(row));
    return !rows.empty();
  }

  const ImportArguments& arguments_;
  std::mutex mutex_;
  WalletsFile file_;
  Tally tally_;
};

std::string text_of(const SumByCurrency& sums) {
  std::string out;
  for (const auto& [currency, sum] : sums) {
    if (!out.empty()) out += ", ";
    out += std::string(currency.text()) + " " + tote::text_of(sum);
  }
  return out.empty() ? "nothing" : out;
}

}  // namespace

int import_wallets(const ImportArguments& arguments) {
  if (arguments.batch < 1 || arguments.batch > import_batch_max)
    throw UsageError("--batch must be 1 to " + std::to_string(import_batch_max));
  const std::string token = token_of(arguments.token_file);
  const auto began = std::chrono::steady_clock::now();
  const WalletsSummary file = check_wallets(arguments.wallets);
  std::printf("file     %s wallets, %s\n", grouped(file.wallets).c_str(), text_of(file.sums).c_str());
  std::fflush(stdout);
  Import work(arguments, file.wallets);
  const Tally& done = work.run(token);
  const double took_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::printf("opened   %s, and %s were there\nbalances %s\ntook     %.1f s\n", grouped(done.opened()).c_str(),
              grouped(done.there()).c_str(), text_of(done.sums()).c_str(), took_s);
  for (const std::string& one : done.named()) std::fprintf(stderr, "%s\n", one.c_str());
  if (done.different() > done.named().size())
    std::fprintf(stderr, "… and %s more\n", grouped(done.different() - done.named().size()).c_str());
  if (done.different() > 0 || done.sums() != file.sums) throw Failure("not all is as in the file");
  return exit_ok;
}

}  // namespace tote::cli
