#!/usr/bin/env python3
"""Writes docs/grafana/dashboard.json, the dashboard for Grafana: a row of panels a question.

    docs/grafana/make_dashboard.py          writes it
    docs/grafana/make_dashboard.py --check  exit 1 when it isn't what this would write
"""
import json
import pathlib
import sys

FILE = pathlib.Path(__file__).with_name("dashboard.json")
WIDTH, HEIGHT = 8, 7

# Title, unit, and what is drawn: (expression, legend).
ROWS = {
    "Is it well?": [
        ("Commands a second", "ops", [('sum by (result) (rate(tote_requests_total{instance="$instance"}[1m]))', "{{result}}")]),
        ("Time to answer", "s", [
            (f'histogram_quantile({q}, sum by (le) (rate(tote_http_request_seconds_bucket{{instance="$instance",route!="/v1/log"}}[1m])))', name)
            for q, name in ((0.5, "p50"), (0.99, "p99"), (0.999, "p99.9"))]),
        ("Answers by status", "ops", [('sum by (status) (rate(tote_http_requests_total{instance="$instance"}[1m]))', "{{status}}")]),
    ],
    "What limits it?": [
        ("Waiting for answers", "short", [('tote_requests_in_flight{instance="$instance"}', "commands"),
                                          ('tote_http_requests_in_flight{instance="$instance"}', "HTTP requests"),
                                          ('tote_reads_waiting{instance="$instance"}', "reads that wait for an LSN")]),
        ("Sync of the log", "s", [('rate(tote_log_sync_seconds_total{instance="$instance"}[1m]) / rate(tote_log_syncs_total{instance="$instance"}[1m])', "mean"),]),
        ("Records a sync", "short", [('rate(tote_log_last_lsn{instance="$instance"}[1m]) / rate(tote_log_syncs_total{instance="$instance"}[1m])', "records"),]),
        ("Turns of the loop", "s", [('rate(tote_loop_turn_seconds_sum{instance="$instance"}[1m]) / rate(tote_loop_turn_seconds_count{instance="$instance"}[1m])', "mean"),
                                    ('tote_loop_turn_seconds_max{instance="$instance"}', "longest")]),
        ("Connections", "short", [('tote_http_connections{instance="$instance"}', "open"),
                                  ('rate(tote_http_connections_refused_total{instance="$instance"}[1m])', "refused a second")]),
        ("Tenants", "ops", [('topk(10, rate(tote_tenant_requests_total{instance="$instance"}[1m]))', "{{tenant}}")]),
    ],
    "What does it keep?": [
        ("Entities", "short", [('tote_entities{instance="$instance"}', "all"), ('tote_entities_live{instance="$instance"}', "live")]),
        ("Idempotency keys", "short", [('tote_keys_in_memory{instance="$instance"}', "in memory"), ('tote_keys_on_disk{instance="$instance"}', "on disk")]),
        ("Free on the disk", "bytes", [('tote_disk_free_bytes{instance="$instance"}', "free")]),
        ("Log written", "Bps", [('rate(tote_log_bytes_total{instance="$instance"}[1m])', "log")]),
        ("Age of the snapshot", "s", [('tote_snapshot_age_seconds{instance="$instance"}', "age")]),
        ("Records in log and archive", "short", [('tote_log_last_lsn{instance="$instance"} - tote_log_first_lsn{instance="$instance"}', "in the log")]),
    ],
    "Who follows?": [
        ("Behind", "s", [('tote_projection_lag_seconds{instance="$instance"}', "PostgreSQL"), ('tote_destination_lag_seconds{instance="$instance"}', "{{destination}}")]),
        ("Delivered", "ops", [('rate(tote_projection_rows_total{instance="$instance"}[1m])', "rows in PostgreSQL"), ('rate(tote_destination_events_total{instance="$instance"}[1m])', "{{destination}}")]),
        ("Who waits for a person", "short", [('tote_alerts{instance="$instance"}', "entities"), ('tote_destination_put_aside{instance="$instance"}', "put aside, {{destination}}")]),
    ],
}


def panels():
    made, y = [], 0
    for title, row in ROWS.items():
        made.append({"type": "row", "title": title, "collapsed": False, "panels": [], "id": len(made) + 1,
                     "gridPos": {"h": 1, "w": 24, "x": 0, "y": y}})
        y += 1
        for i, (name, unit, targets) in enumerate(row):
            made.append({
                "type": "timeseries", "title": name, "id": len(made) + 1, "datasource": {"type": "prometheus", "uid": "${source}"},
                "gridPos": {"h": HEIGHT, "w": WIDTH, "x": i % 3 * WIDTH, "y": y + i // 3 * HEIGHT},
                "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
                "targets": [{"refId": chr(ord("A") + at), "expr": expression, "legendFormat": legend}
                            for at, (expression, legend) in enumerate(targets)]})
        y += (len(row) + 2) // 3 * HEIGHT
    return made


def dashboard():
    variables = [
        {"name": "source", "type": "datasource", "query": "prometheus"},
        {"name": "instance", "type": "query", "datasource": {"type": "prometheus", "uid": "${source}"},
         "query": "label_values(tote_build_info, instance)", "refresh": 2},
    ]
    return {"title": "Tote", "uid": "tote", "schemaVersion": 37, "refresh": "10s", "time": {"from": "now-1h", "to": "now"},
            "templating": {"list": variables}, "panels": panels()}


if __name__ == "__main__":
    text = json.dumps(dashboard(), indent=1) + "\n"
    if sys.argv[1:] == ["--check"]:
        sys.exit(FILE.read_text() != text)
    FILE.write_text(text)
