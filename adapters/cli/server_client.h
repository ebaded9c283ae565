// HTTP to a running server, for commands that ask one instead of reading its directory (libcurl). One connection, kept
// open; one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace tote::cli {

struct ServerAnswer {
  int status = 0;  // 0: none came
  std::string body;
  int retry_after_s = 0;
  std::string problem;  // why none came
};

class ServerClient {
 public:
  // `url`: http(s)://host:port. `token` empty: none is sent. `tenant`: which one an operator of the whole server means;
  // empty: none is named. Throws UsageError when that can't be a server.
  ServerClient(std::string url, std::string token, const std::string& tenant = {});
  ~ServerClient();
  ServerClient(const ServerClient&) = delete;
  ServerClient& operator=(const ServerClient&) = delete;

  ServerAnswer post(const std::string& path, const std::string& body);
  ServerAnswer get(const std::string& path);

 private:
  ServerAnswer ask(const std::string& path);

  struct Handle;
  const std::string url_;
  const std::string token_;
  std::unique_ptr<Handle> handle_;
};

inline constexpr std::string_view token_variable = "TOTE_TOKEN";

// The token that a command sends: the first line of `file`, else of that variable, else none. Never on the command
// line, where others see it.
std::string token_of(const std::string& file);

}  // namespace tote::cli
