#include "adapters/cli/following.h"

#include "adapters/nats/publisher.h"
#include "adapters/postgres/projector.h"
#include "adapters/webhooks/deliverer.h"

namespace tote::cli {
namespace {

postgres::ProjectorOptions projector_options(const Settings& settings, const std::string& schema,
                                             const std::function<void()>& on_projected) {
  postgres::ProjectorOptions options;
  options.uri = settings.postgres;
  options.schema = schema;
  options.outbox = settings.postgres_outbox;
  options.on_progress = [on_projected](Lsn, Lsn) { on_projected(); };
  return options;
}

nats::StreamOptions stream_options(const Settings& settings) {
  nats::StreamOptions options;
  options.urls = settings.nats;
  options.credentials = settings.nats_credentials;
  options.stream = settings.nats_stream;
  options.subject = settings.nats_subject;
  return options;
}

}  // namespace

// A line each. They keep trying by themselves: that a destination isn't there is no reason not to serve.
void add_followers(events::Followers& all, const Settings& settings, const Kinds& kinds, const std::string& schema,
                   const std::function<void()>& on_projected) {
  const std::string cursors = settings.data + "/destinations";
  if (!settings.postgres.empty())
    all.add<postgres::Projector>(kinds, projector_options(settings, schema, on_projected));
  if (!settings.nats.empty()) all.add<nats::Publisher>(kinds, stream_options(settings), cursors);
  for (const auto& webhook : settings.webhooks) all.add<webhooks::Deliverer>(kinds, webhook, cursors);
}

}  // namespace tote::cli
