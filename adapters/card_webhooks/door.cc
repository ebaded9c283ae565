#include "adapters/card_webhooks/door.h"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <fstream>

#include "actors/payment_event/payment_events.h"
#include "adapters/server/response.h"
#include "engine/kernel/name.h"

namespace tote::card_webhooks {

using namespace server;

// A "no", as the API says it (RFC 9457). Status 0: there is nothing against it.
struct Door::Problem {
  unsigned status = 0;
  std::string_view code{}, title{};
  std::string detail{};
  std::int64_t retry_after_s = 0;
  std::string_view allow{};
  std::string_view outcome = "not_executed";
};

struct Door::Ticket : Exchange {
  Problem problem{};  // found beside the loop

  void reset() override {
    Exchange::reset();
    problem = {};
  }
};

// One event on its way: what it needs to be looked at, and what that came to.
struct Door::Job {
  std::string body{}, signature{};
  std::shared_ptr<const std::vector<std::string>> secrets{};
  Ticket* ticket = nullptr;  // waits for its answer, as long as this is among the door's jobs
  Sink* sink = nullptr;
  std::uint64_t tag = 0;
  Problem problem{};
  ReadEvent event{};
};

namespace {

constexpr std::int64_t window_s_max = 86'400;
constexpr std::string_view signature_header = "Stripe-Signature";

std::int64_t unix_now_s() {
  using namespace std::chrono;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

unsigned status_of(RefusalClass category) {
  switch (category) {
    case RefusalClass::invalid: return 400;
    case RefusalClass::unavailable: return 503;
    case RefusalClass::limited: return 429;
    case RefusalClass::late: return 504;
    case RefusalClass::conflict: return 409;
    default: return 500;
  }
}

const RefusalText& text_of(Code code) {
  const auto all = refusals();
  const auto found = std::ranges::find(all, code, &RefusalText::code);
  return found != all.end() ? *found : *std::ranges::find(all, Code::internal_error, &RefusalText::code);
}

}  // namespace

std::string problem_of(const DoorOptions& options) {
  if (!is_valid_id(options.name)) return "name must be 1 to 128 characters of A-Z a-z 0-9 . _ : -";
  const bool is_path = options.path.size() > 1 && options.path.front() == '/' && options.path.back() != '/' &&
                       options.path.find("//") == std::string::npos &&
                       std::ranges::all_of(options.path, [](char c) { return is_id_char(c) || c == '/'; });
  if (!is_path) return "path must be a path such as /webhooks/stripe";
  for (const std::string_view taken : {"/v1", "/console", "/problems"})
    if (options.path == taken || options.path.starts_with(std::string(taken) + '/'))
      return "path: " + options.path + " is the API's";
  if (!is_valid_id(options.tenant)) return "tenant must be 1 to 128 characters of A-Z a-z 0-9 . _ : -";
  if (options.secret_files.empty()) return "secret_files must name a file with a secret, or nobody can sign";
  if (options.tolerance_s < 1 || options.tolerance_s > window_s_max)
    return "tolerance_s must be 1 to " + std::to_string(window_s_max);
  if (options.future_s < 0 || options.future_s > window_s_max)
    return "future_s must be 0 to " + std::to_string(window_s_max);
  for (const std::string* name : {&options.metadata.match, &options.metadata.player, &options.metadata.order})
    if (name->empty() || name->size() > 40) return "metadata: names have 1 to 40 bytes";
  return {};
}

Secrets read_secrets(const DoorOptions& options) {
  Secrets secrets;
  for (const std::string& path : options.secret_files) {
    std::ifstream in(path);
    std::string secret, more;
    if (!(in >> secret)) return {{}, path + " can't be read, or is empty"};
    if (in >> more) return {{}, path + " must hold one secret and nothing else"};
    if (const auto problem = problem_of_secret(secret); !problem.empty()) return {{}, path + ": " + problem};
    secrets.all.push_back(std::move(secret));
  }
  return secrets;
}

Door::Door(DoorOptions options, std::vector<std::string> secrets)
    : options_(std::move(options)), thread_("tote-webhooks", beside_max, [this](JobPtr&& job) {
        look_at(*job);
        state_->post([this, job = std::move(job)] { finish_later(job); });
      }) {
  set_secrets(std::move(secrets));
}

Door::~Door() { thread_.stop(); }

void Door::set_secrets(std::vector<std::string> secrets) {
  secrets_ = std::make_shared<const std::vector<std::string>>(std::move(secrets));
}

std::string Door::attach(Engine& engine) {
  const auto tenant = engine.tenant(options_.tenant);
  if (!tenant) return "card_webhook " + options_.name + ": there are too many tenants";
  tenant_ = *tenant;
  engine_ = &engine;
  return {};
}

std::unique_ptr<Exchange> Door::make_exchange() { return std::make_unique<Ticket>(); }

// As far as the header tells.
Door::Problem Door::why_not(const Message& message) const {
  if (split_target(message.target).path != options_.path)
    return {404, "not_found", "Not found", "There is no such path.", 0, {}};
  if (message.method != Method::post)
    return {405, "method_not_allowed", "Not a method of this path", "Events are posted.", 0, "POST"};
  if (!message.headers.other(signature_header))
    return {400, "signature_invalid", "The signature isn't valid", "The header Stripe-Signature must come once.", 0,
            {}};
  return {};
}

// Whoever doesn't sign needn't send a body.
Handler::Admission Door::admit(const Message& message, Exchange&, std::unique_ptr<Owner>&) {
  return why_not(message).status == 0 ? Admission::admitted : Admission::cut_off;
}

void Door::deny(const Message& message, Exchange& exchange, std::string& out) { say(exchange, why_not(message), out); }

bool Door::take(Message& message, Exchange& exchange, Sink& sink, std::uint64_t tag, std::string& out) {
  auto& ticket = static_cast<Ticket&>(exchange);
  const bool is_small = message.body.size() <= looked_at_here_bytes_max;
  const auto job = std::make_shared<Job>(Job{
      std::move(message.body), std::string(*message.headers.other(signature_header)), secrets_, &ticket, &sink, tag});
  if (is_small) {
    look_at(*job);
    return finish(*job, &out);
  }
  jobs_.push_back(job);
  if (thread_.ask(job)) return false;
  jobs_.pop_back();
  job->problem = problem_of(Code::overloaded);
  return finish(*job, &out);
}

void Door::look_at(Job& job) const {
  const SignatureWindow window{options_.tolerance_s, options_.future_s};
  switch (check_signature(job.signature, job.body, *job.secrets, unix_now_s(), window)) {
    case SignatureState::invalid:
      job.problem = {400, "signature_invalid", "The signature isn't valid",
                     "The body isn't what was signed with one of the secrets."};
      return;
    case SignatureState::expired:
      job.problem = {400, "signature_expired", "The signature is too old",
                     "The time of the signature is too far from now; or a clock is wrong."};
      return;
    case SignatureState::valid: break;
  }
  auto read = read_event(job.body, options_.metadata);
  if (auto* bad = std::get_if<BadEvent>(&read))
    job.problem = {400, "invalid_request", "The request can't be understood", std::move(bad->detail)};
  else
    job.event = std::move(std::get<ReadEvent>(read));
}

// True: it is answered, in `out`. Without one the sink is told, and the answer comes from there.
bool Door::finish(Job& job, std::string* out) {
  if (job.problem.status == 0 && engine_ == nullptr) job.problem = problem_of(Code::overloaded);
  if (job.problem.status == 0) {
    Request receive = request<PaymentEvents>(
        std::string(PaymentEvents::id), PaymentEvents::Receive{std::move(job.event.id), std::move(job.event.notice)});
    receive.tenant = tenant_;
    engine_->submit(std::move(receive), *job.sink, job.tag);
    return false;
  }
  if (out != nullptr) return say(*job.ticket, job.problem, *out), true;
  job.ticket->problem = std::move(job.problem);
  Outcome none;
  job.sink->done(job.tag, none);
  return true;
}

void Door::finish_later(const JobPtr& job) {
  const auto found = std::ranges::find(jobs_, job);
  if (found == jobs_.end()) return;  // it was answered when the server stopped
  jobs_.erase(found);
  finish(*job, nullptr);
}

void Door::stop() {
  thread_.stop();
  while (!jobs_.empty()) {
    const JobPtr job = jobs_.front();
    jobs_.pop_front();
    job->problem = problem_of(Code::draining);
    finish(*job, nullptr);
  }
}

void Door::answer(Exchange& exchange, Outcome& outcome, std::string& out) {
  if (const auto& problem = static_cast<Ticket&>(exchange).problem; problem.status != 0)
    return say(exchange, problem, out);
  if (is_success(outcome.code))
    return append_response(out, 200, "application/json", R"({"received":true})", framing_of(exchange, state_->date));
  say(exchange, problem_of(outcome.code), out);
}

Door::Problem Door::problem_of(Code code) {
  const RefusalText& text = text_of(code);
  return {status_of(text.category), text.name, text.title, std::string(text.detail), text.retry_after_s};
}

void Door::refuse(const Message&, Exchange& exchange, const Failure& failure, std::string& out) {
  using Reason = Failure::Reason;
  switch (failure.reason) {
    case Reason::body_too_large:
      return say(exchange,
                 {413,
                  "body_too_large",
                  "The body is too large",
                  "Events have at most " + std::to_string(event_bytes_max) + " bytes.",
                  0,
                  {}},
                 out);
    case Reason::header_too_large:
      return say(exchange, {431, "header_too_large", "The header is too large", failure.detail, 0, {}}, out);
    case Reason::timed_out:
      return say(exchange, {408, "request_timeout", "The request took too long to arrive", failure.detail, 0, {}}, out);
    case Reason::overloaded: return say(exchange, {503, "overloaded", "Too much at once", failure.detail, 1, {}}, out);
    case Reason::unavailable:
      return say(exchange, {503, "overloaded", "Not at the moment", failure.detail, 1, {}}, out);
    case Reason::unanswered:
      return say(exchange, {503, "overloaded", "Not answered", failure.detail, 1, {}, "unknown"}, out);
    case Reason::malformed: break;
  }
  say(exchange, {400, "invalid_request", "The request can't be understood", failure.detail, 0, {}}, out);
}

void Door::say(const Exchange& exchange, const Problem& problem, std::string& out) const {
  namespace json = boost::json;
  const auto text = [](std::string_view from) { return json::string(from.data(), from.size()); };
  json::object body{{"type", text("/problems/" + std::string(problem.code))},
                    {"title", text(problem.title)},
                    {"status", problem.status},
                    {"detail", text(problem.detail.empty() ? problem.title : std::string_view(problem.detail))},
                    {"code", text(problem.code)},
                    {"outcome", text(problem.outcome)}};
  if (problem.retry_after_s != 0) body["retry_after_s"] = problem.retry_after_s;
  const std::string bytes = json::serialize(body);
  begin_response(out, problem.status, "application/problem+json", bytes.size());
  if (problem.retry_after_s != 0) append_header(out, "Retry-After", static_cast<std::uint64_t>(problem.retry_after_s));
  if (!problem.allow.empty()) append_header(out, "Allow", problem.allow);
  end_headers(out, framing_of(exchange, state_->date));
  if (!exchange.head_only) out += bytes;
}

}  // namespace tote::card_webhooks
