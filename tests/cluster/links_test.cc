// Connections between nodes, plain and with certificates, over real sockets.
#include "adapters/cluster/links.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/cluster/wire.h"
#include "tests/temp_directory.h"
#include "tests/tls/certificates.h"

namespace tote::cluster {
namespace {

namespace asio = boost::asio;
using replication::Held;
using replication::Message;
using replication::NodeId;
using tests::tls::Authority;

// One node's links, and what they told.
struct End {
  End(asio::io_context& io, const std::string& node, LinkOptions options = {})
      : links(io, with(options, node), told()) {}

  static LinkOptions with(LinkOptions options, const std::string& node) {
    options.shard = "tote";
    options.self = {node};
    return options;
  }
  Links::Told told() {
    return {[this](const NodeId& from, Message message) { heard.emplace_back(from.text, std::move(message)); },
            [this](const NodeId&, FillMessage message) { fills.push_back(std::move(message)); },
            [this](const std::string& sentence) { problems.push_back(sentence); }};
  }
  bool has_problem(const std::string& part) const {
    for (const std::string& problem : problems)
      if (problem.find(part) != std::string::npos) return true;
    return false;
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(links.port()); }

  std::vector<std::pair<std::string, Message>> heard{};
  std::vector<FillMessage> fills{};
  std::vector<std::string> problems{};
  Links links;
};

// Runs what is ready until it is so; `again` is said from time to time, as the protocol says things again.
bool run_until(asio::io_context& io, const std::function<bool()>& is_so, const std::function<void()>& again = {},
               std::chrono::milliseconds most = std::chrono::seconds(20)) {
  const auto limit = std::chrono::steady_clock::now() + most;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    if (again) again();
    io.restart();
    io.run_for(std::chrono::milliseconds(5));
  }
  return true;
}

LinkOptions shown(const Authority::Files& files, const Authority& authority) {
  LinkOptions options;
  options.tls_certificate = files.certificate;
  options.tls_key = files.key;
  options.tls_ca = authority.certificate();
  return options;
}

std::size_t resident_bytes() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

const Message held = Held{{7}, {{12}, {1, 2}}};

TEST_CASE("links: nodes that show certificates of one authority talk, also after one began again") {
  const tests::TempDirectory directory;
  const Authority authority(directory.path(), "ca");
  asio::io_context io;
  End one(io, "n1", shown(authority.issue("n1"), authority));
  auto other = std::make_unique<End>(io, "n2", shown(authority.issue("n2"), authority));
  one.links.know({"n2"}, other->address());
  other->links.know({"n1"}, one.address());
  const auto talk = [&] {
    one.links.send({"n2"}, held);
    other->links.send({"n1"}, held);
  };
  CHECK(run_until(
      io, [&] { return !one.heard.empty() && !other->heard.empty(); }, talk));
  CHECK(one.heard[0].first == "n2");
  CHECK(other->heard[0].first == "n1");
  CHECK(std::get<Held>(one.heard[0].second).end.lsn == Lsn{12});
  one.heard.clear();
  other = std::make_unique<End>(io, "n2", shown(authority.issue("n2"), authority));
  one.links.know({"n2"}, other->address());
  other->links.know({"n1"}, one.address());
  CHECK(run_until(
      io, [&] { return !one.heard.empty() && !other->heard.empty(); }, talk));
  CHECK(one.problems.empty());
}

TEST_CASE("links: a node that is known again where it was keeps its connection") {
  asio::io_context io;
  End one(io, "n1"), other(io, "n2");
  one.links.know({"n2"}, other.address());
  one.links.send({"n2"}, held);
  CHECK(run_until(io, [&] { return other.heard.size() == 1; }));
  for (int i = 0; i < 3; ++i) {
    one.links.know({"n2"}, other.address());
    one.links.send({"n2"}, held);
  }
  // Nothing is lost, as it would be with a connection.
  CHECK(run_until(io, [&] { return other.heard.size() == 4; }));
}

TEST_CASE("links: who can't show a certificate of the cluster's is closed, and named") {
  const tests::TempDirectory directory;
  const Authority authority(directory.path(), "ca"), foreign(directory.path(), "foreign");
  asio::io_context io;
  End one(io, "n1", shown(authority.issue("n1"), authority));
  SUBCASE("one of another authority") {
    // It believes ours, so that only what it shows is wrong.
    End other(io, "n2", shown(foreign.issue("n2"), authority));
    other.links.know({"n1"}, one.address());
    const auto say = [&] { other.links.send({"n1"}, held); };
    CHECK(run_until(
        io, [&] { return one.has_problem("can't show a certificate of this cluster's"); }, say));
    CHECK(one.has_problem("somebody at 127.0.0.1 "));
    CHECK(run_until(
        io, [&] { return other.has_problem("n1 and this node don't believe each other"); }, say));
  }
  SUBCASE("one that shows nothing, since it speaks no TLS") {
    End other(io, "n2");
    other.links.know({"n1"}, one.address());
    CHECK(run_until(
        io, [&] { return one.has_problem("can't show a certificate"); }, [&] { other.links.send({"n1"}, held); }));
  }
  SUBCASE("one that says it is another node than its certificate does") {
    End other(io, "n2", shown(authority.issue("n3"), authority));
    other.links.know({"n1"}, one.address());
    CHECK(run_until(
        io, [&] { return one.has_problem("says that it is n2, which its certificate doesn't name"); },
        [&] { other.links.send({"n1"}, held); }));
  }
  SUBCASE("one whom we call, and who is another node") {
    End other(io, "n3", shown(authority.issue("n3"), authority));
    one.links.know({"n2"}, other.address());
    CHECK(run_until(
        io, [&] { return one.has_problem("n2 shows a certificate that doesn't name it"); },
        [&] { one.links.send({"n2"}, held); }));
    CHECK(other.heard.empty());
  }
  SUBCASE("one whom we call, and who has another authority's") {
    LinkOptions options = shown(foreign.issue("n2"), foreign);
    End other(io, "n2", options);
    one.links.know({"n2"}, other.address());
    CHECK(run_until(
        io, [&] { return one.has_problem("n2 and this node don't believe each other"); },
        [&] { one.links.send({"n2"}, held); }));
    CHECK(other.heard.empty());
  }
  CHECK(one.heard.empty());
}

TEST_CASE("links: who doesn't say who it is makes way") {
  asio::io_context io;
  LinkOptions options;
  options.greeting_timeout_ms = 100;
  options.connections_max = 1;
  End one(io, "n1", options);
  asio::ip::tcp::socket silent(io);
  silent.connect({asio::ip::address_v4::loopback(), one.links.port()});
  bool is_closed = false;
  char byte = 0;
  asio::async_read(silent, asio::buffer(&byte, 1),
                   [&](const boost::system::error_code& error, std::size_t) { is_closed = error.failed(); });
  CHECK(run_until(io, [&] { return is_closed; }));
  End other(io, "n2");
  other.links.know({"n1"}, one.address());
  CHECK(run_until(
      io, [&] { return !one.heard.empty(); }, [&] { other.links.send({"n1"}, held); }));
}

TEST_CASE("links: certificates are read again, and those before them hold while the new ones are wrong") {
  const tests::TempDirectory directory, other_directory;
  const Authority before(directory.path(), "before"), after(other_directory.path(), "after");
  const LinkOptions options = shown(before.issue("n1"), before);
  const auto write = [](const std::string& path, const std::string& from) {
    std::filesystem::copy_file(from, path, std::filesystem::copy_options::overwrite_existing);
  };
  asio::io_context io;
  End one(io, "n1", options);
  End other(io, "n2", shown(after.issue("n2"), after));
  other.links.know({"n1"}, one.address());
  one.links.know({"n2"}, other.address());
  const auto talk = [&] {
    other.links.send({"n1"}, held);
    one.links.send({"n2"}, held);
  };
  const auto issued = after.issue("n1");
  write(options.tls_certificate, issued.certificate);
  CHECK(one.links.reread_certificates().find("tls_key") != std::string::npos);  // of another certificate
  CHECK(run_until(
      io, [&] { return one.has_problem("certificate") && other.has_problem("certificate"); }, talk));
  CHECK((one.heard.empty() && other.heard.empty()));
  write(options.tls_key, issued.key);
  write(options.tls_ca, after.certificate());
  CHECK(one.links.reread_certificates().empty());
  CHECK(run_until(
      io, [&] { return !one.heard.empty() && !other.heard.empty(); }, talk));
}

TEST_CASE("links: strangers that hold all places keep no node out") {
  asio::io_context io;
  LinkOptions options;
  options.greeting_timeout_ms = 60'000;
  options.connections_max = 3;
  End one(io, "n1", options);
  std::vector<asio::ip::tcp::socket> strangers;
  for (int i = 0; i < 10; ++i) strangers.emplace_back(io).connect({asio::ip::address_v4::loopback(), one.links.port()});
  End other(io, "n2");
  other.links.know({"n1"}, one.address());
  CHECK(run_until(
      io, [&] { return !one.heard.empty(); }, [&] { other.links.send({"n1"}, held); }));
}

TEST_CASE("links: a node that connects again takes its own place, whose old connection may never be heard to end") {
  asio::io_context io;
  LinkOptions options;
  options.connections_max = 2;
  End one(io, "n1", options);
  std::string greeting;
  put(Greeting{"tote", {"n2"}, {"n1"}}, greeting);
  put(held, greeting);
  std::vector<asio::ip::tcp::socket> lost;
  for (std::size_t i = 1; i <= 5; ++i) {
    lost.emplace_back(io).connect({asio::ip::address_v4::loopback(), one.links.port()});
    asio::write(lost.back(), asio::buffer(greeting));
    CHECK(run_until(io, [&] { return one.heard.size() == i; }));
  }
  End other(io, "n3");
  other.links.know({"n1"}, one.address());
  CHECK(run_until(
      io, [&] { return one.heard.size() > 5; }, [&] { other.links.send({"n1"}, held); }));
  CHECK(one.problems.empty());
}

TEST_CASE("links: a packet gets memory as it comes, not as it is announced") {
  asio::io_context io;
  End one(io, "n1");
  std::string said;
  put(Greeting{"tote", {"n2"}, {"n1"}}, said);
  const auto size = static_cast<std::uint32_t>(packet_bytes_max);
  said.append(reinterpret_cast<const char*>(&size), sizeof size).append(100, 'x');
  asio::ip::tcp::socket slow(io);
  slow.connect({asio::ip::address_v4::loopback(), one.links.port()});
  const std::size_t before = resident_bytes();
  asio::write(slow, asio::buffer(said));
  run_until(
      io, [] { return false; }, {}, std::chrono::milliseconds(200));
  CHECK(resident_bytes() < before + (std::size_t{2} << 20));
}

TEST_CASE("links: a file that can't be used is named") {
  const tests::TempDirectory directory;
  const Authority authority(directory.path(), "ca");
  asio::io_context io;
  LinkOptions options = shown(authority.issue("n1"), authority);
  options.tls_key = directory.path() + "/none";
  const std::string why = "tls_key = " + options.tls_key + " can't be used";
  std::string said;
  try {
    const End one(io, "n1", options);
  } catch (const std::runtime_error& error) {
    said = error.what();
  }
  CHECK(said.starts_with(why));
}

}  // namespace
}  // namespace tote::cluster
