"""Three nodes on one machine: what replicas cost, how long nobody serves after a fault, how fast a node catches up.

One member of etcd: with three the same cores would sync three logs more. All nodes, and the client, share the cores and the disk.
"""
import contextlib
import http.client
import json
import os
import shutil
import signal
import statistics
import threading
import time

from . import process, tote

PATIENCE_S = 60
FAULTS = 5             # of each kind
ASKED_EVERY_S = 0.002  # by the client who waits for service
WALLET = "w00000000"   # of `tote bench http`


class Etcd:
    def __init__(self, work):
        self.work, self.data = work, os.path.join(work, "etcd")
        self.port, peers = process.free_port(), process.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        peer = f"http://127.0.0.1:{peers}"
        self.command = ["--name", "e", "--data-dir", self.data, "--listen-client-urls", self.url, "--advertise-client-urls", self.url,
                        "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"e={peer}",
                        "--logger", "zap", "--log-level", "error"]

    def __enter__(self):
        shutil.rmtree(self.data, ignore_errors=True)
        self.server = process.Server([process.find("etcd"), *self.command], os.path.join(self.work, "etcd.log"),
                                     lambda: process.accepts(self.port), signal.SIGTERM)
        self.server.__enter__()
        return self

    def __exit__(self, *_):
        self.server.__exit__()
        shutil.rmtree(self.data, ignore_errors=True)


