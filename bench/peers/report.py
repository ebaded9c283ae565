"""bench/RESULTS.md from the samples."""
import json

from . import callbacks, cluster, postgres, targets, tote


def figure(value):
    if value is None:
        return ""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join(["---"] + ["---:"] * (len(head) - 1)) + " |"]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def rate_rows(results, cases, reference):
    for case in cases:
        series = results.get(case.name)
        if series is None:
            continue
        rate, spread = series.median(), series.spread()
        if rate is None:
            yield [case.title, "failed: " + (series.failures or ["no figure"])[-1], "", "", "", ""]
            continue
        ratio = rate / reference if reference else None
        yield [case.title, figure(rate), f"{figure(spread[0])} – {figure(spread[1])}", figure(ratio),
               figure(series.median("p50_us")), figure(series.median("p99_us"))]


def targets_part(results):
    rows = [[name, ("at least " if relation == ">=" else "at most ") + figure(bound), figure(value), verdict]
            for name, relation, bound, value, verdict, _ in targets.judged(results)]
    text = "## Targets\n\n" + table(["target (2 cores)", "bound", "measured", "reached"], rows)
    second = targets.value_of(results, "http-hot-wrk", "tx_s", "nginx-get-wrk")
    return text + (f"\nBy wrk instead of the own client, HTTP is {figure(second)} times nginx's static reply.\n" if second else "")


def profiles_part(profiles, reason):
    if not profiles and not reason:
        return ""
    text = "\n## Profiles\n\n"
    if reason:
        return text + f"None: perf doesn't work on this machine ({reason}).\n"
    text += "`perf record -g` around the measured part; share of all samples, a symbol's own time.\n"
    for name, rows in profiles.items():
        text += f"\n### {name}\n\n"
        if isinstance(rows, str):
            text += f"Not taken: {rows}\n"
            continue
        text += "By thread: " + ", ".join(f"{thread} {share}" for share, thread in rows["threads"]) + ".\n\n"
        text += table(["share", "thread", "in", "symbol"],
                      [[share, thread, where, f"`{symbol[:90]}`"] for share, thread, where, symbol in rows["symbols"]])
    return text


def markdown(run, cases, results, profiles, perf_reason, notes):
    machine = run["machine"]
    reference = results["pg-for_update-hot-32"].median() if "pg-for_update-hot-32" in results else None
    sync = results["sync"].median("p50_us") if "sync" in results else None
    sync_spread = results["sync"].spread("p50_us") if "sync" in results else None
    out = "# Results\n\nWritten by `./dev bench` (bench/run.py); what each line is: bench/README.md.\n"
    if run["quick"]:
        out += "\n**A quick run that only shows that everything works: its figures mean nothing.**\n"
    elif machine["cores"] != 2:
        out += f"\n**The targets are for 2 cores; this machine gives {machine['cores']}.**\n"
    out += "\n" + targets_part(results)
    if notes:
        out += "\n## Why\n\n" + notes.strip() + "\n"
    out += "\n## Machine\n\n" + table(["what", ""], [
        ["processor", machine["cpu"]], ["cores", machine["cores"]], ["memory", machine["memory"]],
        ["kernel", machine["kernel"]], ["disk of all data", machine["disk"]],
        ["fdatasync of 512 bytes, p50", f"{figure(sync)} µs ({figure(sync_spread[0])} – {figure(sync_spread[1])})" if sync else "not measured"],
        ["connections", f"HTTP {run['connections']}; embedded 32 batches of 256, or 4096 single submits, in flight"],
        ["keys", "each command with an idempotency key of its own"],
        ["repeats", f"{run['repeat']}, interleaved; {figure(run['seconds'])} s each after a warm-up; median (min – max)"],
        ["commit", machine["commit"]], ["date", run["date"]],
    ])
    out += "\n## Side by side\n\nDurable transactions a second (HTTP ceiling: replies a second). " \
           "× PG: times PostgreSQL FOR UPDATE, one hot row, 32 clients, in this run.\n\n"
    out += table(["what", "tx/s", "min – max", "× PG", "p50 µs", "p99 µs"],
                 rate_rows(results, [case for case in cases if case.rate], reference))
    out += "\nPercentiles: of a batch for batches, of a request otherwise. The optimistic retry's are left out: pgbench sees attempts.\n"
    retries = [(case, results[case.name].median("attempts_per_tx")) for case in cases if case.name in results]
    retries = [f"{case.title}: {figure(value)}" for case, value in retries if value]
    if retries:
        out += "\nAttempts a transaction: " + "; ".join(retries) + ".\n"
    out += peers_part(results) + callbacks_part(results) + projection_part(results) + cluster_part(results) + console_part(results) + recovery_part(results) + memory_part(results) + engine_part(cases, results)
    out += "\n## Settings\n\n" + table(["", "version", "settings"], [
        ["Tote", run["versions"].get("tote", ""), tote.SETTINGS]] + [
        [name, run["versions"].get(name, "not run"), run["settings"][name]] for name in ("postgres", "redis", "nginx")])
    out += failures_part(results)
    return out + profiles_part(profiles, perf_reason)


