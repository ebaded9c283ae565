// The part of the door that is watched: the radar, and what the server did moment by moment.
#include <ctime>

#include "adapters/events/followers.h"
#include "adapters/http/door.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/watch.h"

namespace tote::http {

void Door::tick() {
  answer_projection_waiters();
  const std::int64_t now_s = std::time(nullptr);
  if (engine_ == nullptr || !overview_.is_due(now_s)) return;
  overview_.add(now_s, engine_->figures(),
                options_.followers == nullptr ? std::vector<events::FollowerStatus>{} : options_.followers->statuses());
}

bool Door::serve_hot(Asked& asked) {
  engine_->hottest(tenant_at(asked.ticket.tenant), asked.decoded.limit,
                   [this, &sink = asked.sink, tag = asked.tag](Code code, HotEntities& hot) {
                     Outcome outcome;
                     outcome.code = code;
                     outcome.lsn = engine_->log().durable();
                     if (code == Code::ok) append_hot(outcome.answer, hot, options_.kinds);
                     sink.done(tag, outcome);
                   });
  return false;
}

// A day's are a megabyte of text.
bool Door::serve_overview(Asked& asked) {
  const Decoded& decoded = asked.decoded;
  const auto page =
      std::make_shared<const Overview::Page>(overview_.page(decoded.step_s, decoded.after_s, decoded.limit));
  const auto outcome = std::make_shared<Outcome>();
  outcome->lsn = engine_->log().durable();
  renderer_->ask([outcome, page] { append_overview(outcome->answer, *page); },
                 [outcome, &sink = asked.sink, tag = asked.tag] { sink.done(tag, *outcome); });
  return false;
}

bool Door::serve_followers(Asked& asked) {
  std::string text;
  append_followers(
      text, options_.followers == nullptr ? std::vector<events::FollowerStatus>{} : options_.followers->statuses(),
      engine_ == nullptr ? Lsn{} : engine_->log().durable());
  return show(asked, text);
}

bool Door::serve_token(Asked& asked) {
  const Ticket& ticket = asked.ticket;
  std::string text;
  append_string(text += "{\"tenant\":", options_.tenants.empty() ? "default" : options_.tenants[ticket.tenant].id);
  append_string(text += ",\"role\":", name_of(ticket.role));
  append_string(text += ",\"name\":", ticket.actor);
  text += open_to_all() ? ",\"open\":true}" : ",\"open\":false}";
  return show(asked, text);
}

}  // namespace tote::http
