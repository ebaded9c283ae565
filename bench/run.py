#!/usr/bin/env python3
"""Measures Tote side by side with peers on the same disk and writes bench/RESULTS.md. Called by `./dev bench`."""
import argparse
import datetime
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Callable

from peers import callbacks, cluster, console, machine, nginx, postgres, process, profile, projection, redis, report, targets, tote

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(HERE)
CONNECTIONS = 64
BATCH, BATCH_CONNECTIONS = 1_000, 16
WATCHED = 10_000  # tx/s under which a console is open
PACED = 5_000  # tx/s under which the projection's lag is sampled
SHOWN = ("tx_s", "rows_s", "lag_max_ms", "records_s", "bytes_per_wallet", "figures_percent", "p50_us", "killed_max_ms", "replicated_1_p50_us")  # the first of them, as it goes


@dataclass
class Case:
    name: str
    title: str
    measure: Callable[[], dict]
    rate: bool = True       # has a row in the table of rates
    workload: tuple = ()    # of `tote bench`, to profile it


class Bench:
    """Every case, by the peer that has to run for it."""

    def __init__(self, args, work):
        self.args, self.work = args, work
        self.program, self.seconds = args.program, args.seconds
        self.many = 1_000_000 if not args.quick else 20_000
        self.made_postgres = self.made_standing_by = None

    @property
    def postgres(self):
        """Made once; whoever needs it starts it."""
        self.made_postgres = self.made_postgres or postgres.Postgres(self.work)
        return self.made_postgres

    @property
    def standing_by(self):
        self.made_standing_by = self.made_standing_by or postgres.Replicated(self.work)
        return self.made_standing_by

    def groups(self):
        return [("tote", self.embedded()), ("http", self.http()), ("cluster", self.cluster()), ("projection", self.projection()), ("nginx", self.nginx()), ("redis", self.redis()), ("callbacks", self.callbacks()),
                ("postgres", self.postgresql()), ("replicated", self.replicated()), ("large", self.large())]

    def own(self, name, title, *workload, rate=True):
        return Case(name, title, lambda: tote.embedded(self.program, self.work, *workload), rate, workload)

    def embedded(self):
        timed = ("--seconds", self.seconds)
        return [
            self.own("sync", "fdatasync", "sync", "--seconds", min(2, self.seconds), rate=False),
            self.own("hot-batch", "Tote embedded, hot wallet, batches of 256", "hot-batch", *timed),
            self.own("hot-single", "Tote embedded, hot wallet, single submits", "hot-single", *timed),
            self.own("wallets-10k", "Tote embedded, 10 000 wallets, batches of 256", "wallets-batch", "--wallets", 10_000, *timed),
            self.own("wallets-10k-single", "Tote embedded, 10 000 wallets, single submits", "wallets-single", "--wallets",
                     10_000, *timed),
            self.own("wallets-1m", f"Tote embedded, {report.figure(self.many)} wallets, batches of 256", "wallets-batch",
                     "--wallets", self.many, *timed),
            *self.several(),
        ]

    def several(self):
        """Several entities in one transaction, or a crowd after one: as peers/sql/ has them. Short, so that the whole stays short."""
        timed = ("--seconds", min(3, self.seconds))
        picks, bookings = (1_000_000, 600_000) if not self.args.quick else (100_000, 60_000)
        return [
            self.own("transfers-hot", "Tote embedded, transfers between 2 wallets, batches of 256", "transfers-hot", *timed),
            self.own("transfers-10k", "Tote embedded, transfers between 10 000 wallets, batches of 256", "transfers-10k", *timed),
            self.own("flash-sale", "Tote embedded, flash sale of one item, batches of 256", "flash-sale", "--requests", picks),
            self.own("last-seat", "Tote embedded, one seat, 60 players, batches of 256", "last-seat", "--requests", bookings),
            self.own("orders", "Tote embedded, orders of 2 lines from a wallet, batches of 256", "orders", *timed),
        ]

    def large(self):
        records = 5_000_000 if not self.args.quick else 100_000
        return [
            self.own("recovery", "recovery", "recovery", "--requests", records, rate=False),
            self.own("memory", "memory", "memory", "--wallets", self.many, rate=False),
        ]

    def http(self):
        def load(wallets):
            with tote.Served(self.program, self.work) as served:
                return tote.load(self.program, served.url, self.seconds, CONNECTIONS, "--wallets", wallets)

        def batches():
            with tote.Served(self.program, self.work) as served:
                return tote.load(self.program, served.url, self.seconds, BATCH_CONNECTIONS, "--lines", BATCH)

        def flash_sale():
            with tote.Served(self.program, self.work) as served:
                return tote.load(self.program, served.url, min(5, self.seconds), CONNECTIONS, "--picks")

        def wrk():
            with tote.Served(self.program, self.work) as served:
                # Makes the wallet that wrk credits.
                tote.load(self.program, served.url, 0.2, 1)
                return tote.wrk(served.url, self.seconds, CONNECTIONS, os.path.join(HERE, "wrk", "credits.lua"))

        title = f"Tote HTTP, %s, {CONNECTIONS} connections"
        return [
            Case("http-hot", title % "hot wallet", lambda: load(1), workload=("http",)),
            # Beside the hot wallet, which these are divided by.
            Case("http-hot-projected", title % "hot wallet" + ", projecting into PostgreSQL",
                 lambda: projection.beside_load(self.program, self.work, self.postgres, self.seconds, CONNECTIONS)),
            Case("http-flash-sale", f"Tote HTTP, flash sale of one item, {CONNECTIONS} connections", flash_sale,
                 workload=("http", "--picks")),
            Case("http-batch", f"Tote HTTP, hot wallet, batches of {report.figure(BATCH)}, {BATCH_CONNECTIONS} connections", batches,
                 workload=("http", "--lines", BATCH)),
            Case("http-10k", title % "10 000 wallets", lambda: load(10_000)),
            Case("http-1m", title % f"{report.figure(self.many)} wallets", lambda: load(self.many)),
            Case("http-hot-wrk", title % "hot wallet" + " (wrk)", wrk),
            Case("console", f"a console that is open, under {report.figure(WATCHED)} tx/s",
                 lambda: console.cost(self.program, self.work, WATCHED, self.seconds, CONNECTIONS), rate=False),
        ]

    def cluster(self):
        """Right after HTTP of a server alone, which these are divided by."""
        def of(what, *args, **more):
            return lambda: what(self.program, self.work, *args, **more)

        hot, batches = (self.seconds, CONNECTIONS), (self.seconds, BATCH_CONNECTIONS, "--lines", BATCH)
        title = f"Tote HTTP, %s, hot wallet, {CONNECTIONS} connections"
        return [
            Case("cluster-1-http", title % "cluster of one node", of(cluster.load, *hot, count=1)),
            Case("cluster-3-http", title % "3 replicas", of(cluster.load, *hot)),
            Case("cluster-3-forwarded", title % "3 replicas, a node that forwards", of(cluster.load, *hot, at_owner=False)),
            Case("cluster-3-http-batch", f"Tote HTTP, 3 replicas, hot wallet, batches of {report.figure(BATCH)}, {BATCH_CONNECTIONS} connections",
                 of(cluster.load, *batches)),
            Case("cluster-3-hot-batch", "Tote embedded, 3 replicas, hot wallet, batches of 256",
                 of(cluster.embedded, "hot-batch", self.seconds)),
            Case("cluster-reads", "reads of an owner of 3 replicas", of(cluster.reads, min(5, self.seconds)), rate=False),
            Case("cluster-faults", "3 replicas, faults", of(cluster.faults, cluster.FAULTS if not self.args.quick else 1), rate=False),
            Case("cluster-catch-up", "a node that catches up", of(cluster.catch_up, min(5, self.seconds)), rate=False),
        ]

    def projection(self):
        def measured(what, seconds, *more):
            return lambda: what(self.program, self.work, self.postgres, seconds, CONNECTIONS, *more)

        return [
            Case("projection-drain", "projection, catching up, 10 000 wallets",
                 measured(projection.drain, min(5, self.seconds), 10_000), rate=False),
            Case("projection-lag", f"projection, lag under {report.figure(PACED)} tx/s, 1 000 wallets",
                 measured(projection.lag, self.seconds, 1_000, PACED), rate=False),
        ]

    def nginx(self):
        def against(measure):
            server, url = nginx.served(self.work)
            with server:
                return measure(url)

        def load(*flags):
            return against(lambda url: tote.load(self.program, url, self.seconds, CONNECTIONS, *flags))

        return [
            Case("nginx-get", "nginx static reply, GET", lambda: load("--get")),
            Case("nginx-post", "nginx static reply, the same POST as to Tote", lambda: load("--fixed-reply")),
            Case("nginx-get-wrk", "nginx static reply, GET (wrk)",
                 lambda: against(lambda url: tote.wrk(url, self.seconds, CONNECTIONS))),
        ]

    def redis(self):
        def measure(pipeline):
            with redis.Redis(self.work) as server:
                return server.measure(self.seconds, CONNECTIONS, pipeline)

        return [
            Case("redis-64", "Redis Lua, appendfsync always, 64 connections", lambda: measure(1)),
            Case("redis-64x16", "Redis Lua, appendfsync always, 64 connections × 16 pipelined", lambda: measure(16)),
        ]

    def callbacks(self):
        def peer():
            with self.postgres as server:
                return callbacks.of_postgres(self.program, self.work, server)

        return [
            Case("callbacks", "betting callbacks", lambda: callbacks.of_tote(self.program, self.work, min(5, self.seconds)), rate=False),
            Case("pg-callbacks", "betting callbacks, an endpoint on PostgreSQL", peer, rate=False),
        ]

    def postgresql(self):
        # for pgbench, which stays up for the whole group: see one_round()
        cases = []
        for pattern in postgres.TITLES:
            for wallets, clients in ((1, 1), (1, 8), (1, 32), (10_000, 32)):
                cases.append(Case(
                    f"pg-{pattern}-{'hot' if wallets == 1 else '10k'}-{clients}", report.postgres_title(pattern, wallets, clients),
                    lambda p=pattern, w=wallets, c=clients: self.postgres.measure(p, self.seconds, w, c)))
        for pattern, wallets in (("transfer_ordered", 2), ("transfer_ordered", 10_000), ("transfer_serializable", 2),
                                 ("transfer_serializable", 10_000), ("last_seat", 10_000), ("flash_sale", 1),
                                 ("order", 10_000)):
            rows = f", {report.figure(wallets)} wallets" if pattern.startswith("transfer") else ""
            cases.append(Case(
                f"pg-{pattern}-{wallets}", f"PostgreSQL, {postgres.DOMAIN[pattern][0]}{rows}, 32 clients",
                lambda p=pattern, w=wallets: self.postgres.measure_domain(p, self.seconds, w, 32)))
        return cases

    def replicated(self):
        """The same row with two standbys that each commit waits for."""
        def measured(clients):
            with self.standing_by as server:
                return server.measure("for_update", self.seconds, 1, clients)

        return [Case(f"pg-replicated-hot-{clients}", f"PostgreSQL, SELECT … FOR UPDATE, hot row, two standbys (remote_apply), {clients} clients",
                     lambda c=clients: measured(c)) for clients in (8, 32)]

    def profiled(self, case):
        """The hottest symbols of one case."""
        seconds = min(5, self.seconds)
        if case.workload[:1] == ("http",):
            with tote.Served(self.program, self.work) as served:
                tote.load(self.program, served.url, 0.2, CONNECTIONS)
                recorder = profile.start(self.work, served.pid)
                try:
                    tote.load(self.program, served.url, seconds, CONNECTIONS, *case.workload[1:])
                finally:
                    rows = profile.finish(recorder)
                return rows
        command = [self.program, "bench", *map(str, case.workload), "--data", self.work, "--announce", "--json"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
            try:
                if "measuring" not in running.stderr.readline():
                    raise process.Failed("the workload didn't begin")
                recorder = profile.start(self.work, running.pid)
                running.stderr.read()
                return profile.finish(recorder)
            finally:
                if running.poll() is None:
                    running.terminate()


def say(text):
    print(time.strftime("%H:%M:%S ") + text, flush=True)


def one_round(bench, groups, results, number):
    for peer, cases in groups:
        if not cases:
            continue
        try:
            if peer == "postgres":
                bench.postgres.__enter__()
        except process.Failed as error:
            for case in cases:
                results[case.name].failures.append(str(error))
            say(f"postgres: {error}")
            continue
        try:
            for case in cases:
                try:
                    sample = case.measure()
                    results[case.name].samples.append(sample)
                    shown = next(sample[name] for name in SHOWN if name in sample)
                    say(f"{number}  {case.title}: {report.figure(shown)}")
                except process.Failed as error:
                    results[case.name].failures.append(str(error))
                    say(f"{number}  {case.title}: {error}")
        finally:
            if peer == "postgres":
                bench.postgres.__exit__()


def profiles_of(bench, cases, results, all_of_them):
    """Of what missed its target; of every target when asked. And the reason when perf can't."""
    missed = {case for *_, case in targets.judged(results) if case}
    if all_of_them:
        missed |= {case for _, case, *_ in targets.TARGETS}
    wanted = [case for case in cases if case.name in missed and case.workload and case.name != "memory" and results[case.name].samples]
    if not wanted:
        return {}, None
    reason = profile.usable(bench.work)
    if reason:
        return {}, reason
    found = {}
    for case in wanted:
        say(f"profile  {case.title}")
        try:
            found[case.title] = bench.profiled(case)
        except process.Failed as error:
            found[case.title] = str(error)
    return found, None


def parsed():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=os.path.join(REPOSITORY, "build", "release", "tote"))
    parser.add_argument("--out", default=os.path.join(HERE, "RESULTS.md"))
    parser.add_argument("--work", default=os.path.join(REPOSITORY, "build", "bench"), help="where all data goes; one disk for all")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10, help="of each case")
    parser.add_argument("--only", help="cases whose name has one of these in it: hot,pg-for_update,nginx")
    parser.add_argument("--notes", default=os.path.join(HERE, "notes.md"), help="causes of what was missed, put into the report")
    parser.add_argument("--profile", action="store_true", help="of every target, not only of those missed")
    parser.add_argument("--no-profile", action="store_true")
    parser.add_argument("--list", action="store_true", help="name the cases")
    parser.add_argument("--quick", action="store_true", help="a second each, small: shows that everything works")
    args = parser.parse_args()
    if args.quick:
        args.seconds, args.repeat = min(args.seconds, 1), 1
    args.program = os.path.abspath(args.program)
    return args


