// Questions to etcd, over its JSON form by libcurl. Members are asked one after the other until one answers; the one
// that did is asked first the next time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

using CURL = void;

namespace tote::cluster {

struct EtcdOptions {
  std::vector<std::string> members{};                     // http://host:port or https://…, all of them
  std::string key{};                                      // of the register: "tote/<shard>"
  std::int64_t timeout_ms = 600;                          // of one question to one member, connecting included
  std::string ca_file{}, certificate_file{}, key_file{};  // of https; empty: the system's, none, none
};

// What is wrong with them, naming the setting; empty: nothing.
std::string problem_of(const EtcdOptions& options);

// One thread, but for stop().
class EtcdClient {
 public:
  explicit EtcdClient(EtcdOptions options);
  ~EtcdClient();
  EtcdClient(const EtcdClient&) = delete;
  EtcdClient& operator=(const EtcdClient&) = delete;

  const EtcdOptions& options() const { return options_; }
  // What is wrong with an answer; empty: it is one.
  using Judge = std::function<std::string(std::string_view answer)>;
  // POST to `path`. Empty, or what all members have said: then nobody has answered, and what was asked for may have
  // taken effect all the same.
  std::string ask(const std::string& path, const std::string& body, const Judge& judge);
  void stop() { is_stopped_ = true; }  // what is being asked ends soon, without an answer. Any thread

 private:
  bool ask_member(const std::string& member, const std::string& path, const std::string& body, std::string& answer,
                  std::string& problem);

  const EtcdOptions options_;
  CURL* const easy_;
  std::size_t member_ = 0;  // asked first
  std::atomic<bool> is_stopped_{false};
};

}  // namespace tote::cluster
