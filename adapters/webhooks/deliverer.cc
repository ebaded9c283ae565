#include "adapters/webhooks/deliverer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <system_error>

#include "adapters/events/log_checks.h"
#include "adapters/events/number_text.h"
#include "adapters/webhooks/address.h"
#include "adapters/webhooks/signature.h"

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
constexpr int shed_at_once = 64;              // of a window full of events that are refused
constexpr int refused_in_row_max = 20;        // then an operator should look
constexpr seconds save_every{1};

// In the cursor's notes.
const std::string note_disabled = "disabled", note_url = "url_sha256", note_ahead = "ahead",
                  note_ahead_time = "ahead_time", note_owed = "owed ";

std::string text_of(Position position) {
  return std::to_string(position.lsn.value) + "/" + std::to_string(position.events);
}

// "41/3": after LSN 41, and after three events of the next record.
Position parsed(std::string_view text, const std::string& path) {
  const auto slash = text.find('/');
  const auto lsn = events::number_of<std::uint64_t>(text.substr(0, slash));
  const auto told =
      slash == std::string_view::npos ? std::nullopt : events::number_of<std::uint32_t>(text.substr(slash + 1));
  if (!lsn || !told)
    throw Mismatch(path + " isn't a webhook's cursor: \"" + std::string(text) +
                   "\" is no position (an LSN, a slash and a number of events)");
  return {{*lsn}, *told};
}

Time parsed_time(std::string_view text, const std::string& path) {
  const auto ns = events::number_of<std::int64_t>(text);
  if (!ns) throw Mismatch(path + " isn't a webhook's cursor: \"" + std::string(text) + "\" is no time in nanoseconds");
  return {*ns};
}

std::string checked_name(const EndpointOptions& options) {
  if (const auto problem = problem_of(options); !problem.empty())
    throw std::invalid_argument("webhook " + options.name + ": " + problem);
  return options.name;
}

events::TypeFilter filter_of(const EndpointOptions& options) {
  if (options.types.empty()) return {};
  return [types = options.types](std::string_view type) { return is_wanted(types, type); };
}

// It is there, and refuses this event: that says nothing about others.
bool is_about_event(int status) {
  constexpr int statuses[] = {400, 406, 409, 413, 415, 422};
  return std::find(std::begin(statuses), std::end(statuses), status) != std::end(statuses);
}

// libcurl leaves the signal to its program: a connection that breaks off while it is written to is just an error.
void block_sigpipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

Deliverer::Deliverer(const wal::LogReader& log, Kinds kinds, EndpointOptions options,
                     const std::string& cursor_directory)
    : Follower(log, "webhook-" + checked_name(options), "tote-webhook"),
      options_(std::move(options)),
      cursor_file_(cursor_directory, "webhook-" + options_.name, log),
      put_aside_file_(cursor_directory + "/webhook-" + options_.name + ".put_aside.ndjson"),
      reader_(log, std::move(kinds), options_.tenant, filter_of(options_)),
      rereader_(reader_),
      pace_(milliseconds(options_.retry_first_ms)),
      begins_at_(log.durable()) {}