def failures_part(results):
    """Runs without a figure; those with the same cause on one line."""
    causes = {}
    for name, series in results.items():
        for text in series.failures:
            causes.setdefault(text, []).append(name)
    if not causes:
        return ""
    return "\n## Not measured\n\n" + "".join(f"- {', '.join(names)}: {text}\n" for text, names in causes.items())


def peers_part(results):
    """The same work on several rows, Tote's rate beside PostgreSQL's."""
    rows = []
    for title, own, peer in targets.PEERS:
        rates = [results[case].median() if case in results else None for case in (own, peer)]
        if all(rates):
            rows.append([title, *map(figure, rates), figure(rates[0] / rates[1])])
    if not rows:
        return ""
    text = "\n## Several entities, and crowds\n\n" + table(["what", "Tote tx/s", "PostgreSQL tx/s, 32 clients", "times"], rows)
    text += "\nTote is embedded unless it says HTTP: no network in it. An attempt that is refused (sold out, full) counts as one; nothing was aborted.\n"
    sell_outs = results["last-seat"].median("sell_outs_s") if "last-seat" in results else None
    return text + (f"\nLast seats sold, embedded: {figure(sell_outs)} matches a second, each after 60 attempts.\n" if sell_outs else "")


def callbacks_part(results):
    """A betting provider's bets of one player, and what its door verifies."""
    rows, doors = list(callbacks.table(results, figure)), list(callbacks.doors(results, figure))
    if not rows:
        return ""
    text = "\n## Betting callbacks\n\nRS256 with RSA-2048, each bet names a sport, a tournament and players that nobody has named before. " \
           "The peer: Python, cryptography, psycopg2, a process a core; one transaction a callback, the wallet's row locked by FOR UPDATE.\n\n"
    text += table(["what", "Tote ms", "p99 ms", "slowest ms", "PostgreSQL ms", "slowest ms", "times"], rows)
    if doors:
        text += "\nIn the long run, callbacks that come again, each verified; client, loop and the thread that verifies share the cores.\n\n"
        text += table(["key", "callbacks/s", "`openssl speed`, one core, verifications/s", "ratio", "p99 ms"], doors)
    return text


