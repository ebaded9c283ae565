#include "adapters/server/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <system_error>

namespace tote::server {
namespace {

constexpr unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// OpenSSL's own words for what failed last.
std::string last_error() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* words = ERR_reason_error_string(code);
  return words == nullptr ? "unreadable" : words;
}

// A client that speaks only other protocols goes on without one, and finds out by the first answer.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                    void*) {
  unsigned char* found = nullptr;
  const int chosen = SSL_select_next_proto(&found, out_size, http_1_1, sizeof http_1_1, in, in_size);
  if (chosen != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
  *out = found;
  return SSL_TLSEXT_ERR_OK;
}

// Nobody is there to be asked for the password of a key.
int no_password(char*, int, int, void*) { return 0; }

std::int64_t expiry_of(const X509* certificate) {
  std::tm time{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) != 1) return 0;
  return timegm(&time);
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

TlsContext::Read TlsContext::read(const TlsFiles& files) { return read(files, false); }

TlsContext::Read TlsContext::read_client(const TlsFiles& files) { return read(files, true); }

TlsContext::Read TlsContext::read(const TlsFiles& files, bool is_client) {
  std::unique_ptr<ssl_ctx_st, Free> native(SSL_CTX_new(is_client ? TLS_client_method() : TLS_server_method()));
  if (native == nullptr) return "TLS: " + last_error();
  std::shared_ptr<TlsContext> context(new TlsContext(std::move(native)));
  ERR_clear_error();
  context->set_up();
  std::string problem;
  if (!is_client || !files.certificate.empty()) problem = context->load_certificate(files);
  if (problem.empty() && is_client)
    problem = context->load_authorities(files.client_ca);
  else if (problem.empty() && !files.client_ca.empty())
    problem = context->load_client_ca(files.client_ca);
  if (!problem.empty()) return problem;
  return context;
}

void TlsContext::set_up() {
  SSL_CTX* context = context_.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // A record is written when there is room for some of it, from wherever the buffer lies by then; many are read at
  // once.
  SSL_CTX_set_mode(context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context, no_password);
}

std::string TlsContext::load_certificate(const TlsFiles& files) {
  SSL_CTX* context = context_.get();
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return "tls_certificate = " + files.certificate +
           " has no certificates in PEM form that can be used: " + last_error();
  ERR_clear_error();
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    // It compares the two by itself, where it can.
    const unsigned long error = ERR_peek_last_error();
    if (ERR_GET_LIB(error) != ERR_LIB_X509)
      return "tls_key = " + files.key + " has no key in PEM form without a password: " + last_error();
    return "tls_key = " + files.key + " isn't the key of " + files.certificate;
  }
  if (SSL_CTX_check_private_key(context) != 1)
    return "tls_key = " + files.key + " isn't the key of " + files.certificate;
  expires_s_ = expiry_of(SSL_CTX_get0_certificate(context));
  return {};
}

// Of whom a client asks.
std::string TlsContext::load_authorities(const std::string& path) {
  SSL_CTX* context = context_.get();
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  const bool are_there = path.empty() ? SSL_CTX_set_default_verify_paths(context) == 1
                                      : SSL_CTX_load_verify_file(context, path.c_str()) == 1;
  return are_there ? "" : "tls_ca = " + path + " has no certificates in PEM form: " + last_error();
}

std::string TlsContext::load_client_ca(const std::string& path) {
  SSL_CTX* context = context_.get();
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(path.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(context, path.c_str()) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return "tls_client_ca = " + path + " has no certificates in PEM form: " + last_error();
  }
  SSL_CTX_set_client_CA_list(context, names);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  // Sessions of clients that show certificates belong to this server alone (SSL_CTX_set_session_id_context(3)).
  constexpr unsigned char name[] = {'t', 'o', 't', 'e'};
  SSL_CTX_set_session_id_context(context, name, sizeof name);
  return {};
}

}  // namespace tote::server
