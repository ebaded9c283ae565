// Backups, as an operator asks for them (API.md, `POST /v1/admin/backup`).
#include "adapters/http/decoder.h"
#include "adapters/http/door.h"
#include "adapters/http/resources.h"

namespace tote::http {
namespace backup {
namespace {

constexpr Serving by_status{.serve = &Door::serve_backup,
                            .ready_type = json_type,
                            .is_counted = true,
                            .is_of_this_node = true,
                            .takes_all_tenants = true,
                            .is_of_server = true};
constexpr Serving by_beginning{.serve = &Door::begin_backup,
                               .ready_type = json_type,
                               .is_counted = true,
                               .is_of_this_node = true,
                               .takes_all_tenants = true,
                               .is_of_server = true};

bool read_status(Decoder& decoder) { return decoder.check_empty(); }

// Where to is the settings' alone.
bool read_order(Decoder& decoder) {
  if (!decoder.check_query() || !decoder.parse_body(Body::optional)) return false;
  JsonObject body(decoder.json);
  return body.finish() || decoder.refuse_body();
}

constexpr auto rows = table_of({
    {.method = Method::get,
     .pattern = "/v1/admin/backup",
     .read = read_status,
     .serving = &by_status,
     .document = R"json({
      "operationId": "readBackup", "tags": ["watching"], "summary": "What became of the last backup",
      "description": "Of those that this server has made since its start, `tote backup` included (of a cluster each node answers for itself); `age_s` is of the newest one of this log that is known, null: none is. For operators of the whole server; without a directory for backups (`[backup] directory`): 404.",
      "x-kind": "gateway", "x-codes": ["invalid_request", "not_found", "overloaded"], "x-example": "refused",
      "x-success": {"200": {"description": "As of now", "schema": "Backup", "example":
        {"status": "done", "name": "00000000000000000017-20260102T030405Z", "lsn": 17, "began_at": "2026-01-02T03:04:05.678Z",
          "ended_at": "2026-01-02T03:04:06.123Z", "copied_bytes": 81920, "linked_bytes": 0, "age_s": 12}}},
      "x-provoke": [{"code": "not_found", "method": "GET", "path": "/v1/admin/backup"}]
    })json"},
    {.method = Method::post,
     .pattern = "/v1/admin/backup",
     .read = read_order,
     .serving = &by_beginning,
     .role = Role::operator_,
     .document = R"json({
      "operationId": "makeBackup", "tags": ["watching"], "summary": "Make a backup beside the running server",
      "description": "Into the directory that the settings name (`[backup] directory`), as `tote backup` does: complete, as of one record, 64 MiB a second, with what is in the one before linked from there. Of a cluster the node that is asked makes it of its own log, whoever owns it: what the owner has not yet sent isn't in it. One at a time; GET of the same path says how far it is. Sent again while one is made: 409.",
      "requestBody": {"required": false, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Nothing"}, "example": {}}}},
      "x-kind": "gateway", "x-codes": ["invalid_request", "not_found", "backup_running", "overloaded"], "x-example": "refused",
      "x-success": {"202": {"description": "It has begun; the header Location says where to look", "schema": "Backup", "example":
        {"status": "running", "began_at": "2026-01-02T03:04:05.678Z", "copied_bytes": 0, "age_s": null}}},
      "x-provoke": [{"code": "not_found", "method": "POST", "path": "/v1/admin/backup"},
        {"code": "invalid_request", "method": "POST", "path": "/v1/admin/backup", "body": {"to": "/tmp"}}]
    })json"},
});

}  // namespace
}  // namespace backup

std::span<const Route> backup_routes() { return backup::rows; }

}  // namespace tote::http
