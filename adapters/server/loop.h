// The inside of Host. Only the .cc files that touch sockets include it: it brings Boost.Asio.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <list>

#include "adapters/server/host.h"
#include "adapters/server/turns.h"

namespace tote::server {

struct Host::Loop {
  using Clock = std::chrono::steady_clock;
  using AfterPoll = std::list<std::function<void()>>;

  boost::asio::io_context io{1};
  boost::asio::signal_set signals{io};
  boost::asio::signal_set hangup{io};
  boost::asio::steady_timer due{io};
  Clock::time_point due_at = Clock::time_point::max();  // when the timer fires; max = it isn't set
  Engine* engine = nullptr;
  bool poll_posted = false;
  Turns turns;
  AfterPoll after_poll;  // servers: write what the engine answered

  // Polls the engine once, after everything the loop has ready: what arrived in one turn is one batch.
  void schedule_poll();
  void poll();
  void arm_timer();
};

}  // namespace tote::server
