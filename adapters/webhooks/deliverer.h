// Delivers domain events to one HTTP endpoint, as Standard Webhooks 1.0: on a thread of its own, behind the engine,
// which it never holds up. From the first start on, each event at least once, with the same webhook-id each time; the
// events of one entity in their order.
//
// Only 2xx is success. Everything else is tried again, with growing gaps; 410 disables the endpoint until its url is
// changed. An endpoint that is away gets one probe at a time and misses nothing, however long it takes: the log keeps
// everything. An event that fails for long while others of the same endpoint don't is put aside, into
// `<cursor directory>/webhook-<name>.put_aside.ndjson`, so that its entity goes on.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "adapters/events/cursor_file.h"
#include "adapters/events/event_reader.h"
#include "adapters/events/follower.h"
#include "adapters/webhooks/endpoint.h"
#include "adapters/webhooks/pace.h"
#include "adapters/webhooks/put_aside_file.h"
#include "adapters/webhooks/transport.h"
#include "adapters/webhooks/window.h"

namespace tote::webhooks {

class Deliverer final : public events::Follower {
 public:
  // status().reason is "disconnected", "refusing", "disabled" or "stopped"; put_aside counts those of earlier starts,
  // too. `options` without a problem. Begins at the log's present end the first time. The cursor is
  // `<cursor_directory>/webhook-<name>.json`.
  Deliverer(const wal::LogReader& log, Kinds kinds, EndpointOptions options, const std::string& cursor_directory);
  ~Deliverer() override { stop(); }

  std::string destination() const override { return "webhook " + options_.name; }

 private:
  void follow() override;
  bool open();  // false: the endpoint is disabled
  void resume(const events::Cursor& cursor);
  events::Cursor cursor() const;
  void turn();
  bool read_ahead();
  bool read_again();
  void send_due();
  void settle(const Answer& answer);
  void on_delivered(const Answer& answer);
  void on_failed(const Answer& answer);
  void on_refused(const Answer& answer);
  void is_there(Clock::time_point now);
  void disable(const std::string& why);
  void put_aside(const Window::Item& item);
  bool is_given_up(const Window::Item& item) const;
  void tell_status();
  void save_cursor();
  void finish();

  events::Position settled_to() const { return window_.settled_to().value_or(reader_.position()); }

  const EndpointOptions options_;
  const events::CursorFile cursor_file_;
  const PutAsideFile put_aside_file_;
  events::EventReader reader_, rereader_;  // ahead, and of what was left in the log
  Window window_;
  Pace pace_;
  std::unique_ptr<Transport> transport_;

  const Lsn begins_at_;
  events::Cursor saved_;
  Clock::time_point saved_at_{}, delivered_at_{}, reads_at_{};
  std::uint64_t delivered_ = 0;  // since tell_status()
  int refused_in_row_ = 0;
  std::string disabled_;         // why; empty: it isn't
  std::uint64_t put_aside_ = 0;  // events in the file
};

}  // namespace tote::webhooks
