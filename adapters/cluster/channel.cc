#include "adapters/cluster/channel.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <stdexcept>

namespace tote::cluster {

namespace ssl = boost::asio::ssl;

namespace {

void check_file(const Channel::Error& error, const std::string& setting, const std::string& path) {
  if (error) throw std::runtime_error(setting + " = " + path + " can't be used: " + error.message());
}

}  // namespace

std::shared_ptr<ssl::context> tls_context(const std::string& certificate, const std::string& key,
                                          const std::string& ca) {
  if (certificate.empty()) return nullptr;
  auto context = std::make_shared<ssl::context>(ssl::context::tls);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION);
  SSL_CTX_set_num_tickets(native, 0);  // a connection is made anew, not gone on with
  Channel::Error error;
  context->set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); }, error);
  if (!error) context->use_certificate_chain_file(certificate, error);
  check_file(error, "tls_certificate", certificate);
  context->use_private_key_file(key, ssl::context::pem, error);
  check_file(error, "tls_key", key);
  context->load_verify_file(ca, error);
  check_file(error, "tls_ca", ca);
  context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, error);
  check_file(error, "tls_ca", ca);
  return context;
}

bool Channel::shows(const std::string& node) {
  if (!stream_) return true;
  X509* const certificate = SSL_get0_peer_certificate(stream_->native_handle());
  constexpr unsigned flags = X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT | X509_CHECK_FLAG_NO_WILDCARDS;
  return certificate != nullptr && X509_check_host(certificate, node.data(), node.size(), flags, nullptr) == 1;
}

void Channel::set_acknowledged_timeout(std::int64_t ms) {
  const auto timeout = static_cast<unsigned>(ms);
  setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);
}

}  // namespace tote::cluster
