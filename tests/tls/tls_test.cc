// The server over TLS, with a real client of OpenSSL's.
#include "adapters/server/tls.h"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <fstream>
#include <future>
#include <thread>
#include <vector>

#include "adapters/server/forwarder.h"
#include "adapters/server/host.h"
#include "adapters/server/server.h"
#include "tests/temp_directory.h"
#include "tests/tls/bytes_door.h"
#include "tests/tls/certificates.h"

using namespace tests::tls;
using namespace tote::server;
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::shared_ptr<const TlsContext> context_of(const TlsFiles& files) {
  auto read = TlsContext::read(files);
  REQUIRE_MESSAGE(read.index() == 0, std::get<1>(read));
  return std::get<0>(read);
}

std::string problem_of(const TlsFiles& files) {
  const auto read = TlsContext::read(files);
  return read.index() == 0 ? "" : std::get<1>(read);
}

class Served {
 public:
  explicit Served(std::shared_ptr<const TlsContext> tls, Options options = {}) {
    options.listen = "127.0.0.1:0";
    options.tls = std::move(tls);
    auto listening = Server::listen(host_, std::move(options), std::make_shared<BytesDoor>());
    REQUIRE(listening.index() == 0);
    server_ = std::move(std::get<0>(listening));
    thread_ = std::thread([this] { host_.run(); });
  }
  ~Served() {
    host_.stop();
    thread_.join();
  }
  std::uint16_t port() const { return server_->port(); }
  void change(std::shared_ptr<const TlsContext> tls) {
    std::promise<void> done;
    host_.post([&] {
      server_->change_tls(std::move(tls));
      done.set_value();
    });
    done.get_future().wait();
  }

 private:
  Host host_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

// Blocking; trusts one authority alone.
class Client {
 public:
  explicit Client(const std::string& authority) : context_(asio::ssl::context::tls_client) {
    context_.load_verify_file(authority);
    context_.set_verify_mode(asio::ssl::verify_peer);
  }
  void show(const Authority::Files& files) {
    context_.use_certificate_chain_file(files.certificate);
    context_.use_private_key_file(files.key, asio::ssl::context::pem);
  }
  void at_most(int version) { SSL_CTX_set_max_proto_version(context_.native_handle(), version); }

  error_code connect(std::uint16_t port) {
    stream_.emplace(io_, context_);
    stream_->next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
    stream_->set_verify_callback(asio::ssl::host_name_verification("localhost"));
    error_code error;
    stream_->handshake(asio::ssl::stream_base::client, error);
    return error;
  }
  void send(const std::string& text) { asio::write(*stream_, asio::buffer(text)); }
  // The next answer's body; nothing when the connection ended.
  std::string body() {
    error_code error;
    const std::size_t header = asio::read_until(*stream_, asio::dynamic_buffer(in_), "\r\n\r\n", error);
    if (error) return {};
    const auto at = in_.find("Content-Length: ");
    const std::size_t bytes = std::stoul(in_.substr(at + 16));
    if (in_.size() < header + bytes)
      asio::read(*stream_, asio::dynamic_buffer(in_), asio::transfer_exactly(header + bytes - in_.size()));
    std::string out = in_.substr(header, bytes);
    in_.erase(0, header + bytes);
    return out;
  }
  std::string ask(const std::string& text, int times = 1, const std::string& header = {}) {
    send(request(text, times, header));
    return body();
  }
  static std::string request(const std::string& text, int times = 1, const std::string& header = {}) {
    return "POST /" + std::to_string(times) + " HTTP/1.1\r\nHost: localhost\r\n" + header +
           "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
  }
  error_code read_end() {
    char byte = 0;
    error_code error;
    asio::read(*stream_, asio::buffer(&byte, 1), error);
    return error;
  }
  std::string shown_name() {
    X509* certificate = SSL_get1_peer_certificate(stream_->native_handle());
    char name[64] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
    X509_free(certificate);
    return name;
  }
  SSL* native() { return stream_->native_handle(); }

 private:
  asio::io_context io_;
  asio::ssl::context context_;
  std::optional<asio::ssl::stream<tcp::socket>> stream_;
  std::string in_;
};

struct Scene {
  const tests::TempDirectory directory;
  Authority authority{directory.path(), "authority"};
  Authority::Files files = authority.issue("server");

