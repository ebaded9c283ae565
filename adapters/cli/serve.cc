// `tote serve`.
#include <cstdio>
#include <utility>

#include "adapters/cli/commands.h"
#include "adapters/cli/errors.h"
#include "adapters/cli/service.h"
#include "adapters/cli/text.h"
#include "adapters/http/access.h"

namespace tote::cli {
namespace {

// Whoever can reach the port could move the money.
void check_exposure(const Settings& settings) {
  if (!settings.tenants.empty() || http::is_loopback(endpoint_of(settings.listen)->host)) return;
  throw UsageError("listen: " + settings.listen +
                   " can be reached from other machines, which needs a token: add a [[tenant]] to tote.toml, "
                   "or listen on 127.0.0.1");
}

void print_listening(const Settings& settings, const Service& service) {
  const auto tenants = settings.tenants.size();
  std::printf(
      "listening  %s, %s\n", service.url().c_str(),
      tenants == 0 ? "no token asked for" : (grouped(tenants) + (tenants == 1 ? " tenant" : " tenants")).c_str());
  std::printf("console    %s/console\n", service.url().c_str());
  if (is_clustered(settings)) std::printf("cluster    %s\n", service.cluster_line().c_str());
}

// Whether requests are answered here or handed on: once.
void print_word(bool& is_said) {
  if (!std::exchange(is_said, true)) std::puts("READY");
  std::fflush(stdout);
}

void print_ready(const Settings& settings, const Service& service, const Engine& engine, bool& is_said) {
  const auto figures = engine.figures();
  std::printf("recovered  %s records in %s\n", grouped(figures.records_recovered).c_str(),
              seconds(figures.recovery_ns).c_str());
  print_listening(settings, service);
  for (const auto& follower : service.followers().statuses())
    std::printf("%s %s\n", follower.role == events::Role::projection ? "projecting" : "events    ",
                follower.destination.c_str());
  print_word(is_said);
}

}  // namespace

int serve(const Effective& effective, const Kinds& kinds, std::function<Effective()> reread) {
  const auto& settings = effective.settings;
  check_exposure(settings);
  check_files(settings);
  Service service(settings, kinds);
  service.reread_with([reread = std::move(reread)] { return reread().settings; });
  if (const auto problem = service.listen(settings.listen); !problem.empty()) throw Failure(problem);
  std::printf("tote %s\ndata       %s\n", version_text().c_str(), settings.data.c_str());
  std::fflush(stdout);  // recovery may take a while
  bool is_said = false;
  service.run([&](const Engine& engine) { print_ready(settings, service, engine, is_said); },
              [&] {
                print_listening(settings, service);
                print_word(is_said);
              });
  return exit_ok;
}

}  // namespace tote::cli
