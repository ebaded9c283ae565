// What a server shows its clients in TLS, and what it asks them for: read from files, whole or not at all.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

struct ssl_ctx_st;

namespace tote::server {

// Paths of PEM files.
struct TlsFiles {
  std::string certificate;  // the server's own, then those that lead to its authority; empty: plain HTTP
  std::string key;          // without a password
  std::string client_ca;    // clients must show a certificate of these authorities; empty: none is asked for

  bool operator==(const TlsFiles&) const = default;
};

// TLS 1.2 and later, HTTP/1.1 by ALPN, no renegotiation. Any thread.
class TlsContext {
 public:
  using Read = std::variant<std::shared_ptr<const TlsContext>, std::string>;

  // A sentence when they can't be used: a file that can't be read, a key of another certificate, one that is too weak.
  static Read read(const TlsFiles& files);
  // Of a client: whom it believes (client_ca; empty: the system's authorities), and what it shows if it is asked
  // (certificate and key; empty: nothing).
  static Read read_client(const TlsFiles& files);

  ssl_ctx_st* native() const { return context_.get(); }
  std::int64_t expires_s() const { return expires_s_; }  // the server's certificate; seconds since 1970

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  explicit TlsContext(std::unique_ptr<ssl_ctx_st, Free> context) : context_(std::move(context)) {}

  static Read read(const TlsFiles& files, bool is_client);
  void set_up();
  std::string load_certificate(const TlsFiles& files);
  std::string load_authorities(const std::string& path);
  std::string load_client_ca(const std::string& path);

  std::unique_ptr<ssl_ctx_st, Free> context_;
  std::int64_t expires_s_ = 0;
};

}  // namespace tote::server