void Deliverer::follow() {
  block_sigpipe();
  const bool is_open = open();
  try {
    while (is_open && disabled_.empty() && !stopped()) turn();
  } catch (const std::exception&) {
    finish();
    throw;
  }
  finish();
  while (!stopped()) pause(seconds(3'600));  // disabled
}

bool Deliverer::open() {
  set_put_aside(put_aside_ = put_aside_file_.count());
  window_ = {};
  saved_ = events::load_or_begin(cursor_file_, begins_at_, name());
  saved_at_ = Clock::now();
  resume(saved_);
  arrived(saved_.position.lsn);
  const auto why = saved_.notes.find(note_disabled), url = saved_.notes.find(note_url);
  if (why != saved_.notes.end() && url != saved_.notes.end() && url->second == fingerprint(options_.url)) {
    set_problem(why->second, "disabled");
    spdlog::warn("{}: {} is disabled ({}), until its url is changed", name(), shown_url(options_.url), why->second);
    return false;
  }
  transport_ = std::make_unique<Transport>(options_);
  spdlog::info("{}: {} has everything up to LSN {}", name(), shown_url(options_.url), saved_.position.lsn.value);
  return true;
}

void Deliverer::resume(const Cursor& cursor) {
  Position ahead = cursor.position;
  for (const auto& [note, value] : cursor.notes) {
    if (note == note_ahead) ahead = parsed(value, cursor_file_.path());
    if (note.starts_with(note_owed)) window_.owe(note.substr(note_owed.size()), parsed(value, cursor_file_.path()));
  }
  const auto time = cursor.notes.find(note_ahead_time);
  if (time != cursor.notes.end())
    events::check_history(log(), cursor_file_.path(), ahead.lsn, parsed_time(time->second, cursor_file_.path()));
  else
    events::check_not_ahead(cursor_file_.path(), ahead.lsn, log().durable());
  reader_.seek(ahead);
}

// Its position is what is surely told. What was told beyond, past entities that are stuck, is in its notes, so that a
// restart doesn't tell all of it again.
Cursor Deliverer::cursor() const {
  Cursor cursor{settled_to()};
  if (!disabled_.empty()) cursor.notes = {{note_disabled, disabled_}, {note_url, fingerprint(options_.url)}};
  const auto progress = window_.progress();
  if (progress.stuck.empty()) return cursor;
  const Position ahead = progress.ahead.value_or(reader_.position());
  cursor.notes[note_ahead] = text_of(ahead);
  cursor.notes[note_ahead_time] = std::to_string(events::time_of(log(), ahead.lsn).ns);
  for (const auto& [entity, from] : progress.stuck) cursor.notes[note_owed + entity] = text_of(from);
  return cursor;
}

void Deliverer::turn() {
  const bool is_at_end = !read_ahead();
  const bool is_filled = !read_again();
  send_due();
  if (transport_->flying() > 0) {
    for (const Answer& answer : transport_->wait(milliseconds(transport_->has_room() ? 10 : 50))) settle(answer);
  } else if (is_at_end && is_filled) {
    if (window_.size() == 0 && reader_.position().lsn >= log().durable()) caught_up();
    wait_for_more();
  }
  tell_status();
  if (Clock::now() - saved_at_ >= save_every) save_cursor();
}

// False: there is nothing new, or no room for it.
bool Deliverer::read_ahead() {
  const auto began_at = Clock::now();
  const Lsn durable = log().durable(), from = reader_.position().lsn;
  if (began_at < reads_at_ || from >= durable) return false;
  // Others behind a window of events that the endpoint refuses get their turn.
  if (window_.is_full() && window_.is_stuck() && !pace_.is_away())
    for (int i = 0; i < shed_at_once && window_.shed(); ++i) continue;
  if (window_.is_full()) return false;
  std::vector<DomainEvent> found;
  if (!reader_.read(std::min(read_events_max, Window::events_max - window_.size()), found)) return false;
  const auto now = Clock::now();
  for (DomainEvent& event : found) window_.push(std::move(event), now);
  reads_at_ = now + rest_after(began_at, durable, reader_.position().lsn.value - from.value);
  return true;
}

// What the window left in the log of an entity that was stuck. False: there is no such entity, or no room for it.
bool Deliverer::read_again() {
  const auto starved = window_.starved();
  if (!starved || window_.is_full()) return false;
  const Position end = reader_.position();
  if (end < starved->from) return false;  // after a restart: it was told further than the others were read
  std::vector<DomainEvent> found;
  rereader_.seek(starved->from);
  rereader_.read(read_events_max, found);
  const Position to = std::min(rereader_.position(), end);
  std::erase_if(found, [&](const DomainEvent& event) {
    return Position::after(event) > end || Window::entity_of(event) != starved->entity;
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
  if (!disabled_.empty()) return;
  if (answer.problem.empty())
    on_delivered(answer);
  else if (answer.status == 410)
    disable(answer.problem);
  else
    on_failed(answer);
}

void Deliverer::on_delivered(const Answer& answer) {
  const auto now = Clock::now();
  is_there(now);
  if (refused_in_row_ >= refused_in_row_max) arrived(settled_to().lsn);
  refused_in_row_ = 0;
  delivered_at_ = now;
  ++delivered_;
  window_.settle(answer.after, now);
}

void Deliverer::is_there(Clock::time_point now) {
  const bool was_away = pace_.is_away();
  pace_.succeeded();
  if (!was_away) return;
  window_.hurry(now);  // that they failed wasn't their fault
  arrived(settled_to().lsn);
  spdlog::info("{}: it is there again", name());
}

// It says nothing about others; but when it refuses one after the other, somebody should look.
void Deliverer::on_refused(const Answer& answer) {
  is_there(Clock::now());
  if (++refused_in_row_ < refused_in_row_max) return;
  set_problem(answer.problem, "refusing");
  if (refused_in_row_ == refused_in_row_max)
    spdlog::warn("{}: it refused {} tries in a row, the last: {}", name(), refused_in_row_, answer.problem);
}

void Deliverer::on_failed(const Answer& answer) {
  failed();
  const auto now = Clock::now();
  const bool was_away = pace_.is_away(), may_ask = answer.status == 429 || answer.status == 503;
  const milliseconds asked =
      may_ask ? std::min<milliseconds>(seconds(std::min<std::int64_t>(answer.retry_after_s, 86'400)), Pace::gap_max)
              : milliseconds(0);
  if (is_about_event(answer.status))
    on_refused(answer);
  else
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
  set_put_aside(++put_aside_);
  spdlog::error("{}: event {} of {} (LSN {}) failed {} times and is put aside", name(), item.event.id,
                Window::entity_of(item.event), item.event.lsn.value, item.failures);
  window_.settle(Position::after(item.event), Clock::now());
}

void Deliverer::disable(const std::string& why) {
  failed();
  disabled_ = why;
  set_problem(why, "disabled");
  spdlog::error("{}: {} {}: disabled until its url is changed", name(), shown_url(options_.url), why);
}

void Deliverer::tell_status() {
  moved(settled_to().lsn, delivered_);
  delivered_ = 0;
}

// A disk that doesn't take it is no reason to deliver less: what is delivered again after a restart grows, that's all.
void Deliverer::save_cursor() {
  saved_at_ = Clock::now();
  try {
    Cursor now = cursor();
    if (now.position == saved_.position && now.notes == saved_.notes) return;
    cursor_file_.save(now);
    saved_ = std::move(now);
  } catch (const std::exception& error) {
    spdlog::error("{}: the cursor can't be saved: {}", name(), error.what());
  }
}

// What is on its way is broken off, and sent again after the next start.
void Deliverer::finish() {
  if (transport_ == nullptr) return;
  transport_.reset();
  tell_status();
  save_cursor();
}

}  // namespace tote::webhooks
