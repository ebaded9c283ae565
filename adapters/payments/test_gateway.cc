#include "adapters/payments/test_gateway.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace tote::payments {

using payment::Result;
using payment::Status;

// One line of the file: what happened, tab-separated, with a checksum of the line before it.
struct TestGateway::Line {
  std::string type;  // charge, refund, balance
  std::string key, id, status, error, charge, currency;
  std::int64_t amount = 0;

  std::string text() const {
    return type + '\t' + key + '\t' + id + '\t' + status + '\t' + error + '\t' + charge + '\t' +
           std::to_string(amount) + '\t' + currency;
  }
  static bool read(const std::string& text, Line& line) {
    std::vector<std::string> fields;
    std::istringstream in(text);
    for (std::string field; std::getline(in, field, '\t');) fields.push_back(field);
    if (fields.size() == 7) fields.emplace_back();  // an empty one at the end
    if (fields.size() != 8) return false;
    line = {fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[7], std::stoll(fields[6])};
    return true;
  }
};

namespace {

constexpr std::int64_t slow_ms = 2'000;
constexpr int unanswered_attempts = 2;

std::string checksum(std::string_view text) {
  char hex[20];
  std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
  return hex;
}

Status status_of(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(Status::unreachable); ++i)
    if (payment::name_of(static_cast<Status>(i)) == name) return static_cast<Status>(i);
  return Status::failed;
}

Result no_answer() { return {Status::unreachable, {}, "no answer"}; }

template <class Entry>
std::vector<Entry> newest(const std::vector<Entry>& all, std::size_t count) {
  return {all.end() - static_cast<std::ptrdiff_t>(std::min(count, all.size())), all.end()};
}

}  // namespace

TestGateway::TestGateway(const std::string& directory) : path_(directory + "/test-gateway.log") {
  ::mkdir(directory.c_str(), 0700);
  recover();
  file_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) throw std::runtime_error(path_ + " can't be opened");
}

TestGateway::~TestGateway() {
  stop();
  if (file_ >= 0) ::close(file_);
}

// A last line that is cut off was never answered: it is forgotten. Any other damage is an error.
void TestGateway::recover() {
  std::ifstream file(path_, std::ios::binary);
  std::int64_t sound_bytes = 0;
  for (std::string text; std::getline(file, text);) {
    const bool is_complete = !file.eof();
    const auto space = text.find(' ');
    const std::string rest = space == std::string::npos ? std::string() : text.substr(space + 1);
    Line line;
    if (is_complete && space != std::string::npos && text.substr(0, space) == checksum(rest) &&
        Line::read(rest, line)) {
      apply(line);
      sound_bytes += static_cast<std::int64_t>(text.size()) + 1;
      continue;
    }
    if (is_complete) throw std::runtime_error(path_ + " is damaged at byte " + std::to_string(sound_bytes));
    break;
  }
  file.close();
  if (::access(path_.c_str(), F_OK) == 0 && ::truncate(path_.c_str(), sound_bytes) != 0)
    throw std::runtime_error(path_ + " can't be cut to its sound part");
}

void TestGateway::apply(const Line& line) {
  if (line.type == "balance") {
    balance_ = line.amount;
    return;
  }
  ++count_;
  answers_[line.key] = {status_of(line.status), line.id, line.error};
  if (line.status != payment::name_of(Status::succeeded)) return;
  const Entry entry{line.id, line.key, line.charge, line.amount, line.currency};
  if (line.type == "charge") {
    balance_ += line.amount;
    charge_by_id_.emplace(line.id, charges_.size());
    charges_.push_back(entry);
  } else {
    balance_ -= line.amount;
    refunded_.insert(line.charge);
    refunds_.push_back(entry);
  }
}

void TestGateway::write(const Line& line) {
  const std::string text = line.text();
  const std::string bytes = checksum(text) + ' ' + text + '\n';
  struct stat before {};
  const bool is_known = ::fstat(file_, &before) == 0;
  const bool written = is_known && ::write(file_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
                       ::fdatasync(file_) == 0;
  if (!written) {
    // What got there would be in the way of the next line. If even that fails, nobody may go on.
    if (is_known && ::ftruncate(file_, before.st_size) != 0) std::abort();
    throw std::runtime_error(path_ + " can't be written");
  }
  apply(line);
}

bool TestGateway::sleep(std::int64_t ms) {
  std::unique_lock lock(mutex_);
  return !stopping_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopped_; });
}

void TestGateway::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  stopping_.notify_all();
}

Result TestGateway::charge(const payment::Charge& charge) {
  if (charge.token == "tok_slow" && !sleep(slow_ms)) return no_answer();
  const std::lock_guard lock(mutex_);
  try {
    return decide(charge);
  } catch (const std::exception& error) {
    return {Status::unreachable, {}, error.what()};
  }
}

Result TestGateway::decide(const payment::Charge& charge) {
  if (const auto found = answers_.find(charge.key); found != answers_.end()) return found->second;
  if (charge.token == "tok_unreachable" && unanswered_[charge.key]++ < unanswered_attempts) return no_answer();
  const bool is_good = charge.token == "tok_ok" || charge.token == "tok_slow" || charge.token == "tok_unreachable" ||
                       charge.token == "tok_lost_answer";
  Line line{"charge", charge.key, "ch_" + std::to_string(count_ + 1),  "succeeded",
            {},       {},         std::string(charge.currency.text()), charge.amount.minor};
  if (!is_good) {
    line.status = payment::name_of(Status::declined);
    line.error = "the card was declined";
  }
  write(line);
  return charge.token == "tok_lost_answer" ? no_answer() : answers_.at(charge.key);
}

Result TestGateway::refund(const payment::Refund& refund) {
  const std::lock_guard lock(mutex_);
  try {
    return decide(refund);
  } catch (const std::exception& error) {
    return {Status::unreachable, {}, error.what()};
  }
}

// A no is kept under its key, too: another try needs another key.
Result TestGateway::decide(const payment::Refund& refund) {
  if (const auto found = answers_.find(refund.key); found != answers_.end()) return found->second;
  Line line{"refund", refund.key,    "re_" + std::to_string(count_ + 1),  "succeeded",
            {},       refund.charge, std::string(refund.currency.text()), refund.amount.minor};
  const auto refuse = [&line](Status status, const char* error) {
    line.status = payment::name_of(status);
    line.error = error;
  };
  const auto charge = charge_by_id_.find(refund.charge);
  if (charge == charge_by_id_.end())
    refuse(Status::failed, "there is no such charge");
  else if (refund.amount.minor > charges_[charge->second].amount)
    refuse(Status::failed, "more than was charged");
  else if (refunded_.contains(refund.charge))
    refuse(Status::already_refunded, "the charge was refunded before");
  else if (refund.amount.minor > balance_)
    refuse(Status::balance_insufficient, "the balance is too low");
  write(line);
  return answers_.at(refund.key);
}

void TestGateway::set_balance(std::int64_t amount) {
  const std::lock_guard lock(mutex_);
  Line line;
  line.type = "balance";
  line.amount = amount;
  write(line);
}

std::int64_t TestGateway::balance() const {
  const std::lock_guard lock(mutex_);
  return balance_;
}

std::vector<TestGateway::Entry> TestGateway::charges() const {
  const std::lock_guard lock(mutex_);
  return newest(charges_, entries_max);
}

std::vector<TestGateway::Entry> TestGateway::refunds() const {
  const std::lock_guard lock(mutex_);
  return newest(refunds_, entries_max);
}

}  // namespace tote::payments
