#include "tests/webhooks/fixture.h"

#include <chrono>
#include <future>
#include <map>
#include <set>
#include <thread>

#include "actors/wallet/wallet.h"
#include "adapters/events/event_reader.h"

namespace tests::webhooks {

using namespace tote;

namespace {

void must(Engine& engine, const std::string& tenant, Request request) {
  request.tenant = engine.tenant(tenant).value();
  REQUIRE(engine.call(std::move(request)).code <= Code::accepted);
}

}  // namespace

Fixture::Fixture() : kinds_{kind_of<Wallet>()} {
  Options options;
  options.directory = directory_.file("data");
  options.kinds = kinds_;
  options.disk_free_bytes_min = 1 << 20;
  auto opened = Engine::open(std::move(options));
  if (const auto* error = std::get_if<OpenError>(&opened)) FAIL(error->detail);
  engine_ = std::get<std::unique_ptr<Engine>>(std::move(opened));
}

Fixture::~Fixture() { engine_->close(); }

void Fixture::open(const std::string& wallet, const std::string& tenant) {
  must(*engine_, tenant, request<Wallet>(wallet, Wallet::Open{*currency_of("EUR"), {}}));
}

void Fixture::credit(const std::string& wallet, int times, const std::string& tenant) {
  std::vector<Request> requests;
  for (int i = 0; i < times; ++i) {
    requests.push_back(request<Wallet>(wallet, Wallet::Credit{{100}}));
    requests.back().tenant = engine_->tenant(tenant).value();
  }
  std::promise<bool> done;
  engine_->submit(std::move(requests), [&](std::span<Outcome> outcomes) {
    bool is_fine = true;
    for (const Outcome& outcome : outcomes) is_fine = is_fine && outcome.code <= Code::accepted;
    done.set_value(is_fine);
  });
  REQUIRE(done.get_future().get());
}

void Fixture::debit(const std::string& wallet, const std::string& tenant) {
  must(*engine_, tenant, request<Wallet>(wallet, Wallet::Debit{{1}}));
}

tote::webhooks::EndpointOptions Fixture::options(const std::string& url) const {
  tote::webhooks::EndpointOptions options;
  options.name = "shop";
  options.url = url;
  options.secrets = {secret};
  options.allow_private = true;
  options.retry_first_ms = 5;
  return options;
}

std::unique_ptr<tote::webhooks::Deliverer> Fixture::deliverer(tote::webhooks::EndpointOptions options) const {
  return std::make_unique<tote::webhooks::Deliverer>(engine_->log(), kinds_, std::move(options),
                                                     directory_.file("destinations"));
}

std::vector<events::DomainEvent> Fixture::expected() const {
  events::EventReader reader(engine_->log(), kinds_);
  std::vector<events::DomainEvent> all;
  while (reader.read(10'000, all)) {
  }
  return all;
}

bool eventually(const std::function<bool()>& is_so) {
  for (int i = 0; i < 4'000; ++i) {
    if (is_so()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

void check_all_taken(const std::vector<events::DomainEvent>& expected, const std::vector<Delivery>& taken, bool once) {
  std::set<std::string> wanted, ids;
  for (const auto& event : expected) wanted.insert(event.id);
  std::map<std::string, std::uint64_t> last;
  std::size_t unsigned_count = 0, out_of_order = 0;
  for (const Delivery& each : taken) {
    if (!each.is_signed) ++unsigned_count;
    if (!ids.insert(each.id).second) continue;
    std::uint64_t& lsn = last[each.tenant + "/" + each.subject];
    if (each.lsn <= lsn) ++out_of_order;
    lsn = each.lsn;
  }
  CHECK(ids == wanted);
  CHECK(unsigned_count == 0);
  CHECK(out_of_order == 0);
  if (once) CHECK(taken.size() == ids.size());
}

}  // namespace tests::webhooks
