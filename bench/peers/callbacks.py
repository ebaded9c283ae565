"""Bets of one player at once, by `tote bench callbacks`: of Tote's door, and of an endpoint of one's own on PostgreSQL."""
import os
import shutil
import signal
import subprocess
import time

from . import process, tote

PARALLEL = (5, 20, 200)
PEER_PARALLEL = (20, 200)
ALGORITHMS = {"rsa2048": "RSA-2048", "es256": "ES256", "rsa4096": "RSA-4096"}
HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3"  # Debian's, which has its python3-psycopg2


class Measured:
    """The bench makes the keys, and waits for whoever has them to listen."""

    def __init__(self, program, work, port, *args):
        self.folder = os.path.join(work, "callbacks")
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        os.chmod(self.folder, 0o755)
        self.settings = os.path.join(self.folder, "callbacks.toml")
        self.bench = subprocess.Popen(
            [program, "bench", "callbacks", "--url", f"http://127.0.0.1:{port}", "--data", self.folder, "--json", *map(str, args)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while not os.path.exists(self.settings):
            if self.bench.poll() is not None or time.monotonic() > deadline:
                self.bench.kill()
                raise process.Failed("bench callbacks has made no keys: " + self.bench.communicate()[1][-300:])
            time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.bench.poll() is None:
            self.bench.kill()
        self.bench.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def result(self):
        out, err = self.bench.communicate(timeout=600)
        found = process.checked(out, self.bench.returncode, err, "callbacks")
        for count in PARALLEL:  # the rate of the most, so that a round shows something
            if f"parallel_{count}_wall_ms" in found:
                found["tx_s"] = count / found[f"parallel_{count}_wall_ms"] * 1e3
        return found


def of_tote(program, work, seconds):
    port = process.free_port()
    with Measured(program, work, port, "--parallel", ",".join(map(str, PARALLEL)), "--algorithms", ",".join(ALGORITHMS),
                  "--seconds", seconds) as measured:
        with tote.Served(program, work, "--config", measured.settings, port=port):
            return measured.result()


def of_postgres(program, work, postgres):
    port = process.free_port()
    postgres.sql("-f", os.path.join(HERE, "sql", "callbacks.sql"))
    with Measured(program, work, port, "--parallel", ",".join(map(str, PEER_PARALLEL))) as measured:
        key = os.path.join(measured.folder, "bench-rsa2048.pem")
        command = [PYTHON, os.path.join(HERE, "callback_endpoint.py"), postgres.uri, str(port), key, "2"]
        server = process.Server(command, os.path.join(work, "endpoint.log"), lambda: process.accepts(port), signal.SIGTERM,
                                start_new_session=True)
        with server:
            try:
                return measured.result()
            finally:
                os.killpg(server.pid, signal.SIGTERM)  # its other process, too


def table(results, figure):
    """Rows for the report: what was at once, Tote's wall time and slowest, the endpoint's, and how many times."""
    own, peer = results.get("callbacks"), results.get("pg-callbacks")
    for count in PARALLEL:
        name = f"parallel_{count}_"
        of = lambda series, what: series.median(name + what) if series is not None else None
        walls = of(own, "wall_ms"), of(peer, "wall_ms")
        if walls[0]:
            yield [f"{count} bets of one player at once", figure(walls[0]), figure(of(own, "p99_ms")), figure(of(own, "max_ms")),
                   figure(walls[1]), figure(of(peer, "max_ms")), figure(walls[1] / walls[0]) if walls[1] else ""]


def doors(results, figure):
    """Rows for the report: callbacks a second through the door, beside one core of `openssl speed`."""
    own = results.get("callbacks")
    for name, title in ALGORITHMS.items():
        rate = own.median(f"{name}_door_s") if own is not None else None
        if rate:
            yield [title, figure(rate), figure(own.median(f"{name}_openssl_s")), figure(own.median(f"{name}_ratio")),
                   figure(own.median(f"{name}_p99_ms"))]
