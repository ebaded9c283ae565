"""Three machines on one: each a network namespace with a real etcd and a real `tote serve`, on a bridge.

All of it lives in namespaces of the script's own (chaos.py enters them), so nothing outlives it, however it ends.
Clients are at the bridge: what is cut between machines isn't cut for them.

Time passes for all of them at once, in steps, where a clock of the script's is preloaded. What has left the log by then
was there for longer than one step, so the watcher, which is waited for before each, has read it.
"""
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
from peers.process import find, output  # noqa: E402

NUMBERS = (1, 2, 3)
DISK_BYTES = 1 << 30
HUB = "10.77.0.254"
LOG_S, STEP_S = 100_000, 60_000  # two steps, and an hour more for a segment: one step and a clock that is wrong aren't


def address(number):
    return f"10.77.0.{number}"


def run(*command, text=None):
    done = subprocess.run([find(command[0], "/sbin"), *map(str, command[1:])], input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip()}")


class Network:
    """What is cut, lost and slow between machines; clients are always connected, as fast as the machine is."""

    def __init__(self):
        pathlib.Path("/run/netns").mkdir(exist_ok=True)
        run("mount", "-t", "tmpfs", "tmpfs", "/run/netns")
        for command in ("link set lo up", "link add br0 type bridge", f"addr add {HUB}/24 dev br0", "link set br0 up"):
            run("ip", *command.split())
        for n in NUMBERS:
            for command in (f"netns add m{n}", f"link add v{n} type veth peer name eth0 netns m{n}", f"link set v{n} master br0 up",
                            f"-n m{n} addr add {address(n)}/24 dev eth0", f"-n m{n} link set eth0 up", f"-n m{n} link set lo up"):
                run("ip", *command.split())
        self.heal()

    def rules(self, rules):
        run("nft", "-f", "-", text="table bridge chaos\ndelete table bridge chaos\ntable bridge chaos {\nchain forward {\n"
            "type filter hook forward priority 0;\n" + "\n".join(rules) + "\n}\n}\n")

    def cut(self, ways):
        """`ways`: (from, to); the other direction stays."""
        self.rules([f"ip saddr {address(a)} ip daddr {address(b)} drop" for a, b in ways])

    def lose(self, number, percent):
        """So many packets of a hundred, from and to one machine."""
        self.rules([f"ip {side} {address(number)} numgen random mod 100 < {percent} drop" for side in ("saddr", "daddr")])

    def slow(self, number, kbit):
        for where in (["-n", f"m{number}", "qdisc", "replace", "dev", "eth0"], ["qdisc", "replace", "dev", f"v{number}"]):
            run("tc", *where, *f"root tbf rate {kbit}kbit burst 16k latency 400ms".split())

    def heal(self):
        self.rules([])
        for n in NUMBERS:
            for where in (["-n", f"m{n}", "qdisc", "del", "dev", "eth0"], ["qdisc", "del", "dev", f"v{n}"]):
                subprocess.run([find("tc", "/sbin"), *where, "root"], capture_output=True)


class Process:
    """Of one machine; its program's output goes to a file."""

    def __init__(self, number, command, log, environment=None):
        self.number, self.command, self.log, self.environment = number, command, log, environment
        self.child = None

    def start(self):
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen([find("nsenter"), f"--net=/run/netns/m{self.number}", *map(str, self.command)], stdin=subprocess.DEVNULL,
                                          stdout=log, stderr=log, cwd=self.log.parent, env=os.environ | (self.environment or {}))

    def is_running(self):
        return self.child is not None and self.child.poll() is None

    def send(self, number):
        if self.is_running():
            self.child.send_signal(number)

    def end(self, number=signal.SIGKILL, timeout=30):
        self.send(number)
        return self.child.wait(timeout) if self.child else None


