// A blocking HTTP/1.1 client on a plain socket: the test decides about bytes, their order and their timing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::http {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct Response {
  unsigned status = 0;  // 0: none came, the connection was closed
  HeaderList headers;
  std::string body;

  std::string header(std::string_view name) const;  // the first, without case; empty when there is none
  bool has(std::string_view name) const;
};

class Client {
 public:
  explicit Client(std::uint16_t port, std::string_view host = "127.0.0.1");
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // One request with Host and Content-Length, and its response. An empty body sends no Content-Length for GET.
  Response ask(std::string_view method, std::string_view target, std::string_view body = {},
               const HeaderList& headers = {});
  Response get(std::string_view target, const HeaderList& headers = {}) { return ask("GET", target, {}, headers); }

  static std::string text_of(std::string_view method, std::string_view target, std::string_view body,
                             const HeaderList& headers);

  bool send(std::string_view bytes);         // false: the server has closed
  Response receive(bool head_only = false);  // the next response, at most wait_ms for it
  bool is_closed();                          // waits for the server to close, at most wait_ms
  std::string receive_some();                // what comes next, raw; empty: closed
  void end_sending();                        // no more requests; answers may still come
  int wait_ms = 15'000;

 private:
  bool fill();

  int socket_ = -1;
  std::string buffer_;
};

}  // namespace tests::http