def projection_part(results):
    """What a server that projects into PostgreSQL loses, and how far behind it is."""
    rows = []
    for title, case, figure_name in (
            ("rows/s while the hot wallet is under full load", "http-hot-projected", "rows_s_meanwhile"),
            ("rows/s when it catches up afterwards", "projection-drain", "rows_s"),
            ("lag in ms under a steady load, median", "projection-lag", "lag_p50_ms"),
            ("lag in ms under a steady load, most", "projection-lag", "lag_max_ms")):
        series = results.get(case)
        if series is not None and series.median(figure_name) is not None:
            spread = series.spread(figure_name)
            rows.append([title, figure(series.median(figure_name)), f"{figure(spread[0])} – {figure(spread[1])}"])
    kept = targets.value_of(results, "http-hot-projected", "tx_s", "http-hot")
    if kept:
        rows.insert(0, ["HTTP throughput of the hot wallet, times that without", figure(kept), ""])
    if not rows:
        return ""
    return ("\n## Projection into PostgreSQL\n\n" + table(["what", "median", "min – max"], rows) +
            "\nServer, PostgreSQL and client share the cores. After each run `tote projection verify` found no difference.\n")


def cluster_part(results):
    """Three nodes beside one, and beside PostgreSQL with two standbys."""
    rows = list(cluster.table(results, figure))
    if not rows:
        return ""
    return ("\n## Replicas\n\n" + table(["what", ""], rows) +
            f"\nThree `tote serve` and one member of etcd on the cores and the disk of this machine; a change is acknowledged when all three have "
            f"it on disk. Without service: between two payments of a client that asks one node after the other, {cluster.FAULTS} times each; "
            "its payments are counted afterwards. PostgreSQL: `remote_apply`, both standbys; what it needs to fail over is another "
            "program's (Patroni waits 30 s for a lost leader by default).\n")


def console_part(results):
    series = results.get("console")
    if series is None or not series.samples:
        return ""
    rows = [[what, figure(series.median(name + "_tx_s")), f"{series.median(name + '_core_percent'):.1f} %"]
            for what, name in (("without", "without"), ("overview and radar, each second", "figures"), ("live log", "live_log"))]
    return ("\n## An open console\n\n" + table(["console", "changes a second", "the server's share of a core"], rows) +
            "\nThe same steady load on a hot wallet; a client asks as the page does.\n")


def recovery_part(results):
    series = results.get("recovery")
    if series is None or series.median("records_s") is None:
        return ""
    spread = series.spread("records_s")
    return (f"\n## Recovery\n\n{figure(series.median('records'))} records ({figure(series.median('records_replayed'))} replayed) in "
            f"{figure(series.median('seconds'))} s: {figure(series.median('records_s'))} records/s "
            f"({figure(spread[0])} – {figure(spread[1])}), {figure(series.median('disk_bytes_per_record'))} bytes on disk each, "
            f"files in the page cache. Balances are added up before and after.\n")


def memory_part(results):
    series = results.get("memory")
    if series is None or series.median("bytes_per_wallet") is None:
        return ""
    return (f"\n## Memory\n\n{figure(series.median('wallets'))} idle wallets: {figure(series.median('bytes_per_wallet'))} bytes each, "
            f"{figure(series.median('bytes_per_wallet_untrimmed'))} before malloc_trim; the growth of the whole process, log buffers included.\n")


def engine_part(cases, results):
    rows = []
    for case in cases:
        series = results.get(case.name)
        if series is not None and series.median("records_per_sync"):
            rows.append([case.title, figure(series.median("records_per_sync")), figure(series.median("engine_sync_mean_us"))])
    return "\n## Group commit\n\n" + table(["workload", "records a sync", "mean sync µs"], rows) if rows else ""


def samples(run, results):
    """The same as data: bench/results.json."""
    kept = {name: {"samples": [{k: v for k, v in sample.items() if isinstance(v, (int, float))} for sample in series.samples],
                   "failures": series.failures} for name, series in results.items()}
    return json.dumps({"run": run, "cases": kept}, indent=1, ensure_ascii=False) + "\n"


def postgres_title(pattern, wallets, clients):
    rows = "hot row" if wallets == 1 else f"{figure(wallets)} rows"
    return f"PostgreSQL, {postgres.TITLES[pattern]}, {rows}, {clients} client{'s' if clients > 1 else ''}"