  TlsFiles tls() const { return {files.certificate, files.key, {}}; }
};

std::string pattern(std::size_t bytes) {
  std::string text(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>('a' + i * 7 % 26);
  return text;
}

}  // namespace

TEST_CASE_FIXTURE(Scene, "requests and answers go through TLS 1.2 and 1.3 as they are, one after another or at once") {
  Served served(context_of(tls()));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    Client client(authority.certificate());
    client.at_most(version);
    REQUIRE(!client.connect(served.port()));
    CHECK(SSL_version(client.native()) == version);
    CHECK(client.ask("hello") == "hello");
    std::string three;
    for (const char* text : {"one", "two", "three"}) three += Client::request(text);
    client.send(three);
    CHECK(client.body() == "one");
    CHECK(client.body() == "two");
    CHECK(client.body() == "three");
    const std::string large = pattern(900'000);  // many records each way
    CHECK(client.ask(large) == large);
  }
}

TEST_CASE_FIXTURE(Scene, "a client that reads slowly gets every byte of large answers, in order") {
  Served served(context_of(tls()));
  Client client(authority.certificate());
  REQUIRE(!client.connect(served.port()));
  const std::string text = pattern(400'000);
  std::thread sender([&] {
    for (int i = 1; i <= 6; ++i) client.send(Client::request(text, 4 + i));
  });
  // More than the kernel keeps for it: the server has to wait in the middle of records.
  sender.join();
  for (int i = 1; i <= 6; ++i) {
    const std::string body = client.body();
    REQUIRE(body.size() == text.size() * static_cast<std::size_t>(4 + i));
    for (std::size_t at = 0; at < body.size(); at += text.size()) REQUIRE(body.compare(at, text.size(), text) == 0);
  }
}

TEST_CASE_FIXTURE(Scene, "the end of a connection is told in TLS, too: nobody takes a cut for an end") {
  Served served(context_of(tls()));
  Client client(authority.certificate());
  REQUIRE(!client.connect(served.port()));
  CHECK(client.ask("bye", 1, "Connection: close\r\n") == "bye");
  CHECK(client.read_end() == asio::error::eof);  // stream_truncated without a close_notify
}

TEST_CASE_FIXTURE(Scene, "a client that speaks HTTP without TLS is told so") {
  Served served(context_of(tls()));
  asio::io_context io;
  tcp::socket socket(io);
  socket.connect({asio::ip::make_address("127.0.0.1"), served.port()});
  asio::write(socket, asio::buffer(Client::request("hello")));
  std::string in;
  error_code error;
  asio::read(socket, asio::dynamic_buffer(in), error);
  CHECK(in.starts_with("HTTP/1.1 400 "));
  CHECK(in.find("speaks TLS") != std::string::npos);
}

TEST_CASE_FIXTURE(Scene, "TLS below 1.2 is refused") {
  Served served(context_of(tls()));
  Client client(authority.certificate());
  client.at_most(TLS1_1_VERSION);
  CHECK(client.connect(served.port()));
}

TEST_CASE_FIXTURE(Scene, "connections that never finish a handshake make way for those that do") {
  Options options;
  options.handshakes_max = 8;
  Served served(context_of(tls()), options);
  asio::io_context io;
  std::vector<tcp::socket> idle;
  for (int i = 0; i < 40; ++i) {
    idle.emplace_back(io);
    idle.back().connect({asio::ip::make_address("127.0.0.1"), served.port()});
  }
  Client client(authority.certificate());
  REQUIRE(!client.connect(served.port()));
  CHECK(client.ask("hello") == "hello");
  char byte = 0;
  error_code error;
  asio::read(idle.front(), asio::buffer(&byte, 1), error);  // returns: it was closed
  CHECK(error);
}

TEST_CASE_FIXTURE(Scene, "a handshake that takes too long is ended") {
  Options options;
  options.header_timeout_ms = 50;
  Served served(context_of(tls()), options);
  asio::io_context io;
  tcp::socket idle(io);
  idle.connect({asio::ip::make_address("127.0.0.1"), served.port()});
  char byte = 0;
  error_code error;
  asio::read(idle, asio::buffer(&byte, 1), error);
  CHECK(error == asio::error::eof);
}

TEST_CASE_FIXTURE(Scene, "with authorities for clients, who shows no certificate of theirs gets no answer") {
  const Authority theirs(directory.path(), "theirs"), others(directory.path(), "others");
  TlsFiles mutual = tls();
  mutual.client_ca = theirs.certificate();
  Served served(context_of(mutual));
  Client known(authority.certificate());
  known.show(theirs.issue("known"));
  REQUIRE(!known.connect(served.port()));
  CHECK(known.ask("hello") == "hello");

  Client nobody(authority.certificate()), stranger(authority.certificate());
  stranger.show(others.issue("stranger"));
  for (Client* client : {&nobody, &stranger})
    // In TLS 1.3 a client hears of it only when it reads.
    if (!client->connect(served.port())) {
      const error_code end = client->read_end();
      CHECK(end);
      CHECK(end != asio::error::eof);
    }
}

TEST_CASE_FIXTURE(Scene, "another certificate is shown to who connects from then on, and who is there stays") {
  Served served(context_of(tls()));
  Client before(authority.certificate()), after(authority.certificate());
  REQUIRE(!before.connect(served.port()));
  CHECK(before.shown_name() == "server");
  const auto next = authority.issue("next");
  served.change(context_of({next.certificate, next.key, {}}));
  REQUIRE(!after.connect(served.port()));
  CHECK(after.shown_name() == "next");
  CHECK(before.ask("still here") == "still here");
}

TEST_CASE_FIXTURE(Scene, "files that can't be used are refused with the setting, the file and the reason") {
  const auto other = authority.issue("other"), weak = authority.issue("weak", true);
  const std::string garbage = directory.path() + "/garbage.pem";
  std::ofstream(garbage) << "not a certificate\n";
  const auto has = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  CHECK(has(problem_of({directory.path() + "/none.pem", files.key, {}}), "none.pem"));
  CHECK(has(problem_of({directory.path() + "/none.pem", files.key, {}}), "No such file"));
  CHECK(has(problem_of({garbage, files.key, {}}), "tls_certificate = " + garbage));
  CHECK(has(problem_of({files.certificate, garbage, {}}), "tls_key = " + garbage));
  CHECK(problem_of({files.certificate, other.key, {}}) ==
        "tls_key = " + other.key + " isn't the key of " + files.certificate);
  CHECK(has(problem_of({weak.certificate, weak.key, {}}), "key too small"));
  CHECK(has(problem_of({files.certificate, files.key, garbage}), "tls_client_ca = " + garbage));
}

TEST_CASE_FIXTURE(Scene, "connections and handshakes that are open when a server ends are closed") {
  asio::io_context io;
  tcp::socket idle(io);
  Client client(authority.certificate());
  {
    Served served(context_of(tls()));
    REQUIRE(!client.connect(served.port()));
    CHECK(client.ask("hello") == "hello");
    idle.connect({asio::ip::make_address("127.0.0.1"), served.port()});
  }
  CHECK(client.read_end());
  char byte = 0;
  error_code error;
  asio::read(idle, asio::buffer(&byte, 1), error);
  CHECK(error);
}

namespace {

// A server that hands requests on to `url`, believing one authority.
class HandingOn {
 public:
  HandingOn(const std::string& url, const std::string& authority) {
    auto tls = TlsContext::read_client({"", "", authority});
    REQUIRE(tls.index() == 0);
    ForwarderOptions forwarding;
    forwarding.node = "n2";
    forwarding.tls = std::get<0>(tls);
    forwarding.wait_ms = 500;
    Options options;
    options.listen = "127.0.0.1:0";
    auto listening = Server::listen(host_, std::move(options), std::make_shared<BytesDoor>());
    REQUIRE(listening.index() == 0);
    server_ = std::move(std::get<0>(listening));
    const auto forwarder = std::make_shared<Forwarder>(host_, std::move(forwarding));
    server_->forward(forwarder);
    forwarder->aim(url);
    thread_ = std::thread([this] { host_.run(); });
  }
  ~HandingOn() {
    host_.stop();
    thread_.join();
    server_.reset();
  }
  // The whole answer to POST /3 with the body "abc", on a connection of its own.
  std::string ask() const {
    asio::io_context io;
    tcp::socket socket(io);
    socket.connect({asio::ip::make_address("127.0.0.1"), server_->port()});
    asio::write(
        socket,
        asio::buffer(std::string("POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc")));
    std::string text;
    error_code error;
    asio::read(socket, asio::dynamic_buffer(text), error);
    return text;
  }

 private:
  Host host_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("requests are handed on over TLS to whom the authority knows under that name, and to nobody else") {
  const tests::TempDirectory directory;
  const Authority authority(directory.path(), "ca"), foreign(directory.path(), "foreign");
  const auto files = authority.issue("server");
  const Served owner(context_of({files.certificate, files.key, ""}));
  const std::string port = ":" + std::to_string(owner.port());
  for (const char* host : {"127.0.0.1", "localhost"}) {
    const HandingOn node("https://" + (host + port), authority.certificate());
    const std::string answer = node.ask();
    CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(answer.ends_with("\r\n\r\nabcabcabc"));
  }
  const HandingOn other_name("https://127.0.0.2" + port, authority.certificate());
  CHECK(other_name.ask().starts_with("HTTP/1.1 503 "));
  const HandingOn stranger("https://127.0.0.1" + port, foreign.certificate());
  CHECK(stranger.ask().starts_with("HTTP/1.1 503 "));
  const HandingOn plain("http://127.0.0.1" + port, authority.certificate());
  CHECK_FALSE(plain.ask().starts_with("HTTP/1.1 200 "));
}
