#include "adapters/server/stale_door.h"

#include <algorithm>
#include <utility>

namespace tote::server {
namespace {

// Behind the status line of the answer that begins at `from`.
void say_age(std::string& out, std::size_t from, std::int64_t age_s) {
  const std::size_t end = out.find("\r\n", from);
  if (end != std::string::npos) out.insert(end + 2, "Age: " + std::to_string(age_s) + "\r\n");
}

}  // namespace

struct StaleDoor::Aged final : Exchange {
  explicit Aged(std::unique_ptr<Exchange> the_own) : own(std::move(the_own)) {}
  void reset() override {
    Exchange::reset();
    own->reset();
    age_s = 0;
  }

  const std::unique_ptr<Exchange> own;
  std::int64_t age_s = 0;
};

bool StaleDoor::takes(const Message& message) const {
  const bool is_read = message.method == Method::get || message.method == Method::head;
  return is_read && message.headers.other(read_header) == "stale" && age_ms_().has_value();
}

std::unique_ptr<Exchange> StaleDoor::make_exchange() { return std::make_unique<Aged>(own_.make_exchange()); }

// The other door sees what the server has said of the exchange, and the server what that door says.
template <class Work>
void StaleDoor::pass(Aged& aged, const Work& work) const {
  Exchange& own = *aged.own;
  own.head_only = aged.head_only;
  own.close = aged.close;
  own.http_1_0 = aged.http_1_0;
  own.started = aged.started;
  own.read = aged.read;
  work(own);
  aged.close = own.close;
  aged.is_large = own.is_large;
  aged.waits = own.waits;
  aged.stream = std::move(own.stream);
}

Handler::Admission StaleDoor::admit(const Message& message, Exchange& exchange, std::unique_ptr<Owner>& owner) {
  Admission admission{};
  pass(static_cast<Aged&>(exchange), [&](Exchange& own) { admission = own_.admit(message, own, owner); });
  return admission;
}

// In whole seconds, no less than it is: what the answer tells was all there was so long ago, or later.
bool StaleDoor::take(Message& message, Exchange& exchange, Sink& sink, std::uint64_t tag, std::string& out) {
  auto& aged = static_cast<Aged&>(exchange);
  const std::size_t from = out.size();
  aged.age_s = (age_ms_().value_or(0) + 999) / 1'000;
  bool is_answered = false;
  pass(aged, [&](Exchange& own) { is_answered = own_.take(message, own, sink, tag, out); });
  if (is_answered) say_age(out, from, aged.age_s);
  return is_answered;
}

void StaleDoor::answer(Exchange& exchange, Outcome& outcome, std::string& out) {
  auto& aged = static_cast<Aged&>(exchange);
  const std::size_t from = out.size();
  pass(aged, [&](Exchange& own) { own_.answer(own, outcome, out); });
  if (out.size() > from) say_age(out, from, aged.age_s);
}

void StaleDoor::deny(const Message& message, Exchange& exchange, std::string& out) {
  pass(static_cast<Aged&>(exchange), [&](Exchange& own) { own_.deny(message, own, out); });
}

void StaleDoor::refuse(const Message& message, Exchange& exchange, const Failure& failure, std::string& out) {
  pass(static_cast<Aged&>(exchange), [&](Exchange& own) { own_.refuse(message, own, failure, out); });
}

void StaleDoor::release(Exchange& exchange) { own_.release(*static_cast<Aged&>(exchange).own); }

}  // namespace tote::server