class Node(Process):
    """A `tote serve`, on a disk of its own that a fault may fill, slow down or break."""

    def __init__(self, number, name, program, shim, directory, token_hash, operator_hash):
        self.name, self.directory, self.url = name, directory / name, f"http://{address(number)}:8080"
        self.data, self.control, self.ballast = self.directory / "disk/data", self.directory / "control", self.directory / "disk/ballast"
        self.clock_s = 0  # ahead of the world's, as all clocks are
        (self.directory / "disk").mkdir(parents=True)
        run("mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", self.directory / "disk")
        self.control.write_bytes(bytes(24))
        make_certificate(directory, self.directory, self.name)
        (self.directory / "tote.toml").write_text(f"""\
[server]
data = "{self.data}"
listen = "{address(number)}:8080"
[http]
idempotency_retention_s = 0
[engine]
disk_free_bytes_min = {64 << 20}
[snapshots]
interval_s = 2
[retention]
log_s = {LOG_S}
[archive]
keep_s = 1
[memory]
keys_bytes = {256 << 10}
[cluster]
node = "{self.name}"
etcd = {json.dumps([f"http://{address(n)}:2379" for n in NUMBERS])}
listen = "{address(number)}:7080"
http = "{self.url}"
tls_certificate = "{self.directory}/node.pem"
tls_key = "{self.directory}/node.key"
tls_ca = "{directory}/ca.pem"
[console]
operator_token_sha256 = "{operator_hash}"
[[tenant]]
id = "shop"
tokens = [{{ sha256 = "{token_hash}", role = "issuer", name = "chaos" }}]
""")
        environment = {"CHAOS_CONTROL": str(self.control)} | ({"LD_PRELOAD": str(shim)} if shim else {})
        super().__init__(number, [program, "serve", "--config", self.directory / "tote.toml"], self.directory / "log", environment)

    def set_control(self, sync_delay_ms=0, clock_offset_s=0, disk_error=0):
        """What preloaded.cc reads."""
        with open(self.control, "r+b") as control:
            control.write(struct.pack("=qqq", sync_delay_ms, (self.clock_s + clock_offset_s) * 10**9, disk_error))

    def fill_disk(self):
        with open(self.ballast, "wb") as ballast:
            is_full = False
            while not is_full:
                room = os.statvfs(self.data)
                with contextlib.suppress(OSError):  # the node has taken some of it meanwhile
                    os.posix_fallocate(ballast.fileno(), 0, room.f_bavail * room.f_frsize)
                    is_full = True

    def free_disk(self):
        self.ballast.unlink(missing_ok=True)

    def lose_disk(self):
        run("umount", "-l", self.directory / "disk")

    def lsn(self):
        """The newest that it says it has."""
        return max((each["lsn"] or 0 for each in self.status().get("nodes", []) if each["node"] == self.name), default=0)

    def status(self):
        """What GET /v1/cluster says; empty: nothing."""
        try:
            return json.loads(self.get("/v1/cluster", Cluster.headers))
        except (OSError, ValueError, http.client.HTTPException):
            return {}

    def get(self, path, headers):
        with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=1) as answer:
            return answer.read()

    def first_lsn(self):
        """The oldest record that it has, in its log or archive; 0: it doesn't say."""
        try:
            found = re.search(r"^tote_archive_first_lsn (\S+)$", self.get("/metrics", Cluster.operator_headers).decode(), re.MULTILINE)
        except (OSError, http.client.HTTPException):
            return 0
        return int(float(found[1])) if found else 0

    def fill(self):
        """(bytes that have come, of so many) while it is filled, as it says itself; else None."""
        told = [each for each in self.status().get("nodes", []) if each["node"] == self.name and "fill_bytes" in each]
        return (told[0]["filled_bytes"], told[0]["fill_bytes"]) if told else None


class Member(Process):
    """A member of etcd."""

    def __init__(self, number, directory):
        self.url = f"http://{address(number)}:2379"
        (directory / f"e{number}").mkdir()
        peer = f"http://{address(number)}:2380"
        super().__init__(number, [find("etcd"), "--name", f"e{number}", "--data-dir", directory / f"e{number}/data", "--listen-client-urls", self.url,
                                  "--advertise-client-urls", self.url, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                                  "--initial-cluster", ",".join(f"e{n}=http://{address(n)}:2380" for n in NUMBERS),
                                  *"--heartbeat-interval 50 --election-timeout 500 --pre-vote=true --auto-compaction-mode revision".split(),
                                  *"--auto-compaction-retention 1000 --logger zap --log-level error".split()], directory / f"e{number}/log")

    def ask(self, path, question):
        with urllib.request.urlopen(urllib.request.Request(self.url + path, json.dumps(question).encode()), timeout=2) as answer:
            return json.load(answer)


def make_token(program):
    """A token, and its hash."""
    _, token, _, sha256 = output([program, "token"]).split()[:4]
    return token, sha256


