#include "adapters/cli/node_engine.h"

#include <algorithm>

namespace tote::cli {

// Takes an outcome on the engine's thread, for a sink of the loop's.
struct NodeEngine::Asked final : Sink {
  Asked(NodeEngine& of, Sink& the_sink, std::uint64_t the_tag, std::uint64_t the_number)
      : engine(of), sink(the_sink), tag(the_tag), number(the_number) {}
  void done(std::uint64_t, Outcome& outcome) override {
    engine.post_([&engine = engine, number = number, outcome = std::move(outcome)]() mutable {
      engine.answer(number, outcome);
    });
  }

  NodeEngine& engine;
  Sink& sink;
  const std::uint64_t tag, number;
};

NodeEngine::NodeEngine(std::function<void(std::function<void()>)> post) : post_(std::move(post)) {}

NodeEngine::~NodeEngine() = default;

void NodeEngine::stand_by(Engine& engine) {
  const std::unique_lock lock(mutex_);
  log_.open(engine.log());
  engine_ = &engine;
}

void NodeEngine::end() {
  {
    const std::unique_lock lock(mutex_);
    engine_ = nullptr;
  }
  log_.close();
}

// False: there is none any more.
template <class Work>
bool NodeEngine::ask(const Work& work) const {
  const std::shared_lock lock(mutex_);
  if (engine_ == nullptr) return false;
  work(*engine_);
  return true;
}

NodeEngine::Asked& NodeEngine::keep(Sink& sink, std::uint64_t tag) {
  const std::lock_guard lock(asked_mutex_);
  const std::uint64_t number = ++asked_ever_;
  return *asked_.emplace(number, std::make_unique<Asked>(*this, sink, tag, number)).first->second;
}

void NodeEngine::answer(std::uint64_t number, Outcome& outcome) {
  std::unique_ptr<Asked> asked;
  {
    const std::lock_guard lock(asked_mutex_);
    asked = std::move(asked_.extract(number).mapped());
  }
  asked->sink.done(asked->tag, outcome);
}

std::optional<Tenant> NodeEngine::tenant(std::string_view name) {
  std::optional<Tenant> tenant;
  ask([&](Engine& engine) { tenant = engine.tenant(name); });
  return tenant;
}

void NodeEngine::submit(Request request, Callback done) {
  if (is_owner_.load()) return engine_->submit(std::move(request), std::move(done));
  const auto told = [this, done = std::move(done)](Outcome& outcome) {
    post_([done, outcome = std::move(outcome)]() mutable { done(outcome); });
  };
  if (ask([&](Engine& engine) { engine.submit(std::move(request), told); })) return;
  Outcome refused{.code = Code::draining};
  told(refused);
}

void NodeEngine::submit(Request request, Sink& sink, std::uint64_t tag) {
  if (is_owner_.load()) return engine_->submit(std::move(request), sink, tag);
  Asked& asked = keep(sink, tag);
  const std::uint64_t number = asked.number;
  if (ask([&](Engine& engine) { engine.submit(std::move(request), asked, number); })) return;
  Outcome refused{.code = Code::draining};
  asked.done(number, refused);
}

void NodeEngine::submit(std::vector<Request> requests, BatchCallback done) {
  if (is_owner_.load()) return engine_->submit(std::move(requests), std::move(done));
  const std::size_t count = requests.size();
  const auto told = [this, done = std::move(done)](std::span<Outcome> outcomes) {
    post_([done, all = std::vector<Outcome>(outcomes.begin(), outcomes.end())]() mutable { done(all); });
  };
  if (ask([&](Engine& engine) { engine.submit(std::move(requests), told); })) return;
  std::vector<Outcome> refused(count, Outcome{.code = Code::draining});
  told(refused);
}

void NodeEngine::cancel(Sink& sink, std::uint64_t tag) {
  Asked* asked = nullptr;
  {
    const std::lock_guard lock(asked_mutex_);
    const auto found = std::ranges::find_if(
        asked_, [&](const auto& each) { return &each.second->sink == &sink && each.second->tag == tag; });
    if (found != asked_.end()) asked = found->second.get();
  }
  ask([&](Engine& engine) { asked == nullptr ? engine.cancel(sink, tag) : engine.cancel(*asked, asked->number); });
}

Outcome NodeEngine::call(Request request) {
  if (is_owner_.load()) return engine_->call(std::move(request));
  return {.code = Code::draining};  // it would wait for the loop that it is called on
}

void NodeEngine::history(Tenant tenant, KindId kind, std::string id, Version after, std::size_t limit,
                         HistoryCallback done) {
  if (is_owner_.load()) return engine_->history(tenant, kind, std::move(id), after, limit, std::move(done));
  const auto told = [this, done = std::move(done)](History& history) {
    post_([done, kept = std::make_shared<History>(std::move(history))] { done(*kept); });
  };
  if (ask([&](Engine& engine) { engine.history(tenant, kind, std::move(id), after, limit, told); })) return;
  History refused;
  refused.code = Code::draining;
  told(refused);
}

void NodeEngine::hottest(std::optional<Tenant> tenant, std::size_t count_max, HotCallback done) {
  if (is_owner_.load()) return engine_->hottest(tenant, count_max, std::move(done));
  const auto told = [this, done = std::move(done)](Code code, HotEntities& hot) {
    post_([done, code, kept = std::make_shared<HotEntities>(std::move(hot))] { done(code, *kept); });
  };
  HotEntities none;
  if (!ask([&](Engine& engine) { engine.hottest(tenant, count_max, told); })) told(Code::draining, none);
}

void NodeEngine::ids(Tenant tenant, IdsAsk asked, IdsCallback done) {
  if (is_owner_.load()) return engine_->ids(tenant, std::move(asked), std::move(done));
  const auto told = [this, done = std::move(done)](IdsPage& page) {
    post_([done, kept = std::make_shared<IdsPage>(std::move(page))] { done(*kept); });
  };
  if (ask([&](Engine& engine) { engine.ids(tenant, std::move(asked), told); })) return;
  IdsPage refused;
  refused.code = Code::draining;
  told(refused);
}

void NodeEngine::limit_entities(Tenant tenant, std::uint64_t max) {
  ask([&](Engine& engine) { engine.limit_entities(tenant, max); });
}

void NodeEngine::find_outcome(Tenant tenant, std::string key, Sink& sink, std::uint64_t tag) {
  if (is_owner_.load()) return engine_->find_outcome(tenant, std::move(key), sink, tag);
  Asked& asked = keep(sink, tag);
  const std::uint64_t number = asked.number;
  if (ask([&](Engine& engine) { engine.find_outcome(tenant, std::move(key), asked, number); })) return;
  Outcome refused{.code = Code::draining};
  asked.done(number, refused);
}

// Outside calls are made where the log is owned.
void NodeEngine::report(const EffectCall& call, Command result, Callback done) {
  ask([&](Engine& engine) { engine.report(call, std::move(result), std::move(done)); });
}

bool NodeEngine::back_up() {
  bool is_begun = false;
  ask([&](Engine& engine) { is_begun = engine.back_up(); });
  return is_begun;
}

BackupStatus NodeEngine::backup() const {
  BackupStatus status;
  ask([&](Engine& engine) { status = engine.backup(); });
  return status;
}

Figures NodeEngine::figures() const {
  Figures figures;
  ask([&](Engine& engine) { figures = engine.figures(); });
  return figures;
}

}  // namespace tote::cli
