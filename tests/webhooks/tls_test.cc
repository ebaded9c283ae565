// Deliveries over TLS: the certificate is checked, against the system's authorities or those of the settings.
#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <thread>

#include "tests/webhooks/fixture.h"

using namespace tests::webhooks;
namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;

namespace {

template <class T, void (*free)(T*)>
struct Free {
  void operator()(T* it) const { free(it); }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509, X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION, X509_EXTENSION_free>>;

// Signed by itself, for this name only.
Certificate certificate_for(const std::string& name, EVP_PKEY* key) {
  Certificate made(X509_new());
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3'600);
  X509_set_pubkey(made.get(), key);
  X509_NAME* subject = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(made.get(), subject);
  const Extension names(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, name.c_str()));
  X509_add_ext(made.get(), names.get(), -1);
  REQUIRE(X509_sign(made.get(), key, EVP_sha256()) != 0);
  return made;
}

// An endpoint that takes everything, one connection after the other.
class TlsReceiver {
 public:
  TlsReceiver(const std::string& name, const std::string& certificate_file)
      : key_(EVP_RSA_gen(2'048)), certificate_(certificate_for(name, key_.get())) {
    SSL_CTX_use_certificate(tls_.native_handle(), certificate_.get());
    SSL_CTX_use_PrivateKey(tls_.native_handle(), key_.get());
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(certificate_file.c_str(), "w"), &std::fclose);
    REQUIRE(PEM_write_X509(file.get(), certificate_.get()) == 1);
    thread_ = std::thread([this] { serve_all(); });
  }
  ~TlsReceiver() {
    stopped_ = true;
    beast::error_code ignored;
    Tcp::socket(loop_).connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  std::string url() const { return "https://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/"; }
  int taken() const { return taken_; }

 private:
  void serve_all() {
    while (!stopped_) {
      beast::error_code error;
      asio::ssl::stream<Tcp::socket> stream(acceptor_.accept(), tls_);
      stream.handshake(asio::ssl::stream_base::server, error);
      beast::flat_buffer buffer;
      while (!error) {
        beast::http::request<beast::http::string_body> request;
        beast::http::read(stream, buffer, request, error);
        if (error) break;
        taken_ += request["webhook-signature"].starts_with("v1,") ? 1 : 0;
        beast::http::response<beast::http::empty_body> response(beast::http::status::no_content, 11);
        response.prepare_payload();
        beast::http::write(stream, response, error);
      }
    }
  }

  asio::io_context loop_;
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  Key key_;
  Certificate certificate_;
  Tcp::acceptor acceptor_{loop_, {asio::ip::address_v4::loopback(), 0}};
  std::atomic<bool> stopped_{false};
  std::atomic<int> taken_{0};
  std::thread thread_;
};

}  // namespace

TEST_CASE("webhooks: over TLS, to a certificate that is trusted and has the endpoint's name") {
  Fixture fixture;
  const std::string file = fixture.file("../ca.pem"), wrong_file = fixture.file("../wrong.pem");
  std::filesystem::create_directories(fixture.file(""));
  TlsReceiver receiver("IP:127.0.0.1", file);
  auto options = fixture.options(receiver.url());
  options.ca_file = file;
  options.concurrency = 1;
  const auto deliverer = fixture.deliverer(options);
  deliverer->start();
  fixture.open("alice");
  fixture.credit("alice", 5);
  CHECK(eventually([&] { return receiver.taken() == 6; }));
  deliverer->stop();

  TlsReceiver wrong("DNS:somebody.example", wrong_file);
  auto refusing = [&](const std::string& url, const std::string& ca_file, const std::string& name) {
    auto other = fixture.options(url);
    other.name = name;
    other.ca_file = ca_file;
    return fixture.deliverer(other);
  };
  const auto unknown = refusing(receiver.url(), "", "unknown"),
             misnamed = refusing(wrong.url(), wrong_file, "misnamed");
  for (const auto& each : {unknown.get(), misnamed.get()}) each->start();
  fixture.credit("alice");
  for (const auto& each : {unknown.get(), misnamed.get()}) {
    CHECK(eventually([&] { return each->status().failures >= 5; }));
    CHECK(each->status().problem.find("certificate") != std::string::npos);
    each->stop();
  }
  CHECK(receiver.taken() == 6);
  CHECK(wrong.taken() == 0);
}
