#include "tests/destinations/nats_server.h"

#include <doctest/doctest.h>
#include <nats/nats.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/support/free_port.h"

namespace tests {
namespace {

using tote::cli::test::Child;

constexpr auto patience = std::chrono::seconds(60);

// A connection for one question.
class Asking {
 public:
  explicit Asking(const std::string& url) {
    if (natsConnection_ConnectTo(&nats_, url.c_str()) != NATS_OK) return;
    natsConnection_JetStream(&jetstream_, nats_, nullptr);
  }
  ~Asking() {
    jsCtx_Destroy(jetstream_);
    natsConnection_Destroy(nats_);
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

  jsCtx* jetstream() const { return jetstream_; }
  natsConnection* nats() const { return nats_; }

 private:
  natsConnection* nats_ = nullptr;
  jsCtx* jetstream_ = nullptr;
};

StoredMessage stored(natsMsg* message, std::uint64_t sequence) {
  StoredMessage out{sequence,
                    natsMsg_GetSubject(message),
                    {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))},
                    {}};
  const char** names = nullptr;
  int count = 0;
  if (natsMsgHeader_Keys(message, &names, &count) == NATS_OK) {
    for (int i = 0; i < count; ++i) {
      const char* value = nullptr;
      if (natsMsgHeader_Get(message, names[i], &value) == NATS_OK) out.headers[names[i]] = value;
    }
    ::free(names);
  }
  return out;
}

}  // namespace

NatsServer::NatsServer() : port_(free_port()) { start(); }

NatsServer::~NatsServer() {
  if (server_ == nullptr) return;
  server_->signal(SIGCONT);
  server_->signal(SIGTERM);
  server_->wait();
}

std::string NatsServer::url() const { return "nats://127.0.0.1:" + std::to_string(port_); }

bool NatsServer::is_up() const {
  const Asking asking(url());
  jsAccountInfo* info = nullptr;
  const bool is_up =
      asking.jetstream() != nullptr && js_GetAccountInfo(&info, asking.jetstream(), nullptr, nullptr) == NATS_OK;
  jsAccountInfo_Destroy(info);
  return is_up;
}

void NatsServer::start() {
  server_ = std::make_unique<Child>(
      "/usr/sbin/nats-server",
      Child::Arguments{"-a", "127.0.0.1", "-p", std::to_string(port_), "-js", "-sd", directory_.file("js")}, "/");
  const auto ends_at = std::chrono::steady_clock::now() + patience;
  while (!is_up()) {
    REQUIRE_MESSAGE(std::chrono::steady_clock::now() < ends_at, server_->err());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void NatsServer::kill() {
  server_->signal(SIGKILL);
  server_->wait();
  server_.reset();
}

void NatsServer::suspend() { server_->signal(SIGSTOP); }
void NatsServer::resume() { server_->signal(SIGCONT); }

void NatsServer::make_stream(const std::string& name, const std::string& subjects, std::int64_t duplicates_ms,
                             std::int64_t messages_max) const {
  const Asking asking(url());
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  const char* list[] = {subjects.c_str()};
  config.Name = name.c_str();
  config.Subjects = list;
  config.SubjectsLen = 1;
  config.Duplicates = duplicates_ms * 1'000'000;
  config.MaxMsgs = messages_max;
  config.Discard = js_DiscardNew;
  REQUIRE(js_AddStream(nullptr, asking.jetstream(), &config, nullptr, nullptr) == NATS_OK);
}

void NatsServer::publish(const std::string& subject, const std::string& data) const {
  const Asking asking(url());
  REQUIRE(js_Publish(nullptr, asking.jetstream(), subject.c_str(), data.data(), static_cast<int>(data.size()), nullptr,
                     nullptr) == NATS_OK);
}

void NatsServer::purge(const std::string& stream) const {
  const Asking asking(url());
  REQUIRE(js_PurgeStream(asking.jetstream(), stream.c_str(), nullptr, nullptr) == NATS_OK);
}

std::vector<StoredMessage> NatsServer::messages(const std::string& stream) const {
  const Asking asking(url());
  std::vector<StoredMessage> all;
  jsStreamInfo* info = nullptr;
  if (js_GetStreamInfo(&info, asking.jetstream(), stream.c_str(), nullptr, nullptr) != NATS_OK) return all;
  const std::uint64_t first = info->State.FirstSeq, last = info->State.LastSeq;
  jsStreamInfo_Destroy(info);
  for (std::uint64_t sequence = first; sequence != 0 && sequence <= last; ++sequence) {
    natsMsg* message = nullptr;
    if (js_GetMsg(&message, asking.jetstream(), stream.c_str(), sequence, nullptr, nullptr) == NATS_OK)
      all.push_back(stored(message, sequence));
    natsMsg_Destroy(message);
  }
  return all;
}

}  // namespace tests
