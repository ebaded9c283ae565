#include "adapters/server/host.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <csignal>

#include "adapters/server/loop.h"

namespace tote::server {

namespace asio = boost::asio;

Host::Host() : loop_(std::make_unique<Loop>()) {}
Host::~Host() = default;

void Host::Loop::schedule_poll() {
  if (poll_posted) return;
  poll_posted = true;
  asio::post(io, [this] { poll(); });
}

void Host::Loop::poll() {
  poll_posted = false;
  if (engine == nullptr) return;
  const Turn turn(turns);
  engine->poll();
  for (const auto& handler : after_poll) handler();
  arm_timer();
}

// The timer is only ever moved forward: a due time that went later costs one poll too many, not a system call a turn.
void Host::Loop::arm_timer() {
  const std::int64_t due_ms = engine->next_due_ms();
  if (due_ms == 0) return schedule_poll();
  const auto at = Clock::now() + std::chrono::milliseconds(due_ms);
  if (at >= due_at) return;
  due_at = at;
  due.expires_at(at);
  due.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    due_at = Clock::time_point::max();
    poll();
  });
}

std::function<void()> Host::waker() {
  return [loop = loop_.get()] {
    asio::post(loop->io, [loop] {
      if (!loop->poll_posted) loop->poll();  // else one comes anyway, behind everything that is ready
    });
  };
}

void Host::attach(Engine& engine) {
  loop_->engine = &engine;
  loop_->schedule_poll();  // a wake may have come before there was anything to poll
}

void Host::detach() {
  loop_->engine = nullptr;
  loop_->due.cancel();
  loop_->due_at = Loop::Clock::time_point::max();
}

void Host::on_signals(std::function<void(int)> handler) {
  loop_->signals.add(SIGINT);
  loop_->signals.add(SIGTERM);
  loop_->signals.async_wait([this, handler = std::move(handler)](const boost::system::error_code& error, int signal) {
    if (error) return;
    on_signals(handler);
    handler(signal);
  });
}

void Host::on_hangup(std::function<void()> handler) {
  loop_->hangup.add(SIGHUP);
  loop_->hangup.async_wait([this, handler = std::move(handler)](const boost::system::error_code& error, int) {
    if (error) return;
    on_hangup(handler);
    handler();
  });
}

void Host::post(std::function<void()> work) { asio::post(loop_->io, std::move(work)); }

void Host::run() {
  const auto guard = asio::make_work_guard(loop_->io);
  loop_->io.run();
  loop_->io.restart();  // afterwards: a stop() that came before run() counts
}

void Host::stop() { loop_->io.stop(); }

}  // namespace tote::server
