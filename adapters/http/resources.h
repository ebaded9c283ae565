// The tables of the resources, each in the file of that name (routes_wallets.cc …).
#pragma once

#include <span>

#include "adapters/http/routes.h"

namespace tote::http {

std::span<const Route> wallet_routes();
std::span<const Route> item_routes();
std::span<const Route> match_routes();
std::span<const Route> pass_routes();
std::span<const Route> transaction_routes();  // transfers, too
std::span<const Route> order_routes();        // and sagas
std::span<const Route> refund_routes();       // and card payments
std::span<const Route> payment_event_routes();
std::span<const Route> bet_routes();  // what they name, and sessions
std::span<const Route> book_routes();
std::span<const Route> gateway_routes();  // the test gateway's
std::span<const Route> feed_routes();     // batches, the log, the projection, outcomes
std::span<const Route> cluster_routes();  // the nodes of a cluster
std::span<const Route> backup_routes();   // made as an operator asks
std::span<const Route> watch_routes();    // the radar, the overview
std::span<const Route> service_routes();  // what the door tells by itself

}  // namespace tote::http
