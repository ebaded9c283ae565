#include "tests/destinations/destinations.h"

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>

#include "adapters/cli/kinds.h"
#include "adapters/cli/log_file.h"
#include "adapters/events/event_reader.h"
#include "tests/http/client.h"

namespace tests {

using tests::http::Client;
using tote::events::DomainEvent;

std::vector<DomainEvent> events_in(const std::string& data) {
  const auto log = tote::cli::open_log(data);
  // Only then it knows where it ends.
  tote::cli::each_record(*log, tote::cli::kinds(), log->first(), "read",
                         [](tote::Lsn, const tote::wal::Record&) { return true; });
  tote::events::EventReader reader(*log, tote::cli::kinds());
  std::vector<DomainEvent> all;
  while (reader.read(100'000, all)) continue;
  return all;
}

void ToteServer::start(tote::cli::test::Child::Arguments arguments) {
  server_ = std::make_unique<tote::cli::test::Server>(data_, std::move(arguments));
  REQUIRE_MESSAGE(server_->ready(), server_->child().err());
}

void ToteServer::stop() {
  server_->child().signal(SIGTERM);
  REQUIRE_MESSAGE(server_->child().wait() == 0, server_->child().err());
}

void ToteServer::kill() {
  server_->child().signal(SIGKILL);
  REQUIRE(server_->child().wait() == 128 + SIGKILL);
}

void ToteServer::must(const std::string& method, const std::string& path, const std::string& body) const {
  const auto response = Client(port()).ask(method, path, body);
  REQUIRE_MESSAGE(response.status < 300, response.body);
}

double ToteServer::metric(const std::string& name) const {
  const std::string page = Client(port()).get("/metrics").body;
  const auto at = page.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::strtod(page.c_str() + at + name.size() + 2, nullptr);
}

bool ToteServer::wait_for(const std::string& destination) const {
  const double wanted = metric("tote_log_durable_lsn");
  const std::string lsn = "tote_destination_lsn{destination=\"" + destination + "\"}";
  const bool came = comes_true([&] { return metric(lsn) >= wanted; });
  if (!came) MESSAGE(Client(port()).get("/metrics").body);
  return came;
}

bool ToteServer::wait_for_calls() const {
  return comes_true([this] { return metric("tote_calls_outstanding") == 0; });
}

std::size_t told_up_to(tote::Lsn lsn, const std::vector<DomainEvent>& expected) {
  const auto end = std::ranges::upper_bound(expected, lsn, {}, &DomainEvent::lsn);
  return static_cast<std::size_t>(end - expected.begin());
}

std::size_t same_as(const std::vector<std::string>& found, const std::vector<DomainEvent>& expected) {
  std::size_t same = 0;
  while (same < found.size() && same < expected.size() && found[same] == expected[same].id) ++same;
  return same;
}

void check_stream(const NatsServer& nats, const std::string& stream, const std::string& data, tote::Lsn lsn) {
  const auto expected = events_in(data);
  std::vector<std::string> ids;
  std::size_t differ = 0;
  for (const StoredMessage& message : nats.messages(stream)) {
    const std::size_t at = ids.size();
    differ += at < expected.size() && message.data == expected[at].cloud ? 0 : 1;
    ids.push_back(message.headers.at("Nats-Msg-Id"));
  }
  CHECK(ids.size() >= told_up_to(lsn, expected));
  CHECK(same_as(ids, expected) == ids.size());
  CHECK(differ == 0);
}

}  // namespace tests
