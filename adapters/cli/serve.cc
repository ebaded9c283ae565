// `tote serve`.
#include <cstdio>

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

void print_ready(const Settings& settings, const Service& service, const Engine& engine) {
  const auto figures = engine.figures();
  const auto tenants = settings.tenants.size();
  std::printf("recovered  %s records in %s\n", grouped(figures.records_recovered).c_str(),
              seconds(figures.recovery_ns).c_str());
  std::printf(
      "listening  %s, %s\n", service.url().c_str(),
      tenants == 0 ? "no token asked for" : (grouped(tenants) + (tenants == 1 ? " tenant" : " tenants")).c_str());
  std::printf("console    %s\n", service.console_url().c_str());
  for (const auto& follower : service.followers().statuses())
    std::printf("%s %s\n", follower.role == events::Role::projection ? "projecting" : "events    ",
                follower.destination.c_str());
  std::puts("READY");
  std::fflush(stdout);
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
  service.run([&](const Engine& engine) { print_ready(settings, service, engine); });
  return exit_ok;
}

}  // namespace tote::cli