class Node:
    """A `tote serve` of a cluster; may be killed and started again."""

    def __init__(self, program, work, etcd, number, min_in_sync):
        self.name, self.data = f"n{number}", os.path.join(work, f"tote-n{number}")
        self.port = process.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.server = process.Server(
            [program, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", "--cluster-node", self.name, "--cluster-etcd",
             etcd.url, "--cluster-listen", f"127.0.0.1:{process.free_port()}", "--cluster-http", self.url, "--cluster-min-in-sync",
             str(min_in_sync)],
            os.path.join(work, f"tote-n{number}.log"), lambda: process.accepts(self.port), signal.SIGTERM)

    def __enter__(self):
        shutil.rmtree(self.data, ignore_errors=True)
        self.server.__enter__()
        return self

    def __exit__(self, *_):
        self.server.__exit__()
        shutil.rmtree(self.data, ignore_errors=True)

    def restart(self):
        self.server.__enter__()

    def send(self, number):
        self.server.process.send_signal(number)

    def kill(self):
        self.send(signal.SIGKILL)
        self.server.process.wait()

    def ask(self, method, path, body=None, timeout=5.0, **headers):
        """The answer's status and JSON, or None where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or "null")
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()

    def view(self):
        answer = self.ask("GET", "/v1/cluster")
        return answer[1] if answer and answer[0] == 200 else {}


class Cluster:
    """Nodes on fresh directories, all in sync."""

    def __init__(self, program, work, count=3, min_in_sync=2):
        self.etcd = Etcd(work)
        self.nodes = [Node(program, work, self.etcd, number, min_in_sync) for number in range(1, count + 1)]

    def __enter__(self):
        with contextlib.ExitStack() as begun:
            begun.enter_context(self.etcd)
            for node in self.nodes:
                begun.enter_context(node)
            self.wait_in_sync()
            self.stack = begun.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.__exit__(*_)

    def wait_in_sync(self):
        self.wait(lambda: (owner := self.owner()) and len(owner.view().get("isr", ())) == len(self.nodes), "all nodes in sync")
        # Who has just taken over forwards for a moment still.
        self.wait(lambda: (answer := self.nodes[0].ask("GET", "/readyz")) and answer[0] == 200, "an owner that is ready")

    @staticmethod
    def wait(is_so, what):
        deadline = time.monotonic() + PATIENCE_S
        while not (found := is_so()):
            if time.monotonic() > deadline:
                raise process.Failed(f"no {what} within {PATIENCE_S} s")
            time.sleep(0.01)
        return found

    def owner(self):
        """As one says of itself."""
        for node in self.nodes:
            if node.server.process.poll() is None and node.view().get("owner") == node.name:
                return node
        return None

    def others(self):
        return [node for node in self.nodes if node is not self.owner()]


def load(program, work, seconds, connections, *flags, count=3, at_owner=True):
    """HTTP, as beside one server; of the owner, or of a node that forwards."""
    with Cluster(program, work, count, min(2, count)) as cluster:
        node = cluster.owner() if at_owner else cluster.others()[0]
        result = tote.load(program, node.url, seconds, connections, *flags)
        cluster.wait_in_sync()
        return result


def embedded(program, work, workload, seconds):
    """The process that measures owns the log; two servers keep it, too."""
    with Etcd(work) as etcd, contextlib.ExitStack() as nodes:
        for number in (2, 3):
            nodes.enter_context(Node(program, work, etcd, number, 2))
        return process.bench(program, workload, "--data", work, "--seconds", seconds, "--etcd", etcd.url, "--replicas", 3)


def reads(program, work, seconds):
    """Reads of one wallet: of an owner that asks the others whether it is still the owner, beside a server alone."""
    def measured(url, prefix):
        result = {}
        for connections in (1, 64):
            of = tote.wrk(f"{url}/v1/wallets/{WALLET}", seconds, connections)
            result |= {f"{prefix}_{connections}_{name}": of[name] for name in ("tx_s", "p50_us", "p99_us")}
        return result

    with tote.Served(program, work) as served:
        tote.load(program, served.url, 0.2, 1)
        result = measured(served.url, "alone")
    with Cluster(program, work) as cluster:
        owner = cluster.owner()
        tote.load(program, owner.url, 0.2, 1)
        return result | measured(owner.url, "replicated")


class Watch:
    """A client that pays without end, one payment after the other, at whatever node answers; each under a key."""

    def __init__(self, cluster):
        self.cluster, self.acknowledged, self.is_over = cluster, [], False
        self.wallet = f"/v1/wallets/watched-{time.monotonic_ns()}"
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        if self.cluster.owner().ask("PUT", self.wallet, '{"currency":"EUR"}') is None:
            raise process.Failed("no wallet for who waits")
        self.thread.start()
        Cluster.wait(lambda: len(self.acknowledged) > 20, "payments before the fault")
        return self

    def __exit__(self, *_):
        self.is_over = True
        self.thread.join()

    def run(self):
        turn, key = 0, 0
        while not self.is_over:
            node = self.cluster.nodes[turn % len(self.cluster.nodes)]
            answer = node.ask("POST", self.wallet + "/credits", '{"amount":1}', timeout=0.25, **{"Idempotency-Key": f"{self.wallet}-{key}"})
            if answer and answer[0] in (200, 201):
                self.acknowledged.append(time.monotonic())
                key += 1
                time.sleep(ASKED_EVERY_S)
            else:
                turn += 1  # the same payment, elsewhere

    def longest_ms(self, since):
        """Between two payments one after the other, from that time on, once it is served again."""
        def found():
            times = list(self.acknowledged)
            after = [at for at in times if at > since + 0.5]
            return times if len(after) > 20 else None

        times = Cluster.wait(found, "service after the fault")
        first = max(index for index, at in enumerate(times) if at <= since)
        return max(b - a for a, b in zip(times[first:], times[first + 1:])) * 1000

    def check(self):
        """Each payment once."""
        balance = self.cluster.owner().ask("GET", self.wallet)[1]["balance"]
        if not len(self.acknowledged) <= balance <= len(self.acknowledged) + 1:
            raise process.Failed(f"{len(self.acknowledged)} payments acknowledged, {balance} in the wallet")


def faults(program, work, count=FAULTS):
    """Milliseconds without service: the owner killed, the owner paused, a transfer that an operator asks for."""
    def killed(cluster, owner):
        owner.kill()
        return owner.restart

    def paused(cluster, owner):
        owner.send(signal.SIGSTOP)
        return lambda: owner.send(signal.SIGCONT)

    def handed_over(cluster, owner):
        body = json.dumps({"node": cluster.others()[0].name})
        answer = owner.ask("POST", "/v1/admin/cluster/transfer", body, timeout=30)
        if answer is None or answer[0] != 200:
            raise process.Failed(f"the log isn't handed over: {answer}")
        return lambda: None

    result = {}
    with Cluster(program, work) as cluster:
        for name, fault in (("killed", killed), ("paused", paused), ("handed_over", handed_over)):
            gaps = []
            for _ in range(count):
                with Watch(cluster) as watch:
                    owner, since = cluster.owner(), time.monotonic()
                    mend = fault(cluster, owner)
                    try:
                        gaps.append(watch.longest_ms(since))
                    finally:
                        mend()
                    cluster.wait_in_sync()
                watch.check()
            result |= {f"{name}_ms": statistics.median(gaps), f"{name}_max_ms": max(gaps)}
    return result


def catch_up(program, work, seconds):
    """A node that was away while others went on: records a second from when it is there until it is in sync."""
    with Cluster(program, work) as cluster:
        owner, away = cluster.owner(), cluster.others()[0]

        def state(name):
            return next((node for node in owner.view().get("nodes", ()) if node["node"] == name), {})

        tote.load(program, owner.url, 0.2, 1)
        away.kill()
        Cluster.wait(lambda: len(owner.view().get("isr", ())) == 2, "going on without it")
        before = state(owner.name)["lsn"]
        tote.load(program, owner.url, seconds, 16, "--lines", 1_000)
        missed = state(owner.name)["lsn"] - before
        away.restart()
        Cluster.wait(lambda: state(away.name).get("state") not in ("away", None), "node that is back")
        begun = time.monotonic()
        cluster.wait_in_sync()
        took = time.monotonic() - begun
        return {"records_s": missed / took, "records": missed, "seconds": took}


def table(results, figure):
    """What replicas cost and how long nobody serves: rows of the report."""
    def value(case, name):
        return results[case].median(name) if case in results else None

    for title, case, alone in (
            ("HTTP, hot wallet: one node, times a server alone", "cluster-1-http", "http-hot"),
            ("HTTP, hot wallet: three nodes, times a server alone", "cluster-3-http", "http-hot"),
            ("the same, at a node that forwards", "cluster-3-forwarded", "http-hot"),
            ("HTTP, batches of 1 000: three nodes, times a server alone", "cluster-3-http-batch", "http-batch"),
            ("embedded, batches of 256: three nodes, times a process alone", "cluster-3-hot-batch", "hot-batch"),
            ("HTTP, hot wallet: three nodes, times PostgreSQL with two standbys", "cluster-3-http", "pg-replicated-hot-32")):
        if value(case, "tx_s") and value(alone, "tx_s"):
            yield title, figure(value(case, "tx_s") / value(alone, "tx_s"))
    for title, name in (("without service, the owner killed, ms: median", "killed_ms"), ("the same: most", "killed_max_ms"),
                        ("without service, the owner paused, ms: median", "paused_ms"), ("the same: most", "paused_max_ms"),
                        ("without service, handed over, ms: median", "handed_over_ms"), ("the same: most", "handed_over_max_ms")):
        if value("cluster-faults", name) is not None:
            yield title, figure(value("cluster-faults", name))
    if value("cluster-catch-up", "records_s"):
        yield "records/s of a node that catches up", figure(value("cluster-catch-up", "records_s"))
    for connections in (1, 64):
        pair = [value("cluster-reads", f"{who}_{connections}_{name}") for who in ("replicated", "alone") for name in ("p50_us", "p99_us")]
        if all(pair):
            yield (f"a read, {connections} connection{'s' if connections > 1 else ''}, µs: p50 and p99; of a server alone",
                   " and ".join(map(figure, pair[:2])) + "; " + " and ".join(map(figure, pair[2:])))
