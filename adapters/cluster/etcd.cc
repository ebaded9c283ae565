#include "adapters/cluster/etcd.h"

#include <curl/curl.h>
#include <pthread.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "adapters/cluster/etcd_wire.h"

namespace tote::cluster {
namespace {

constexpr std::size_t answer_bytes_max = 64 << 10;

// libcurl's options are variadic: wrong types would go unseen.
void set(CURL* easy, CURLoption option, long value) {
  if (curl_easy_setopt(easy, option, value) != CURLE_OK) throw std::runtime_error("libcurl refuses an option");
}
void set(CURL* easy, CURLoption option, const char* value) {
  if (curl_easy_setopt(easy, option, value) != CURLE_OK) throw std::runtime_error("libcurl refuses an option");
}
template <class T>
void set_pointer(CURL* easy, CURLoption option, T* value) {  // to data or a function
  if (curl_easy_setopt(easy, option, value) != CURLE_OK) throw std::runtime_error("libcurl refuses an option");
}

CURL* open_handle() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);  // once a process, never undone
  CURL* const easy = result == CURLE_OK ? curl_easy_init() : nullptr;
  if (easy == nullptr) throw std::runtime_error("libcurl can't be initialized");
  return easy;
}

std::size_t receive(const char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& body = *static_cast<std::string*>(into);
  if (body.size() + size * count > answer_bytes_max) return 0;  // breaks it off
  body.append(bytes, size * count);
  return size * count;
}

bool is_member(const std::string& url) {
  const std::size_t scheme = url.starts_with("http://") ? 7 : url.starts_with("https://") ? 8 : url.size();
  const std::string_view rest = std::string_view(url).substr(scheme);
  return !rest.empty() && rest.find_first_of("/?#@ \t\r\n") == std::string_view::npos;
}

}  // namespace

std::string problem_of(const EtcdOptions& options) {
  if (options.members.empty()) return "etcd: names no member";
  for (const std::string& member : options.members)
    if (!is_member(member)) return "etcd: must be URLs such as http://127.0.0.1:2379, not " + member;
  if (options.key.empty()) return "name: must not be empty";
  if (options.timeout_ms < 50 || options.timeout_ms > 60'000) return "timeout_ms: must be 50 to 60000";
  return {};
}

Etcd::Etcd(EtcdOptions options, Told told)
    : options_(std::move(options)), told_(std::move(told)), easy_(open_handle()) {
  set(easy_, CURLOPT_PROTOCOLS_STR, "https,http");
  set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy_, CURLOPT_PROXY, "");  // nor one of the environment
  set(easy_, CURLOPT_NOSIGNAL, 1L);
  set(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout_ms));
  set(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.timeout_ms));
  set(easy_, CURLOPT_TCP_NODELAY, 1L);
  if (!options_.ca_file.empty()) set(easy_, CURLOPT_CAINFO, options_.ca_file.c_str());
  if (!options_.certificate_file.empty()) set(easy_, CURLOPT_SSLCERT, options_.certificate_file.c_str());
  if (!options_.key_file.empty()) set(easy_, CURLOPT_SSLKEY, options_.key_file.c_str());
  set_pointer(easy_, CURLOPT_WRITEFUNCTION, &receive);
  thread_ = std::thread([this] { run(); });
}

Etcd::~Etcd() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  wake_.notify_one();
  thread_.join();
  curl_easy_cleanup(easy_);
}

void Etcd::read() {
  {
    const std::lock_guard lock(mutex_);
    is_reading_ = true;
  }
  wake_.notify_one();
}

void Etcd::propose(std::int64_t expected, const replication::Register& value) {
  {
    const std::lock_guard lock(mutex_);
    if (proposals_.size() >= proposals_max) proposals_.pop_front();
    proposals_.push_back({"/v3/kv/txn", swap_request(options_.key, expected, to_text(value))});
  }
  wake_.notify_one();
}

void Etcd::run() {
  pthread_setname_np(pthread_self(), "tote-etcd");
  while (const auto question = next()) ask(*question);
}

std::optional<Etcd::Question> Etcd::next() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return is_stopped_ || is_reading_ || !proposals_.empty(); });
  if (is_stopped_) return {};
  if (!proposals_.empty()) {
    Question question = std::move(proposals_.front());
    proposals_.pop_front();
    return question;
  }
  is_reading_ = false;
  return Question{"/v3/kv/range", range_request(options_.key)};
}

void Etcd::ask(const Question& question) {
  std::string problems;
  for (std::size_t i = 0; i < options_.members.size(); ++i) {
    {
      const std::lock_guard lock(mutex_);
      if (is_stopped_) return;
    }
    const std::string& member = options_.members[member_];
    std::string body, problem;
    if (ask_member(member, question, body, problem)) {
      const Answer answer = read_answer(body);
      if (const auto* seen = std::get_if<replication::Registered>(&answer)) return told_.on_registered(*seen);
      problem = std::get<std::string>(answer);
    }
    problems += (problems.empty() ? "" : "; ") + member + ": " + problem;
    member_ = (member_ + 1) % options_.members.size();
  }
  told_.on_problem(problems);
}

// True: it has said something.
bool Etcd::ask_member(const std::string& member, const Question& question, std::string& body, std::string& problem) {
  const auto is_stopped = [](void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& etcd = *static_cast<Etcd*>(self);
    const std::lock_guard lock(etcd.mutex_);
    return etcd.is_stopped_ ? 1 : 0;
  };
  curl_xferinfo_callback look = is_stopped;
  set(easy_, CURLOPT_NOPROGRESS, 0L);
  set_pointer(easy_, CURLOPT_XFERINFODATA, this);
  if (curl_easy_setopt(easy_, CURLOPT_XFERINFOFUNCTION, look) != CURLE_OK)
    throw std::runtime_error("libcurl refuses an option");
  set(easy_, CURLOPT_URL, (member + question.path).c_str());
  set(easy_, CURLOPT_POSTFIELDSIZE, static_cast<long>(question.body.size()));
  set(easy_, CURLOPT_POSTFIELDS, question.body.c_str());
  set_pointer(easy_, CURLOPT_WRITEDATA, &body);
  const CURLcode result = curl_easy_perform(easy_);
  if (result != CURLE_OK) problem = curl_easy_strerror(result);
  return result == CURLE_OK;
}

}  // namespace tote::cluster
