#!/usr/bin/env python3
"""A server under full load for long, as one runs it: snapshots, trimming, entities that go to rest, backups beside the
load, kills and stops, restores.

    soak.py --program TOTE [--hours H | --turns N] [--turn-s S] [--seed N] [--directory DIR]

In each turn the server is killed or stopped at some moment, and a backup is begun. At its end clients pause, and
everything has to add up: the sum of all balances and of all stock is what was acknowledged, and batches of the last
seconds are answered again, byte for byte. Every RESTORE_EVERY turns the newest backup is restored and verified, and
holds what the server held. At the end `tote verify` reads all of it, and memory and disk must not have grown between
the first and the second half of the turns after the retention, by more than FLAT.

One seed gives the same requests and the same order of events, not the same instants.
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from clients import Books, Client, Connection, Failed, opening, send  # noqa: E402
from served import Served  # noqa: E402

CLIENTS = 4
KEYS_S = 30             # the longest retention
RESTORE_EVERY = 4
FLAT = 1.10
STARTS_S_MAX = 60
SETTINGS = ["--idempotency-retention-s", KEYS_S, "--log-s", 10, "--log-bytes", 256 << 20, "--archive-keep-s", KEYS_S,
            "--snapshot-interval-s", 5, "--entities-bytes", 2 << 20, "--keys-bytes", 32 << 20, "--log-level", "warn"]
MIB = 1 << 20


def bytes_below(directory, without=""):
    """On disk, each file once, however many names it has. What goes meanwhile isn't counted."""
    seen = {}
    for path, _, names in os.walk(directory):
        if without and pathlib.Path(path).name == without:
            continue
        for name in names:
            try:
                found = os.lstat(os.path.join(path, name))
            except FileNotFoundError:
                continue
            seen[found.st_ino] = found.st_blocks * 512
    return sum(seen.values())


