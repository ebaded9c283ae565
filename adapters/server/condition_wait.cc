#include "adapters/server/condition_wait.h"

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

#include "adapters/server/loop.h"

namespace tote::server {

using Clock = std::chrono::steady_clock;

// Lives as long as its timer is set.
struct ConditionWait::Wait : std::enable_shared_from_this<Wait> {
  Wait(boost::asio::io_context& io, Clock::time_point the_end, std::function<bool()> the_condition,
       std::function<void()> the_rest)
      : timer(io), ends_at(the_end), is_so(std::move(the_condition)), then(std::move(the_rest)) {}

  void look_in(std::chrono::milliseconds time) {
    timer.expires_after(time);
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error && !self->is_cancelled) self->look();
    });
  }
  void look() {
    constexpr auto look_every = std::chrono::milliseconds(2);
    if (Clock::now() < ends_at && !is_so()) return look_in(look_every);
    then();
  }

  boost::asio::steady_timer timer;
  const Clock::time_point ends_at;
  const std::function<bool()> is_so;
  const std::function<void()> then;
  bool is_cancelled = false;
};

void ConditionWait::start(std::int64_t most_ms, std::function<bool()> is_so, std::function<void()> then) {
  cancel();
  const auto wait = std::make_shared<Wait>(host_.loop().io, Clock::now() + std::chrono::milliseconds(most_ms),
                                           std::move(is_so), std::move(then));
  wait_ = wait;
  wait->look_in({});
}

void ConditionWait::cancel() {
  if (const auto wait = wait_.lock()) wait->is_cancelled = true;
}

}  // namespace tote::server
