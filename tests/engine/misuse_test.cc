// What an embedding program may get wrong: each is told, nothing of it happens, and the engine goes on.
#include <filesystem>
#include <future>
#include <limits>
#include <thread>

#include "engine/kernel/entity_script.h"
#include "engine/kernel/limits.h"
#include "tests/engine/disk.h"

namespace tote {
namespace {

// Opens wallet after wallet, or looks at the same one, and doesn't know an end.
struct Endless final : EntityScript<Wallet> {
  bool only_looks;

  explicit Endless(bool looks) : EntityScript("a", Wallet::Command(open_command())), only_looks(looks) {}
  static Wallet::Open open_command() { return {*currency_of("EUR")}; }
  Verdict run(Transaction& on) const override {
    for (std::uint64_t i = 0; i < std::numeric_limits<std::uint32_t>::max(); ++i) {
      if (only_looks)
        tote::look<Wallet>(on, "a");
      else
        tote::run<Wallet>(on, "w" + std::to_string(i), open_command());
    }
    return {};
  }
};

Request endless(bool looks) { return request<Wallet>("a", std::make_unique<Endless>(looks), "endless"); }

std::string why_not_opened(const Disk& disk, const std::function<void(Options&)>& change) {
  Options options = disk.options();
  change(options);
  return refusal_to_open(std::move(options)).detail;
}

bool says(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("misuse: call() in a callback is refused, and said once, instead of waiting for itself") {
  const Disk disk;
  Options options = disk.options();
  std::vector<std::string> alerts;  // of the loop thread
  options.on_alert = [&](const Alert& alert) { alerts.emplace_back(alert.text); };
  const auto engine = open_engine(options);
  std::promise<Outcome> inner;
  engine->submit(ask("alice", open()), [&](Outcome&) {
    engine->call(look("alice"));
    inner.set_value(engine->call(ask("alice", credit(5), "k")));
  });
  CHECK(inner.get_future().get().code == Code::internal_error);
  const Outcome outside = engine->call(ask("alice", credit(5), "k"));
  CHECK(outside.code == Code::ok);
  CHECK_FALSE(outside.replayed);
  engine->close();
  REQUIRE(alerts.size() == 1);
  CHECK(says(alerts[0], "call() in a callback"));
}

TEST_CASE("misuse: a host's callback that calls or polls gets no turn within a turn") {
  const Disk disk;
  Options options = disk.options();
  options.wake = [] {};
  const auto engine = open_engine(options);
  int callbacks = 0;
  for (int i = 0; i < 3; ++i)
    engine->submit(ask("w" + std::to_string(i), open()), [&](Outcome&) {
      const int before = ++callbacks;
      engine->poll();
      CHECK(engine->call(look("w0")).code == Code::internal_error);
      CHECK(callbacks == before);
    });
  CHECK(wait_until([&] { return engine->poll(), callbacks == 3; }));
  CHECK(engine->call(look("w0")).code == Code::ok);
}

TEST_CASE("misuse: a tenant's handle of nobody's is refused, whatever is asked") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  const Tenant nobody{999};
  Request change = ask("alice", open(), "k");
  change.tenant = nobody;
  CHECK(engine->call(std::move(change)).code == Code::invalid_request);
  std::vector<Request> both;
  both.push_back(ask("alice", open()));
  both.push_back(look("alice"));
  both.back().tenant = nobody;
  for (const Outcome& outcome : batch(*engine, std::move(both))) CHECK(outcome.code == Code::invalid_request);
  Code code = Code::ok;
  engine->history(nobody, Wallet::kind_id, "alice", {}, 10, [&](History& history) { code = history.code; });
  CHECK(code == Code::invalid_request);
  engine->ids(nobody, {}, [&](IdsPage& page) { code = Code::ok, code = page.code; });
  CHECK(code == Code::invalid_request);
  engine->hottest(nobody, 10, [&](Code of, HotEntities&) { code = of; });
  CHECK(code == Code::invalid_request);
  Answers answers;
  engine->find_outcome(nobody, "k", answers, 0);
  REQUIRE(answers.wait_for(1));
  CHECK(answers.take()[0].second.code == Code::invalid_request);
  engine->limit_entities(nobody, 1);
  CHECK(engine->call(ask("alice", open())).code == Code::created);
}

TEST_CASE("misuse: a command of another kind, no script, an absurd key or deadline") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  const auto code = [&](Request request) { return engine->call(std::move(request)).code; };
  CHECK(code({}) == Code::invalid_request);
  CHECK(code({.kind = Wallet::kind_id, .entity = "a", .command = Command(42), .key = "int"}) == Code::invalid_request);
  CHECK(code({.kind = Wallet::kind_id, .entity = "a", .command = Command(ScriptPtr()), .key = "s"}) ==
        Code::invalid_request);
  CHECK(code({.kind = Wallet::kind_id, .entity = "a", .is_question = true}) != Code::ok);
  CHECK_FALSE(is_success(code(ask("a", open(), std::string(1 << 20, 'k')))));
  Request late = ask("a", open(), "late");
  late.deadline_ms = -1;
  CHECK(code(std::move(late)) == Code::deadline_exceeded);
  Request patient = ask("a", open(), "patient");
  patient.deadline_ms = std::numeric_limits<std::int64_t>::max();
  CHECK(code(std::move(patient)) == Code::created);
}

TEST_CASE("misuse: a script without an end is ended, nothing of it happens, and others go on") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  engine->call(ask("a", open()));
  CHECK(engine->call(endless(true)).code == Code::internal_error);
  CHECK(engine->call(endless(false)).code == Code::internal_error);
  CHECK(engine->call(look("w0")).code == Code::not_found);
  CHECK(engine->call(ask("a", credit(1), "endless")).code == Code::ok);
}

