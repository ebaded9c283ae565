#include "adapters/cluster/etcd_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

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

EtcdClient::EtcdClient(EtcdOptions options) : options_(std::move(options)), easy_(open_handle()) {
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
}

EtcdClient::~EtcdClient() { curl_easy_cleanup(easy_); }

std::string EtcdClient::ask(const std::string& path, const std::string& body, const Judge& judge) {
  std::string problems;
  for (std::size_t i = 0; i < options_.members.size() && !is_stopped_; ++i) {
    const std::string& member = options_.members[member_];
    std::string answer, problem;
    if (ask_member(member, path, body, answer, problem)) problem = judge(answer);
    if (problem.empty()) return {};
    problems += (problems.empty() ? "" : "; ") + member + ": " + problem;
    member_ = (member_ + 1) % options_.members.size();
  }
  return problems.empty() ? "it was stopped" : problems;
}

// True: it has said something.
bool EtcdClient::ask_member(const std::string& member, const std::string& path, const std::string& body,
                            std::string& answer, std::string& problem) {
  const auto is_stopped = [](void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<EtcdClient*>(self)->is_stopped_ ? 1 : 0;
  };
  curl_xferinfo_callback look = is_stopped;
  set(easy_, CURLOPT_NOPROGRESS, 0L);
  set_pointer(easy_, CURLOPT_XFERINFODATA, this);
  if (curl_easy_setopt(easy_, CURLOPT_XFERINFOFUNCTION, look) != CURLE_OK)
    throw std::runtime_error("libcurl refuses an option");
  set(easy_, CURLOPT_URL, (member + path).c_str());
  set(easy_, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  set(easy_, CURLOPT_POSTFIELDS, body.c_str());
  set_pointer(easy_, CURLOPT_WRITEDATA, &answer);
  const CURLcode result = curl_easy_perform(easy_);
  if (result != CURLE_OK) problem = curl_easy_strerror(result);
  return result == CURLE_OK;
}

}  // namespace tote::cluster
