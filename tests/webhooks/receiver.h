// An endpoint as a user would write it: HTTP/1.1 on plain sockets, a thread a connection, signatures checked by code of
// its own. What it answers is the test's.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tests::webhooks {

// A secret, in full and as the bytes it stands for.
inline const std::string secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

struct Delivery {
  std::string target, id, type, subject, tenant, body;
  std::map<std::string, std::string> headers;  // names in lower case
  std::uint64_t lsn = 0;
  std::int64_t timestamp_s = 0;
  bool is_signed = false;  // and its time is now
  int tries = 0;           // of this id, with this one
  int status = 0;          // that it was answered with; 0: none
};

struct Reply {
  int status = 200;
  std::string headers{}, body{};
  bool closes = false, hangs = false;  // instead of an answer
};

class Receiver {
 public:
  using Handler = std::function<Reply(const Delivery&)>;

  explicit Receiver(Handler handler = {}, std::uint16_t port = 0);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook?token=t0ken"; }
  std::size_t connections() const { return connections_; }
  void set(Handler handler);
  std::vector<Delivery> all() const;
  std::vector<Delivery> taken() const;  // those answered 2xx

 private:
  void accept_all();
  void serve(int socket);
  Reply answer(Delivery& delivery);
  bool wait_readable(int socket) const;  // false: stopped

  const int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopped_{false};
  std::atomic<std::size_t> connections_{0};
  mutable std::mutex mutex_;
  Handler handler_;
  std::vector<Delivery> all_;
  std::map<std::string, int> tries_;
  std::vector<std::thread> threads_;  // of accept_all() only
  std::thread acceptor_;
};

}  // namespace tests::webhooks
