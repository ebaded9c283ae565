// The nodes of a cluster (API.md, Cluster, console).
#include "adapters/http/decoder.h"
#include "adapters/http/door.h"
#include "adapters/http/resources.h"

namespace tote::http {
namespace cluster {
namespace {

constexpr Serving by_view = by_node(&Door::serve_cluster);
constexpr Serving by_transfer{.serve = &Door::serve_transfer,
                              .ready_type = json_type,
                              .is_counted = false,
                              .needs_engine = false,
                              .takes_all_tenants = true};
constexpr Serving by_adding{.serve = &Door::serve_add_node,
                            .ready_type = json_type,
                            .is_counted = false,
                            .needs_engine = false,
                            .is_of_this_node = true,
                            .takes_all_tenants = true};
constexpr Serving by_removing{.serve = &Door::serve_remove_node,
                              .ready_type = json_type,
                              .is_counted = false,
                              .needs_engine = false,
                              .is_of_this_node = true,
                              .takes_all_tenants = true};

bool read_nothing(Decoder& decoder) { return decoder.check_empty(); }

bool read_node(Decoder& decoder) {
  if (!decoder.check_query() || !decoder.parse_body(Body::required)) return false;
  JsonObject body(decoder.json);
  decoder.out.argument = body.id("node");
  return body.finish() || decoder.refuse_body();
}

// The sentence of the node that refused is the answer of the outcome.
Answer append_change(std::string& out, const Outcome& outcome, const Kinds&, std::string_view) {
  const Problem problem(*find_problem("cluster_refused"), std::string(outcome.answer));
  append_problem(out, problem);
  return {problem.kind->status, problem.kind, problem.retry_after_s()};
}

constexpr auto rows = table_of({
    {.method = Method::get, .pattern = "/v1/cluster", .read = read_nothing, .serving = &by_view, .document = R"json({
      "operationId": "readCluster", "tags": ["cluster"], "summary": "The nodes of the cluster, as this one knows them",
      "description": "Each node answers for itself. `isr` are the nodes that have all that is acknowledged; `lag_records` is how far a node is behind the owner's log: the owner knows it of all, others of themselves. A learner that has nothing in common with what the owner still keeps is given all of it: `filled_bytes` of `fill_bytes` (0: not known yet). `state` is this node's, `problem` why nothing goes on, while that lasts. A server that is no node of a cluster: 404.",
      "x-kind": "gateway", "x-codes": ["not_found"], "x-example": "refused",
      "x-success": {"200": {"description": "As of now", "schema": "Cluster", "example":
        {"node": "n1", "state": "owner", "epoch": 3, "owner": "n1", "isr": ["n1", "n2"], "nodes": [
          {"node": "n1", "http": "http://127.0.0.1:8080", "state": "owner", "lsn": 17, "lag_records": 0},
          {"node": "n2", "http": "http://127.0.0.1:8081", "state": "in_sync", "lsn": 17, "lag_records": 0}]}}},
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/cluster"}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/admin/cluster/transfer",
     .read = read_node,
     .serving = &by_transfer,
     .append = append_change,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "transferLog", "tags": ["cluster"], "summary": "Hand the log over to another node",
      "description": "To one that is in sync, which owns it then: for a change of machines without a pause. Any node may be asked.",
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/ClusterNode"}, "example": {"node": "n2"}}}},
      "x-kind": "gateway", "x-codes": ["invalid_request", "invalid_id", "not_found", "cluster_refused"], "x-example": "refused",
      "x-success": {"200": {"description": "It was handed over", "schema": "ClusterNode", "example": {"node": "n2"}}},
      "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/admin/cluster/transfer", "body": {"node": "n2"}},
        {"code": "invalid_id", "method": "POST", "path": "/v1/admin/cluster/transfer", "body": {"node": ""}}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/admin/cluster/add",
     .read = read_node,
     .serving = &by_adding,
     .append = append_change,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "addNode", "tags": ["cluster"], "summary": "Let a node that was removed be one again",
      "description": "A new node needs nothing but to be started: it says itself where it is.",
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/ClusterNode"}, "example": {"node": "n3"}}}},
      "x-kind": "gateway", "x-codes": ["invalid_request", "invalid_id", "not_found", "cluster_refused"], "x-example": "refused",
      "x-success": {"200": {"description": "It may be started", "schema": "ClusterNode", "example": {"node": "n3"}}}
    })json"},
    {.method = Method::post,
     .pattern = "/v1/admin/cluster/remove",
     .read = read_node,
     .serving = &by_removing,
     .append = append_change,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "removeNode", "tags": ["cluster"], "summary": "Take a node out of the cluster",
      "description": "It stops, and refuses to start. Whose disk is lost is never added again: the new disk is a new node.",
      "requestBody": {"required": true, "content": {"application/json": {
        "schema": {"$ref": "#/components/schemas/ClusterNode"}, "example": {"node": "n3"}}}},
      "x-kind": "gateway", "x-codes": ["invalid_request", "invalid_id", "not_found", "cluster_refused"], "x-example": "refused",
      "x-success": {"200": {"description": "It was taken out", "schema": "ClusterNode", "example": {"node": "n3"}}}
    })json"},
});

}  // namespace
}  // namespace cluster

std::span<const Route> cluster_routes() { return cluster::rows; }

}  // namespace tote::http