TEST_CASE("misuse: nobody need be told, and a closed engine says so or nothing") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  engine->submit(ask("alice", open()), Engine::Callback());
  std::vector<Request> one;
  one.push_back(ask("alice", credit(7)));
  engine->submit(std::move(one), Engine::BatchCallback());
  CHECK(field(engine->call(look("alice")), "balance") == 7);
  engine->close();
  CHECK(engine->call(look("alice")).code == Code::draining);
  engine->visit([](std::string_view, const Kind&, std::string_view, const AnyEntity&) { FAIL("nobody is there"); });
  CHECK_FALSE(engine->back_up());
}

TEST_CASE("misuse: options that make no sense are refused in a sentence") {
  const Disk disk;
  CHECK(says(why_not_opened(disk, [](Options& options) { options.directory.clear(); }), "directory is empty"));
  CHECK(says(why_not_opened(disk, [](Options& options) { options.requests_max = 0; }), "requests_max is 0"));
  CHECK(
      says(why_not_opened(disk, [](Options& options) { options.keys_in_memory_max = 0; }), "keys_in_memory_max is 0"));
  CHECK(says(why_not_opened(disk, [](Options& options) { options.key_retention_s = -1; }), "key_retention_s"));
  CHECK(
      says(why_not_opened(disk, [](Options& options) { options.snapshot_interval_ms = -1; }), "snapshot_interval_ms"));
  CHECK(says(why_not_opened(disk, [](Options& options) { options.retention.log_s = -1; }), "retention"));
  CHECK(says(why_not_opened(disk, [](Options& options) { options.until = Lsn{3}; }), "until"));
  open_engine(disk.options());
}

TEST_CASE("misuse: a directory has one engine at a time, by whatever name") {
  const Disk disk;
  const auto engine = open_engine(disk.options());
  const std::string path = disk.options().directory;
  const tests::TempDirectory elsewhere;
  const std::string link = elsewhere.path() + "/link";
  std::filesystem::create_directory_symlink(path, link);
  const std::string names[] = {path + "/", path + "/.", link, std::filesystem::relative(path).string()};
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(
        says(why_not_opened(disk, [&](Options& options) { options.directory = name; }), "is in use by another engine"));
  }
  CHECK(engine->call(ask("alice", open())).code == Code::created);
}

}  // namespace tote
