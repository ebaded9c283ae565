#include "adapters/webhooks/deliverer.h"

#include <signal.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include "adapters/webhooks/address.h"

namespace tote::webhooks {
namespace {

using events::Cursor;
using events::DomainEvent;
using events::Mismatch;
using events::Position;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t put_aside_max = 10'000;
constexpr std::size_t read_events_max = 256;  // at once
constexpr int failures_beside_min = 3;        // before an event is given up
constexpr seconds save_every{1};

std::string checked_name(const EndpointOptions& options) {
  if (const auto problem = problem_of(options); !problem.empty())
    throw std::invalid_argument("webhook " + options.name + ": " + problem);
  return options.name;
}

// libcurl leaves the signal to its program: a connection that breaks off while it is written to is just an error.
void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

Deliverer::Deliverer(events::LogSource log, Kinds kinds, EndpointOptions options, const std::string& cursor_directory)
    : Follower(std::move(log), "webhook " + checked_name(options), "tote-webhook"),
      kinds_(std::move(kinds)),
      options_(std::move(options)),
      cursor_file_(cursor_directory, "webhook-" + options_.name, this->log().id),
      put_aside_file_(cursor_directory + "/webhook-" + options_.name + ".put_aside.ndjson"),
      reader_(this->log(), kinds_, options_.tenant),
      pace_(milliseconds(options_.retry_first_ms)) {}

void Deliverer::follow() {
  block_sigpipe();
  const bool is_open = open();
  try {
    while (is_open && !is_disabled_ && !stopped()) turn();
  } catch (const std::exception&) {
    finish();
    throw;
  }
  finish();
  while (!stopped()) pause(seconds(3'600));  // disabled
}

bool Deliverer::open() {
  put_aside_ = put_aside_file_.count();
  auto cursor = cursor_file_.load();
  if (!cursor) {
    cursor = Cursor{{log().durable(), 0}};  // from now on, also if it is never reached before the next start
    cursor_file_.save(*cursor);
  }
  if (cursor->position.lsn > log().durable())
    throw Mismatch(cursor_file_.path() + " has everything up to LSN " + std::to_string(cursor->position.lsn.value) +
                   ", but the log ends at " + std::to_string(log().durable().value) +
                   ": acknowledged records were lost");
  reader_.seek(cursor->position);
  saved_ = cursor->position;
  saved_at_ = Clock::now();
  notes_ = std::move(cursor->notes);
  arrived(saved_.lsn);
  if (notes_.contains("disabled") && notes_["url"] == options_.url) {
    set_problem(notes_["disabled"], "disabled");
    spdlog::warn("{}: {} is disabled ({}), until its url is changed", name(), shown_url(options_.url),
                 notes_["disabled"]);
    return false;
  }
  notes_.clear();
  transport_ = std::make_unique<Transport>(options_);
  spdlog::info("{}: {} has everything up to LSN {}", name(), shown_url(options_.url), saved_.lsn.value);
  return true;
}

void Deliverer::turn() {
  const bool is_at_end = !read_ahead();
  const bool is_filled = !read_again();
  send_due();
  if (transport_->flying() > 0) {
    for (const Answer& answer : transport_->wait(milliseconds(transport_->has_room() ? 10 : 50))) settle(answer);
  } else if (is_at_end && is_filled) {
    if (window_.size() == 0) caught_up();
    wait_for_more();
  }
  tell_figures();
  if (Clock::now() - saved_at_ >= save_every) save_cursor();
}

// False: there is nothing new, or no room for it.
bool Deliverer::read_ahead() {
  if (window_.is_full()) return false;
  std::vector<DomainEvent> found;
  if (!reader_.read(std::min(read_events_max, Window::events_max - window_.size()), found)) return false;
  const auto now = Clock::now();
  for (DomainEvent& event : found)
    if (is_wanted(options_.types, event.type)) window_.push(std::move(event), now);
  return true;
}

// What the window left in the log of an entity that was stuck. False: there is no such entity.
bool Deliverer::read_again() {
  const auto starved = window_.starved();
  if (!starved) return false;
  events::EventReader reader(log(), kinds_, options_.tenant);
  reader.seek(starved->from);
  std::vector<DomainEvent> found;
  reader.read(read_events_max, found);
  const Position end = reader_.position(), to = std::min(reader.position(), end);
  std::erase_if(found, [&](const DomainEvent& event) {
    return event.lsn > end.lsn || Window::entity_of(event) != starved->entity || !is_wanted(options_.types, event.type);
  });
  window_.refill(starved->entity, std::move(found), to, to == end, Clock::now());
  return true;
}

void Deliverer::send_due() {
  const auto now = Clock::now();
  while (transport_->has_room() && pace_.may_send(now, transport_->flying())) {
    Window::Item* const item = pace_.is_away() ? window_.take_any() : window_.take_due(now);
    if (item == nullptr) return;
    transport_->send(item->event);
  }
}

void Deliverer::settle(const Answer& answer) {
  if (is_disabled_) return;
  if (answer.problem.empty())
    on_delivered(answer);
  else if (answer.status == 410)
    disable(answer.problem);
  else
    on_failed(answer);
}

void Deliverer::on_delivered(const Answer& answer) {
  const auto now = Clock::now();
  const bool was_away = pace_.is_away();
  pace_.succeeded();
  delivered_at_ = now;
  ++delivered_;
  window_.settle(answer.after, now);
  if (!was_away) return;
  window_.hurry(now);  // that they failed wasn't their fault
  arrived(settled_to().lsn);
  spdlog::info("{}: it is there again", name());
}

void Deliverer::on_failed(const Answer& answer) {
  ++failures_;
  const auto now = Clock::now();
  const bool was_away = pace_.is_away(), may_ask = answer.status == 429 || answer.status == 503;
  const milliseconds asked =
      may_ask ? std::min<milliseconds>(seconds(std::min<std::int64_t>(answer.retry_after_s, 86'400)), Pace::gap_max)
              : milliseconds(0);
  pace_.failed(now, asked);
  if (answer.status == 429) pace_.hold(now + asked);  // a limit is the endpoint's, not the event's
  const Window::Item& item = window_.at(answer.after);
  window_.retry(answer.after, now, now + std::max(pace_.gap(item.failures + 1), asked), delivered_at_);
  spdlog::debug("{}: event {} of LSN {}: {}", name(), item.event.id, item.event.lsn.value, answer.problem);
  if (pace_.is_away()) set_problem(answer.problem, "disconnected");
  if (pace_.is_away() && !was_away)
    spdlog::warn("{}: it failed {} times in a row, the last: {}; one try at a time from now on", name(),
                 pace_.failures_in_row(), answer.problem);
  if (is_given_up(item)) put_aside(item);
}

// Not while the endpoint as a whole is away: unless the window is full of such events, so that nothing else is tried.
bool Deliverer::is_given_up(const Window::Item& item) const {
  return item.last_failed_at - item.first_failed_at >= seconds(options_.give_up_after_s) &&
         item.failures_beside >= failures_beside_min && (!pace_.is_away() || window_.is_full());
}

void Deliverer::put_aside(const Window::Item& item) {
  if (put_aside_ >= put_aside_max) throw std::runtime_error(put_aside_file_.path() + " is full");
  try {
    put_aside_file_.append(item.event.cloud);
  } catch (const std::system_error& error) {
    spdlog::error("{}: event {} can't be put aside: {}", name(), item.event.id, error.what());
    return;  // tried again like before
  }
  ++put_aside_;
  spdlog::error("{}: event {} of {} (LSN {}) failed {} times and is put aside", name(), item.event.id,
                Window::entity_of(item.event), item.event.lsn.value, item.failures);
  window_.settle(Position::after(item.event), Clock::now());
}

void Deliverer::disable(const std::string& why) {
  ++failures_;
  is_disabled_ = true;
  notes_ = {{"disabled", why}, {"url", options_.url}};
  set_problem(why, "disabled");
  spdlog::error("{}: {} {}: disabled until its url is changed", name(), shown_url(options_.url), why);
}

void Deliverer::tell_figures() {
  moved(settled_to().lsn, delivered_);
  delivered_ = 0;
}

// A disk that doesn't take it is no reason to deliver less: what is delivered again after a restart grows, that's all.
void Deliverer::save_cursor() {
  saved_at_ = Clock::now();
  const Position position = settled_to();
  if (position == saved_ && !is_disabled_) return;
  try {
    cursor_file_.save({position, notes_});
    saved_ = position;
  } catch (const std::system_error& error) {
    spdlog::error("{}: the cursor can't be saved: {}", name(), error.what());
  }
}

// What is on its way is broken off, and sent again after the next start.
void Deliverer::finish() {
  if (transport_ == nullptr) return;
  transport_.reset();
  tell_figures();
  save_cursor();
}

}  // namespace tote::webhooks