def main():
    args = parsed()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that peers are stopped then, too
    work = os.path.join(os.path.abspath(args.work), f"run-{os.getpid()}")
    bench = Bench(args, work)
    wanted = args.only.split(",") if args.only else [""]
    groups = [(peer, [case for case in cases if any(part in case.name for part in wanted)]) for peer, cases in bench.groups()]
    cases = [case for _, part in groups for case in part]
    if args.list or not cases:
        print("\n".join(f"{case.name:32} {case.title}" for _, part in bench.groups() for case in part))
        return 0 if args.list else 2
    if not os.access(args.program, os.X_OK):
        print(f"{args.program} is missing: build it first", file=sys.stderr)
        return 2
    os.makedirs(work)
    os.chmod(work, 0o755)  # PostgreSQL runs as another user
    try:
        return measure(bench, args, groups, cases)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def measure(bench, args, groups, cases):
    results = {case.name: targets.Series() for case in cases}
    run = {"machine": machine.describe(bench.work, REPOSITORY), "versions": versions(bench.program, groups),
           "settings": {"postgres": postgres.SETTINGS, "redis": redis.SETTINGS, "nginx": nginx.SETTINGS},
           "connections": CONNECTIONS, "repeat": args.repeat, "seconds": args.seconds, "quick": args.quick,
           "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")}
    for number in range(1, args.repeat + 1):
        one_round(bench, groups, results, number)
    profiles, reason = ({}, None) if args.no_profile else profiles_of(bench, cases, results, args.profile)
    notes = ""
    if os.path.exists(args.notes):
        with open(args.notes) as file:
            notes = file.read()
    with open(args.out, "w") as file:
        file.write(report.markdown(run, cases, results, profiles, reason, notes))
    with open(os.path.join(os.path.dirname(os.path.abspath(args.out)), "results.json"), "w") as file:
        file.write(report.samples(run, results))
    say(f"wrote {os.path.relpath(args.out)}")
    return 1 if any(series.failures for series in results.values()) else 0


def uses_postgres(cases):
    """Beside those of its own group."""
    return any("project" in case.name or case.name.startswith(("pg-callbacks", "pg-replicated")) for case in cases)


def versions(program, groups):
    found = {"tote": tote.version(program)}
    for peer, module in (("postgres", postgres), ("redis", redis), ("nginx", nginx)):
        if any(name == peer and cases or peer == "postgres" and uses_postgres(cases) for name, cases in groups):
            try:
                found[peer] = module.version()
            except process.Failed as error:
                found[peer] = str(error)
    return found


if __name__ == "__main__":
    sys.exit(main())
