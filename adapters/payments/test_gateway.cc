#include "adapters/payments/test_gateway.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <chrono>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace tote::payments {

using payment::Result;
using payment::Status;

// One line of the file: what happened, tab-separated, with a checksum of the line before it. A file begins with lines
// of version 1; "version\t2" says that from here on lines end with the tenant.
struct TestGateway::Line {
  std::string type;  // charge, refund, balance
  std::string key, id, status, error, charge, currency;
  std::int64_t amount = 0;
  std::string tenant = "default";

  std::string text() const {
    return type + '\t' + key + '\t' + id + '\t' + status + '\t' + error + '\t' + charge + '\t' +
           std::to_string(amount) + '\t' + currency + '\t' + tenant;
  }
  static bool read(std::vector<std::string> fields, int version, Line& line) {
    if (version == 1 && fields.size() == 7) fields.emplace_back();  // an empty one at the end
    if (version == 1) fields.emplace_back("default");
    if (fields.size() != 9) return false;
    line = {fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[7], std::stoll(fields[6]),
            fields[8]};
    return true;
  }
};

namespace {

constexpr int version_newest = 2;

std::vector<std::string> fields_of(const std::string& text) {
  std::vector<std::string> fields;
  std::istringstream in(text);
  for (std::string field; std::getline(in, field, '\t');) fields.push_back(field);
  return fields;
}

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

// A payment that a customer made at a provider of the tenant's: this gateway never took it, and pays it back.
constexpr std::string_view outside_prefix = "pi_";
std::string taken_outside(const std::string& tenant, const std::string& payment) { return tenant + '/' + payment; }

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
  if (version_ < version_newest) begin_version();
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
    if (is_complete && space != std::string::npos && text.substr(0, space) == checksum(rest) && take(rest)) {
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

bool TestGateway::take(const std::string& text) {
  const auto fields = fields_of(text);
  if (fields.size() == 2 && fields[0] == "version") {
    version_ = std::stoi(fields[1]);
    if (version_ > version_newest) throw std::runtime_error(path_ + " was written by a newer version of tote");
    return true;
  }
  Line line;
  if (!Line::read(fields, version_, line)) return false;
  apply(line);
  return true;
}

void TestGateway::apply(const Line& line) {
  if (line.type == "balance") {
    accounts_[line.tenant].balance = line.amount;
    return;
  }
  const bool is_old = version_ == 1;
  ++count_;
  answers_[line.key] = {{status_of(line.status), line.id, line.error}, is_old};
  if (line.status != payment::name_of(Status::succeeded)) return;
  const Entry entry{line.id, line.key, line.charge, line.amount, line.currency};
  if (line.type == "charge") {
    std::int64_t& balance = accounts_[line.tenant].balance;
    if (__builtin_add_overflow(balance, line.amount, &balance)) balance = std::numeric_limits<std::int64_t>::max();
    accounts_[line.tenant].charges.push_back(entry);
    charged_.emplace(line.id, Charged{line.tenant, line.amount, is_old});
  } else {
    const auto found = charged_.find(line.charge);
    accounts_[found == charged_.end() ? line.tenant : found->second.tenant].balance -= line.amount;
    accounts_[line.tenant].refunds.push_back(entry);
    refunded_[found == charged_.end() ? taken_outside(line.tenant, line.charge) : line.charge] += line.amount;
  }
}

void TestGateway::begin_version() {
  append("version\t" + std::to_string(version_newest));
  version_ = version_newest;
}

void TestGateway::write(const Line& line) {
  append(line.text());
  apply(line);
}

void TestGateway::append(const std::string& text) {
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
}

const Result* TestGateway::find_answer(const std::string& tenant, const std::string& key) const {
  if (const auto found = answers_.find(key); found != answers_.end()) return &found->second.result;
  // Before there were tenants in keys the same call had the rest as its key.
  if (!key.starts_with(tenant + '/')) return nullptr;
  const auto old = answers_.find(key.substr(tenant.size() + 1));
  return old != answers_.end() && old->second.is_old ? &old->second.result : nullptr;
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
  if (const Result* found = find_answer(charge.tenant, charge.key)) return *found;
  if (charge.token == "tok_unreachable" && unanswered_[charge.key]++ < unanswered_attempts) return no_answer();
  const bool is_good = charge.token == "tok_ok" || charge.token == "tok_slow" || charge.token == "tok_unreachable" ||
                       charge.token == "tok_lost_answer";
  Line line{"charge",     charge.key, "ch_" + std::to_string(count_ + 1),  "succeeded",
            {},           {},         std::string(charge.currency.text()), charge.amount.minor,
            charge.tenant};
  if (!is_good) {
    line.status = payment::name_of(Status::declined);
    line.error = "the card was declined";
  }
  write(line);
  return charge.token == "tok_lost_answer" ? no_answer() : answers_.at(charge.key).result;
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
  if (const Result* found = find_answer(refund.tenant, refund.key)) return *found;
  Line line{"refund",     refund.key,    "re_" + std::to_string(count_ + 1),  "succeeded",
            {},           refund.charge, std::string(refund.currency.text()), refund.amount.minor,
            refund.tenant};
  const auto refuse = [&line](Status status, const char* error) {
    line.status = payment::name_of(status);
    line.error = error;
  };
  const auto found = charged_.find(refund.charge);
  if (found == charged_.end() && refund.charge.starts_with(outside_prefix)) {
    if (!refund.is_part && refunded_.contains(taken_outside(refund.tenant, refund.charge)))
      refuse(Status::already_refunded, "the charge was refunded before");
    else if (refund.amount.minor > accounts_[refund.tenant].balance)
      refuse(Status::balance_insufficient, "the balance is too low");
    write(line);
    return answers_.at(refund.key).result;
  }
  const bool is_theirs = found != charged_.end() && (found->second.tenant == refund.tenant || found->second.is_old);
  const auto before = refunded_.find(refund.charge);
  const std::int64_t given_back = before == refunded_.end() ? 0 : before->second;
  if (!is_theirs)
    refuse(Status::failed, "there is no such charge");
  else if (refund.amount.minor > found->second.amount)
    refuse(Status::failed, "more than was charged");
  else if (given_back == found->second.amount)
    refuse(Status::already_refunded, "the charge was refunded before");
  else if (refund.amount.minor > found->second.amount - given_back)
    refuse(Status::failed, "more than is left of the charge");
  else if (refund.amount.minor > accounts_[found->second.tenant].balance)
    refuse(Status::balance_insufficient, "the balance is too low");
  write(line);
  return answers_.at(refund.key).result;
}

void TestGateway::set_balance(std::int64_t amount, const std::string& tenant) {
  const std::lock_guard lock(mutex_);
  Line line;
  line.type = "balance";
  line.amount = amount;
  line.tenant = tenant;
  write(line);
}

std::int64_t TestGateway::balance(const std::string& tenant) const {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(tenant);
  return found == accounts_.end() ? 0 : found->second.balance;
}

std::vector<TestGateway::Entry> TestGateway::charges(const std::string& tenant) const {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(tenant);
  return found == accounts_.end() ? std::vector<Entry>() : newest(found->second.charges, entries_max);
}

std::vector<TestGateway::Entry> TestGateway::refunds(const std::string& tenant) const {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(tenant);
  return found == accounts_.end() ? std::vector<Entry>() : newest(found->second.refunds, entries_max);
}

}  // namespace tote::payments
