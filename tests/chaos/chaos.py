#!/usr/bin/env python3
"""Faults under a cluster of three machines, and a check of what its clients saw.

    chaos.py --program TOTE [--preload LIBRARY] [--rounds N] [--seed S] [--fault NAME …]

A round is one fault, under clients that never pause. After ROUNDS_A_CLUSTER of them the clients stop, all nodes are
killed, and the checker reads their logs: then a new cluster begins. One seed gives the same faults in the same order.
Of every other cluster time passes, by the clock that is preloaded, so that logs are trimmed: the checker knows what was
in them from the watcher, who has read all of it meanwhile.
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import checker
import faults
import losses  # noqa: F401  adds to the faults
from clients import WALLETS, Ballast, Client
from machines import NUMBERS, Cluster, Network, address
from watcher import Watcher

ROUNDS_A_CLUSTER = 20
CLIENTS = 6
SERVICE_MS_MAX = 3_000
BALLAST = 4  # batches
REPEATS = 400  # a client, at each node
ENTERED = "CHAOS_ENTERED"


def enter_namespaces():
    """In namespaces of its own this script may do what only root may, and leaves nothing behind. Or: why it may not."""
    if ENTERED in os.environ:
        return
    enter = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() != 0:
        enter += ["--user", "--map-root-user"]
    missing = [name for name in ("nft", "tc", "ip", "etcd", "nsenter") if not can_run(name)]
    if missing:
        skip(f"{', '.join(missing)} isn't installed (Debian: nftables, iproute2, etcd-server, util-linux)")
    tried = subprocess.run([*enter, "ip", "link", "add", "br0", "type", "bridge"], capture_output=True, text=True)
    if tried.returncode != 0:
        skip("network namespaces can't be made here: " + tried.stderr.strip())
    os.execvpe(enter[0], [*enter, sys.executable, *sys.argv], os.environ | {ENTERED: "1"})


def can_run(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is not None


def skip(why):
    print("skipped: " + why)
    sys.exit(77)


class Life:
    """Of one cluster: it begins empty, meets its faults, and its logs are read at the end."""

    def __init__(self, arguments, network, seed):
        self.random, self.seed, self.figures, self.clients = random.Random(seed), seed, [], []
        self.repeats = arguments.repeats
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="tote-chaos-"))
        self.begun = time.monotonic()
        self.cluster = Cluster(arguments.program, arguments.preload, self.directory)
        self.cluster.network = network
        self.cluster.watcher = self.watcher = Watcher([f"http://{address(n)}:8080" for n in NUMBERS], Cluster.operator_headers)
        self.cluster.ballast = self.ballast = Ballast(seed, self.cluster.owner, Cluster.headers)

    def begin(self):
        owner = self.cluster.wait_for_all()
        self.say(f"cluster of seed {self.seed}: all in sync after {time.monotonic() - self.begun:.1f} s, owner {owner.name}")
        addresses = [f"{address(n)}:8080" for n in NUMBERS]
        self.clients = [Client(number, self.seed, addresses, Cluster.headers) for number in range(CLIENTS)]
        for wallet in WALLETS:
            self.clients[0].change("open", (wallet,))
            self.clients[0].change("credit", (wallet,), 1_000)
        self.ballast.add(BALLAST)
        for each in [self.watcher, *self.clients]:
            each.start()

    def say(self, sentence):
        print(sentence, flush=True)

    def round(self, number, name):
        context, (least, most), may_stop = faults.FAULTS[name]
        owner = self.cluster.wait_for_all()
        if self.seed % 2:
            self.cluster.pass_time()
        time.sleep(0.3)
        self.cluster.notes.clear()
        epoch, begun, seconds = owner.status().get("epoch"), time.monotonic_ns(), least + (most - least) * self.random.random()
        with context(self.cluster, self.random):
            time.sleep(seconds)
        healed = time.monotonic_ns()
        after = self.cluster.wait_for_all()
        self.wait_for_answers()
        epoch_after = after.status().get("epoch")
        gap_ms = longest_gap_ms(self.clients, begun, time.monotonic_ns())
        self.figures.append((name, gap_ms, after.waited_s, may_stop))
        self.say(f"{number:4} {name:38} {seconds:4.1f} s; unserved {gap_ms:5} ms, all in sync {(time.monotonic_ns() - healed) / 1e9:4.1f} s after it, "
                 f"{owner.name} > {after.name}, epoch {epoch} > {epoch_after}{''.join(', ' + each for each in self.cluster.notes)}")
        self.look_at_clients()

    def wait_for_answers(self):
        """Each client has gone on."""
        now = time.monotonic_ns()
        until = time.monotonic() + 60
        while not all(any(each.status and each.ended != checker.FOR_EVER and each.ended > now for each in client.history[-50:]) for client in self.clients):
            self.look_at_clients()
            if time.monotonic() > until:
                raise RuntimeError("clients don't go on")
            time.sleep(0.02)

    def look_at_clients(self):
        for each in [self.watcher, *self.clients]:
            if each.problem:
                raise RuntimeError(each.problem)

    def stop_clients(self):
        for each in self.clients:
            each.stop()
        for each in self.clients:
            if each.is_alive():
                each.join()

    def ask_all_again(self):
        """Each node, as the owner, what it was given or has kept: answers of the past, balances of now."""
        self.cluster.wait_for_all()
        for each in self.cluster.nodes:
            if self.cluster.owner() is not each:
                self.cluster.transfer(each)
            if self.cluster.wait_for_all() is not each:
                raise RuntimeError(f"the log was handed to {each.name}, and it doesn't own it")
            self.ballast.repeat()
            for client in self.clients:
                client.repeat_some(self.repeats)

    def check(self):
        """The faults; its last act."""
        self.stop_clients()
        self.look_at_clients()
        self.ask_all_again()
        self.cluster.wait_for_all()
        committed = self.cluster.wait_for_same()
        self.watcher.wait_for(committed)
        self.watcher.stop()
        for each in self.cluster.nodes:
            each.end()
        found, logs = [], {}
        for each in self.cluster.nodes + self.cluster.lost:
            log = each.log.read_text(errors="replace")
            if any(of["Authorization"].split()[1] in log for of in (Cluster.headers, Cluster.operator_headers)):
                found.append(f"{each.name} has logged a token")
        for each in self.cluster.nodes:
            told = subprocess.run([each.command[0], "log", "--json", "--data", each.data], capture_output=True, text=True, check=True)
            logs[each.name] = told.stdout.splitlines()
            verified = subprocess.run([each.command[0], "verify", each.data], capture_output=True, text=True)
            if verified.returncode != 0 or "sound" not in verified.stdout:
                found.append(f"tote verify of {each.name}: {verified.stdout} {verified.stderr}")
        return found + self.compare(logs, committed)

    def compare(self, logs, committed):
        watched = self.watcher.lines
        found = checker.faults_between(watched, logs, committed)
        firsts = {name: json.loads(lines[0])["lsn"] if lines else 0 for name, lines in logs.items()}
        beyond = max((lines[max(committed + 1 - firsts[name], 0):] for name, lines in logs.items()), key=len)
        operations = [each for client in self.clients for each in client.history] + [each for batch in self.ballast.batches for each in batch]
        found += checker.Checker(operations, [json.loads(line) for line in watched[:committed] + beyond]).check()
        reads, again = sum(each.kind == "read" for each in operations), sum(len(each.again) for each in operations)
        begin = ", ".join(f"{name}'s log begins at {first}" for name, first in firsts.items())
        self.say(f"checked {len(operations) - reads} changes, {reads} reads, {again} repeats against {committed} records, {begin}: {len(found)} faults")
        return found


def longest_gap_ms(clients, begun, until):
    """In which nobody was answered to a change, of what began meanwhile."""
    ends = sorted(int(each.ended) for client in clients for each in client.history
                  if each.kind != "read" and each.status and begun < each.ended < until)
    return max((b - a for a, b in zip([begun, *ends], [*ends, until])), default=0) // 1_000_000


def one_life(arguments, network, seed, names, figures):
    life = Life(arguments, network, seed)
    try:
        life.begin()
        for number, name in enumerate(names, 1):
            life.round(number, name)
        found = life.check()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        found = [repr(error)]
    network.heal()
    life.watcher.stop()
    life.stop_clients()
    life.cluster.close(keeps=bool(found))
    figures += life.figures
    for each in found[:20]:
        print("FAULT", each, flush=True)
    if found:
        print(f"FAULT {len(found)} of seed {seed}; what the machines had lies in {life.directory}", flush=True)
    return not found


def report(figures, unserved_ms_max):
    """Seconds without service, by fault. False: longer than a fail-over may take."""
    print(f"\n{'fault':40} rounds  unserved ms: median   most")
    for name in sorted({each[0] for each in figures}):
        gaps = [each[1] for each in figures if each[0] == name]
        print(f"{name:40} {len(gaps):6} {statistics.median(gaps):19.0f} {max(gaps):6}")
    late = [each for each in figures if each[1] > unserved_ms_max and not each[3]]
    print(f"{len(late)} of {len(figures)} rounds unserved for more than {unserved_ms_max} ms")
    return not late


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--preload", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS_A_CLUSTER)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--repeats", type=int, default=REPEATS, help="of what each client was told, at each node at the end")
    parser.add_argument("--unserved-ms-max", type=int, default=SERVICE_MS_MAX, help="longer than that is a fault")
    parser.add_argument("--fault", action="append", type=lambda name: name.replace("-", " "), help="only these, in turn")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.fault or [] if name not in faults.FAULTS]:
        parser.error(f"no such fault: {unknown}; there are {', '.join(faults.FAULTS)}")
    enter_namespaces()
    network, figures, is_sound = Network(), [], True
    for first in range(0, arguments.rounds, ROUNDS_A_CLUSTER):
        seed, count = arguments.seed + first // ROUNDS_A_CLUSTER, min(ROUNDS_A_CLUSTER, arguments.rounds - first)
        is_sound = one_life(arguments, network, seed, names_of(seed, count, arguments.fault), figures) and is_sound
    is_quick = report(figures, arguments.unserved_ms_max)
    sys.exit(0 if is_sound and is_quick else 1)


def names_of(seed, count, wanted):
    """Of faults: all of them in a new order, again and again."""
    if wanted:
        return [wanted[i % len(wanted)] for i in range(count)]
    shuffled, names = random.Random(seed), []
    while len(names) < count:
        names += shuffled.sample(sorted(faults.FAULTS), len(faults.FAULTS))
    return names[:count]


if __name__ == "__main__":
    main()
