// What a page of the log says when the log can't be read.
#include "adapters/http/log_feed.h"

#include <doctest/doctest.h>

#include <future>

#include "tests/support/made_up_log.h"

namespace tote::http {

TEST_CASE("log: a page that meets damage is told as that, with its LSN, and not as too much load") {
  tests::MadeUpLog log(20);
  log.damage = {Lsn{17}, "its checksum is wrong"};
  LogFeed feed(log, {});
  std::promise<LogFeed::Page> promise;
  REQUIRE(feed.ask({.tenant = "default", .after = Lsn{3}, .limit = 10, .done = [&](LogFeed::Page&& page) {
                      promise.set_value(std::move(page));
                    }}));
  const LogFeed::Page page = promise.get_future().get();
  CHECK(page.code == Code::log_damaged);
  CHECK(page.damaged == Lsn{17});
}

}  // namespace tote::http