class Cluster:
    headers, operator_headers = {}, {}

    def __init__(self, program, shim, directory):
        self.directory, self.program = directory, program
        (token, sha256), (operator_token, operator_sha256) = make_token(program), make_token(program)
        Cluster.headers = {"Authorization": f"Bearer {token}"}
        Cluster.operator_headers = {"Authorization": f"Bearer {operator_token}"}
        make_authority(directory)
        self.members = [Member(n, directory) for n in NUMBERS]
        self.make_node = lambda number, name: Node(number, name, program, shim, directory, sha256, operator_sha256)
        self.nodes, self.lost = [self.make_node(n, f"n{n}") for n in NUMBERS], []
        self.operator = os.environ | {"TOTE_TOKEN": operator_token}
        self.has_clock, self.clock_s = shim is not None, 0
        self.watcher, self.ballast = None, None  # of whoever has made this
        self.notes = []  # on the fault of the moment
        for each in self.members + self.nodes:
            each.start()

    def close(self, keeps):
        """`keeps`: what the disks had, for somebody to look at."""
        for each in self.nodes + self.members:
            each.send(signal.SIGCONT)
            each.end()
        for each in self.nodes:
            if keeps and each.data.exists():
                shutil.copytree(each.data, each.directory / "data")
            run("umount", "-l", each.directory / "disk")
        if not keeps:
            shutil.rmtree(self.directory)

    def owner(self):
        """As the owner itself says; None: nobody says so."""
        told = [(each.status(), each) for each in self.nodes if each.is_running()]
        owners = [(status["epoch"], each.number, each) for status, each in told if status.get("state") == "owner"]
        return max(owners)[2] if owners else None

    def wait_for_all(self, timeout_s=60):
        """Until all are in sync: the owner. The seconds that it took are its `waited_s`."""
        begun = time.monotonic()
        while time.monotonic() < begun + timeout_s:
            for each in self.nodes:
                if not each.is_running():
                    raise RuntimeError(f"{each.name} has ended: {tail(each.log)}")
            owner = self.owner()
            if owner is not None and set(owner.status().get("isr", [])) == {each.name for each in self.nodes}:
                owner.waited_s = time.monotonic() - begun
                return owner
            time.sleep(0.05)
        raise RuntimeError("not all are in sync: " + "; ".join(f"{each.name} {each.status()} {tail(each.log)}" for each in self.nodes))

    def wait_for_same(self, timeout_s=20):
        """While nobody asks for anything: until all hold the same. The newest LSN of it."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            owner = self.owner()
            held = {each["lsn"] for each in owner.status().get("nodes", []) if each["state"] != "removed"} if owner else ()
            if len(held) == 1:
                return held.pop()
            time.sleep(0.05)
        raise RuntimeError("not all hold the same")

    def operate(self, what, name, timeout_s=40):
        """`tote cluster transfer`, `add` or `remove`, as an operator: again until it is done, whichever node answers."""
        until, told = time.monotonic() + timeout_s, ""
        while time.monotonic() < until:
            for each in self.nodes:
                done = subprocess.run([self.program, "cluster", what, name, "--url", each.url], env=self.operator, capture_output=True, text=True)
                if done.returncode == 0:
                    return
                told = done.stdout + done.stderr
                time.sleep(0.05)
        raise RuntimeError(f"tote cluster {what} {name}: {told}")

    def transfer(self, node):
        self.operate("transfer", node.name)

    # -- time and disks

    def pass_time(self):
        """A step of all clocks. False: there is no clock to set."""
        if not self.has_clock:
            return False
        owner = self.owner()
        self.watcher.wait_for(owner.lsn() if owner else 0)
        self.clock_s += STEP_S
        for each in self.nodes:
            each.clock_s = self.clock_s
            each.set_control()
        return True

    def until_trimmed(self, lsn, timeout_s=60):
        """Neither the log nor the archive of those that run has this record: what is sealed first goes when more is.
        False: as in pass_time()."""
        until, next_step, firsts = time.monotonic() + timeout_s, 0, []
        while time.monotonic() < until:
            if time.monotonic() >= next_step:
                if not self.pass_time():
                    return False
                self.ballast.add(1)  # keys go to disk when others come, and records once their keys have
                next_step = time.monotonic() + 3
            firsts = [each.first_lsn() for each in self.nodes if each.is_running()]
            if min(firsts) > lsn:
                return True
            time.sleep(0.1)
        raise RuntimeError(f"logs begin at {firsts}, and LSN {lsn} should have left them by now")

    def replace(self, node):
        """Its disk is gone, and what was on it; who comes in its place has a name of its own, and isn't started yet."""
        node.end()
        node.lose_disk()
        self.lost.append(node)
        successor = self.make_node(node.number, f"n{len(self.nodes) + len(self.lost)}")
        successor.clock_s = self.clock_s
        successor.set_control()
        self.nodes[node.number - 1] = successor
        return successor

    def others(self, node):
        return [each for each in self.nodes if each is not node]

    def etcd_leader(self):
        told = self.members[0].ask("/v3/maintenance/status", {})
        leader = told["leader"]
        for each in self.members:
            if each.ask("/v3/maintenance/status", {})["header"]["member_id"] == leader:
                return each
        raise RuntimeError("etcd has no leader")

    def move_etcd_leader(self, number):
        leader, target = self.etcd_leader(), self.members[number - 1]
        if leader is not target:
            leader.ask("/v3/maintenance/transfer-leadership", {"targetID": target.ask("/v3/maintenance/status", {})["header"]["member_id"]})


def tail(log):
    return log.read_text(errors="replace")[-600:] if log.exists() else ""


def make_authority(directory):
    output(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650", "-subj", "/CN=cluster",
            "-keyout", directory / "ca.key", "-out", directory / "ca.pem"])


def make_certificate(authority, directory, name):
    output(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
            "-keyout", directory / "node.key", "-out", directory / "node.csr"])
    output(["openssl", "x509", "-req", "-in", directory / "node.csr", "-CA", authority / "ca.pem", "-CAkey", authority / "ca.key", "-CAcreateserial",
            "-days", "3650", "-out", directory / "node.pem"])