def resident_bytes(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def totals(port):
    """(of balances, of stock), by the lists."""
    connection, found = Connection(port), []
    for kind, member in (("wallets", "balance"), ("items", "on_hand")):
        total, after = 0, ""
        while after is not None:
            answer = connection.exchange("GET", f"/v1/{kind}?limit=1000" + (f"&after={after}" if after else ""))
            if answer is None or answer[0] != 200:
                raise Failed(f"the list of {kind}: {answer}")
            page = json.loads(answer[1])
            total += sum(each[member] for each in page[kind])
            after = page["next"]
        found.append(total)
    return tuple(found)


class Soak:
    def __init__(self, options, directory):
        self.options, self.directory, self.random = options, pathlib.Path(directory), random.Random(options.seed)
        self.begun, self.turns, self.opened = time.monotonic(), [], Books()
        self.server = Served(options.program, self.directory, *map(str, SETTINGS))
        self.clients = [Client(number, options.seed, self.server.port) for number in range(CLIENTS)]

    @property
    def expected(self):
        total = Books()
        for each in [self.opened, *(client.books for client in self.clients)]:
            total.add(each)
        return total

    def tote(self, *arguments):
        done = subprocess.run([self.options.program, *map(str, arguments)], cwd=self.directory, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"tote {arguments[0]}: exit {done.returncode}: {done.stdout} {done.stderr}")
        return done.stdout

    def begin(self):
        connection = Connection(self.server.port)
        for batch in opening():
            batch.answer = send(connection, batch)
            batch.into(self.opened)
        for client in self.clients:
            client.start()

    def wait(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.look_at_clients()
            time.sleep(min(0.2, max(0, until - time.monotonic())))

    def look_at_clients(self):
        for client in self.clients:
            if client.problem:
                raise Failed(client.problem)
        if self.server.process.poll() is not None:
            raise Failed(f"the server ended by itself: {self.server.process.returncode}")

    def go(self):
        for client in self.clients:
            client.rests.clear()
            client.may_go.set()

    def pause(self):
        for client in self.clients:
            client.may_go.clear()
        for client in self.clients:
            client.rests.wait()
        self.look_at_clients()

    def begin_backup(self):
        return subprocess.Popen([self.options.program, "backup", "data", "--to", "backups"], cwd=self.directory,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def interrupt(self):
        """Kills or stops it, and starts it again. What was done, and how long the start took."""
        how = self.random.choice(["killed", "killed", "stopped"])
        self.server.kill() if how == "killed" else self.server.stop()
        begun = time.monotonic()
        self.server.start()
        return how, time.monotonic() - begun

    def turn(self):
        began, changes = time.monotonic(), self.expected.changes
        self.go()
        self.wait(self.options.turn_s * self.random.uniform(0.1, 0.5))
        backup = self.begin_backup()
        self.wait(self.options.turn_s * self.random.uniform(0, 0.2))
        how, start_s = self.interrupt()
        backup.communicate()  # it may have lost its server: what it has begun must not count then
        self.wait(max(0, self.options.turn_s - (time.monotonic() - began)))
        figures = {"resident": resident_bytes(self.server.process.pid),
                   "log": bytes_below(self.directory / "data", without="archive"),
                   "archive": bytes_below(self.directory / "data" / "archive"), "start_s": start_s}
        self.pause()
        took, after = time.monotonic() - began, time.monotonic()
        again = sum(client.ask_again(after - KEYS_S / 2) for client in self.clients)
        self.check_totals(self.server.port, "the server")
        if len(self.turns) % RESTORE_EVERY == RESTORE_EVERY - 1:
            self.restore()
        self.keep_two_backups()
        self.turns.append(figures | {"at_s": time.monotonic() - self.begun})
        changes = self.expected.changes - changes
        print(f"{len(self.turns):5} {self.turns[-1]['at_s']:7.0f} s: {changes:9} changes, {changes / took:7.0f}/s; {how}, ready after "
              f"{start_s:4.1f} s; {figures['resident'] // MIB:5} MiB resident, log {figures['log'] // MIB:5} MiB, archive "
              f"{figures['archive'] // MIB:5} MiB; {again} answers asked again", flush=True)
        if start_s > STARTS_S_MAX:
            raise Failed(f"a start took {start_s:.1f} s")

    def check_totals(self, port, whose):
        expected = self.expected
        found = totals(port)
        if found != (expected.balance, expected.on_hand):
            raise Failed(f"{whose} has balances and stock of {found}, acknowledged are {(expected.balance, expected.on_hand)}")

    def restore(self):
        """A backup of now, as clients pause: it has what the server has."""
        self.tote("backup", "data", "--to", "backups")
        self.tote("restore", "backups", "--to", "restored/data")
        self.tote("verify", "restored/data")
        restored = Served(self.options.program, self.directory / "restored", *map(str, SETTINGS))
        try:
            self.check_totals(restored.port, "the restored log")
        finally:
            restored.kill()
        shutil.rmtree(self.directory / "restored")

    def keep_two_backups(self):
        for old in sorted((each for each in (self.directory / "backups").iterdir() if each.is_dir()))[:-2]:
            shutil.rmtree(old)

    def end(self):
        self.server.stop()
        print(self.tote("verify", "data").strip())
        settled = [each for each in self.turns if each["at_s"] > 3 * KEYS_S]
        if len(settled) < 8:
            print(f"{len(settled)} turns after the retention: too few to say whether memory and disk are flat")
            return
        halves = settled[:len(settled) // 2], settled[len(settled) // 2:]
        grown = []
        for what in ("resident", "log", "archive"):
            first, second = (sum(each[what] for each in half) / len(half) for half in halves)
            values = [each[what] for each in settled]
            print(f"{what:8}: {first / MIB:7.0f} MiB in the first half, {second / MIB:7.0f} in the second; least {min(values) // MIB}, most {max(values) // MIB}")
            if second > FLAT * first:
                grown.append(what)
        if grown:
            raise Failed(f"grown by more than {FLAT}: {', '.join(grown)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--hours", type=float, default=1)
    parser.add_argument("--turns", type=int, help="so many, however long they take")
    parser.add_argument("--turn-s", type=float, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--directory", help="on the disk that is meant; else a temporary one")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    directory = tempfile.mkdtemp(prefix="tote-soak-", dir=options.directory)
    soak = Soak(options, directory)
    try:
        (soak.directory / "backups").mkdir()
        (soak.directory / "restored").mkdir()
        soak.begin()
        while len(soak.turns) < options.turns if options.turns else time.monotonic() - soak.begun < options.hours * 3600:
            soak.turn()
            (soak.directory / "restored").mkdir(exist_ok=True)
        soak.end()
    except Failed as failed:
        print(f"FAILED: {failed}\nseed {options.seed}; what it worked with is in {directory}")
        return 1
    finally:
        if soak.server.process.poll() is None:
            soak.server.kill()
    shutil.rmtree(directory)
    print(f"{soak.expected.changes} changes in {len(soak.turns)} turns: all of it adds up")
    return 0


if __name__ == "__main__":
    sys.exit(main())
