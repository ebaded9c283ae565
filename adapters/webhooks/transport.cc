#include "adapters/webhooks/transport.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "adapters/webhooks/address.h"
#include "adapters/webhooks/signature.h"

namespace tote::webhooks {
namespace {

constexpr std::size_t answer_bytes_max = 1'024;

void initialize() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);  // once a process, never undone
  if (result != CURLE_OK) throw std::runtime_error("libcurl can't be initialized");
}

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

std::int64_t now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

struct ListFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListFree>;

HeaderList header_list(const std::vector<std::string>& lines) {
  HeaderList list;
  for (const std::string& line : lines) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

}  // namespace

// One request's place, taken again and again.
struct Transport::Flight {
  CURL* easy = nullptr;
  HeaderList headers;
  events::Position after;
  std::size_t answer_bytes = 0;
  bool allow_private = false, is_refused = false, is_flying = false;

  // The address is the one that will be connected to: what the name resolved to before doesn't matter.
  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& flight = *static_cast<Flight*>(self);
    if (!flight.allow_private && !is_public(address->addr)) {
      flight.is_refused = true;
      return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }
  static std::size_t receive(const char*, std::size_t size, std::size_t count, void* self) {
    auto& flight = *static_cast<Flight*>(self);
    flight.answer_bytes += size * count;
    return flight.answer_bytes > answer_bytes_max ? 0 : size * count;  // 0 breaks it off
  }
};

struct Transport::Curl {
  CURLM* multi = nullptr;
  std::vector<std::unique_ptr<Flight>> flights;
  std::size_t flying = 0;

  Curl() : multi(curl_multi_init()) {
    if (multi == nullptr) throw std::runtime_error("libcurl can't be initialized");
  }
  ~Curl() {
    for (const auto& flight : flights) {
      if (flight->is_flying) curl_multi_remove_handle(multi, flight->easy);
      curl_easy_cleanup(flight->easy);
    }
    curl_multi_cleanup(multi);
  }
  Curl(const Curl&) = delete;
  Curl& operator=(const Curl&) = delete;

  Flight& flight_of(const CURL* easy) const {
    return **std::find_if(flights.begin(), flights.end(), [&](const auto& flight) { return flight->easy == easy; });
  }
};

Transport::Transport(const EndpointOptions& options) : options_(options) {
  initialize();
  curl_ = std::make_unique<Curl>();
  curl_multi_setopt(curl_->multi, CURLMOPT_MAXCONNECTS, static_cast<long>(options_.concurrency));
  for (int i = 0; i < options_.concurrency; ++i) {
    Flight& flight = *curl_->flights.emplace_back(std::make_unique<Flight>());
    flight.allow_private = options_.allow_private;
    flight.easy = curl_easy_init();
    CURL* const easy = flight.easy;
    if (easy == nullptr) throw std::runtime_error("libcurl can't be initialized");
    set(easy, CURLOPT_URL, options_.url.c_str());
    set(easy, CURLOPT_PROTOCOLS_STR, options_.allow_private ? "https,http" : "https");
    set(easy, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy, CURLOPT_PROXY, "");  // nor one of the environment
    if (!options_.ca_file.empty()) set(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
    set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(easy, CURLOPT_USERAGENT, "tote/" TOTE_VERSION);
    set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout_ms));
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_QUICK_EXIT, 1L);  // a name's lookup isn't waited for when it is stopped
    set_pointer(easy, CURLOPT_OPENSOCKETFUNCTION, &Flight::open_socket);
    set_pointer(easy, CURLOPT_OPENSOCKETDATA, &flight);
    set_pointer(easy, CURLOPT_WRITEFUNCTION, &Flight::receive);
    set_pointer(easy, CURLOPT_WRITEDATA, &flight);
  }
}

Transport::~Transport() = default;

std::size_t Transport::flying() const { return curl_->flying; }

bool Transport::has_room() const { return curl_->flying < curl_->flights.size(); }

void Transport::send(const events::DomainEvent& event) {
  Flight& flight =
      **std::find_if(curl_->flights.begin(), curl_->flights.end(), [](const auto& each) { return !each->is_flying; });
  const std::int64_t timestamp_s = now_s();
  flight.headers = header_list({"Content-Type: application/cloudevents+json", "webhook-id: " + event.id,
                                "webhook-timestamp: " + std::to_string(timestamp_s),
                                "webhook-signature: " + sign(options_.secrets, event.id, timestamp_s, event.cloud),
                                "Accept:", "Expect:"});
  flight.after = events::Position::after(event);
  flight.answer_bytes = 0;
  flight.is_refused = false;
  set(flight.easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(event.cloud.size()));
  set(flight.easy, CURLOPT_POSTFIELDS, event.cloud.c_str());
  set_pointer(flight.easy, CURLOPT_HTTPHEADER, flight.headers.get());
  if (curl_multi_add_handle(curl_->multi, flight.easy) != CURLM_OK) throw std::runtime_error("libcurl can't send");
  flight.is_flying = true;
  ++curl_->flying;
}

std::vector<Answer> Transport::wait(std::chrono::milliseconds time) {
  std::vector<Answer> answers;
  int running = 0, left = 0;
  const auto perform = [&] {
    if (curl_multi_perform(curl_->multi, &running) != CURLM_OK) throw std::runtime_error("libcurl can't go on");
    while (const CURLMsg* message = curl_multi_info_read(curl_->multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode result = message->data.result;  // gone with the handle
      answers.push_back(land(curl_->flight_of(message->easy_handle), result));
    }
  };
  perform();
  if (!answers.empty()) return answers;
  curl_multi_poll(curl_->multi, nullptr, 0, static_cast<int>(time.count()), nullptr);
  perform();
  return answers;
}

Answer Transport::land(Flight& flight, int result) {
  Answer answer{.after = flight.after};
  long status = 0;
  curl_off_t retry_after_s = 0;
  curl_easy_getinfo(flight.easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(flight.easy, CURLINFO_RETRY_AFTER, &retry_after_s);
  curl_multi_remove_handle(curl_->multi, flight.easy);
  flight.is_flying = false;
  --curl_->flying;
  const bool is_whole = result == CURLE_OK || flight.answer_bytes > answer_bytes_max;
  const bool is_status = status >= 100 && status <= 599;  // curl takes any number
  if (is_whole && is_status) answer.status = static_cast<int>(status);
  answer.retry_after_s = std::max<std::int64_t>(retry_after_s, 0);
  if (flight.is_refused && !is_whole)
    answer.problem = "its address isn't public";
  else if (!is_whole)
    answer.problem = curl_easy_strerror(static_cast<CURLcode>(result));
  else if (answer.status < 200 || answer.status > 299)
    answer.problem = "answered " + std::to_string(status);
  return answer;
}

}  // namespace tote::webhooks
