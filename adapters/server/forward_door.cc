#include "adapters/server/forward_door.h"

#include "adapters/server/response.h"

namespace tote::server {

struct ForwardDoor::Handed final : Exchange {
  void reset() override {
    Exchange::reset();
    answered = {};
    message.clear();
    id = 0;
  }

  Message message{};
  Forwarder::Answered answered{};
  Forwarder::Id id = 0;
};

std::unique_ptr<Exchange> ForwardDoor::make_exchange() { return std::make_unique<Handed>(); }

bool ForwardDoor::take(Message& message, Exchange& exchange, Sink& sink, std::uint64_t tag, std::string& out) {
  auto& handed = static_cast<Handed&>(exchange);
  if (const auto by = message.headers.other(forwarded_header)) {
    const std::string_view text = "Another node has handed this on to here, where the log isn't either.\n";
    begin_response(out, 503, "text/plain; charset=utf-8", text.size());
    append_header(out, not_here_header, forwarder_->node());
    append_header(out, "Retry-After", std::uint64_t{1});
    end_headers(out, framing_of(exchange, state_->date));
    if (!exchange.head_only) out += text;
    return true;
  }
  std::swap(handed.message, message);
  // One at a time: what a client has sent one after the other stays in that order, over whatever connections.
  handed.is_large = true;
  handed.waits = handed.message.method == Method::get && handed.message.headers.has(Header::tote_min_lsn);
  in_flight_.emplace(std::pair(&sink, tag), &handed);
  handed.id = forwarder_->ask(handed.message, *state_, [this, &handed, &sink, tag](Forwarder::Answered&& answered) {
    if (in_flight_.erase({&sink, tag}) == 0) return;  // the client has gone meanwhile
    handed.answered = std::move(answered);
    Outcome none;
    sink.done(tag, none);
  });
  return false;
}

void ForwardDoor::answer(Exchange& exchange, Outcome&, std::string& out) {
  auto& handed = static_cast<Handed&>(exchange);
  Forwarder::Answered& answered = handed.answered;
  if (answered.failure) return refuse(handed.message, exchange, *answered.failure, out);
  const bool is_last = exchange.close || answered.rest != nullptr;
  out += answered.head;
  if (is_last)
    out += "Connection: close\r\n";
  else if (exchange.http_1_0)
    out += "Connection: keep-alive\r\n";
  out += "\r\n";
  out += answered.body;
  exchange.stream = std::move(answered.rest);
}

void ForwardDoor::refuse(const Message& message, Exchange& exchange, const Failure& failure, std::string& out) {
  Handler& own = door_of_(message.target);
  const auto of_own = own.make_exchange();
  of_own->reset();
  of_own->head_only = exchange.head_only;
  of_own->close = exchange.close;
  of_own->http_1_0 = exchange.http_1_0;
  of_own->started = exchange.started;
  of_own->read = exchange.read;
  own.refuse(message, *of_own, failure, out);
  exchange.close |= of_own->close;
}

// It waits for what the other node hasn't yet: that is told by the connection's end.
void ForwardDoor::cancel(Sink& sink, std::uint64_t tag) {
  const auto found = in_flight_.find({&sink, tag});
  if (found == in_flight_.end()) return;
  Handed& handed = *found->second;
  in_flight_.erase(found);
  forwarder_->cancel(handed.id);
  handed.answered.failure = Failure{Failure::Reason::unavailable, "The client has gone."};
  state_->post([&sink, tag] {
    Outcome none;
    sink.done(tag, none);
  });
}

void ForwardDoor::stop() {
  for (const auto& [asker, handed] : in_flight_) forwarder_->cancel(handed->id);
  in_flight_.clear();
}

}  // namespace tote::server
