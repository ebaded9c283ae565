#include "adapters/http/serving.h"

#include "adapters/http/door.h"

namespace tote::http {

constinit const Serving by_engine{.serve = &Door::submit};
constinit const Serving by_history{
    .serve = &Door::ask_history, .ready_type = json_type, .place = Shared::histories, .is_large = true};
constinit const Serving by_list{
    .serve = &Door::serve_list, .ready_type = json_type, .place = Shared::pages, .is_large = true};
constinit const Serving by_batch{.serve = &Door::submit_batch,
                                 .ready_type = ndjson_type,
                                 .place = Shared::batches,
                                 .has_lines = true,
                                 .is_large = true};
constinit const Serving by_log{.serve = &Door::serve_log,
                               .ready_type = ndjson_type,
                               .place = Shared::pages,
                               .is_large = true,
                               .takes_all_tenants = true};
constinit const Serving by_outcomes{
    .serve = &Door::find_outcome, .ready_type = json_type, .is_large = true, .tells_of_another = true};
constinit const Serving by_projection{.serve = &Door::serve_projection,
                                      .ready_type = json_type,
                                      .place = Shared::projections,
                                      .needs_engine = false,
                                      .takes_all_tenants = true};

constinit const Serving by_radar{.serve = &Door::serve_hot, .ready_type = json_type, .takes_all_tenants = true};
constinit const Serving by_overview{.serve = &Door::serve_overview,
                                    .ready_type = json_type,
                                    .place = Shared::histories,
                                    .is_large = true,
                                    .takes_all_tenants = true};

}  // namespace tote::http
