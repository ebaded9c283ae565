"""A server that projects into PostgreSQL: what that costs, how fast it catches up, how far it is behind.

Every figure is one of a projection that is found to be right afterwards: no row differs from the log."""
import http.client
import json
import re
import subprocess
import time

from . import process, tote

PATIENCE_S = 600   # for a projection to catch up
SAMPLE_EVERY_S = 0.1


class Projected:
    """A server on a fresh directory and an empty schema. `late`: PostgreSQL is started when it is asked for."""

    def __init__(self, program, work, database, late=False):
        self.program, self.database, self.late = program, database, late
        self.served = tote.Served(program, work, "--postgres", database.uri)
        self.is_up = False

    def __enter__(self):
        self.start_database()
        try:
            self.database.sql("-c", "SET client_min_messages = error; DROP SCHEMA IF EXISTS tote CASCADE", "-c", "CHECKPOINT")
            if self.late:
                self.stop_database()
            self.served.__enter__()
        except BaseException:
            self.stop_database()
            raise
        return self

    def __exit__(self, *_):
        try:
            self.served.__exit__()
        finally:
            self.stop_database()

    def start_database(self):
        self.database.__enter__()
        self.is_up = True

    def stop_database(self):
        if self.is_up:
            self.database.__exit__()
        self.is_up = False

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            text = answer.read().decode()
        except OSError as error:
            raise process.Failed(f"GET {path}: {error}") from None
        finally:
            connection.close()
        if answer.status != 200:
            raise process.Failed(f"GET {path}: {answer.status}")
        return text

    def figures(self):
        """(rows written since the start, records that aren't in the tables yet)"""
        text = self.get("/metrics")
        return tuple(int(float(re.search(rf"^tote_projection_{name} (\S+)", text, re.M).group(1)))
                     for name in ("rows_total", "lag_lsn"))

    def lag_ms(self):
        view = json.loads(self.get("/v1/projection"))
        if not view["connected"]:
            raise process.Failed("the projection stands still: " + view.get("problem", ""))
        return view["lag_ms"]

    def catch_up(self):
        """Waits until everything is in the tables: rows a second from the first that come, and their number."""
        deadline = time.monotonic() + PATIENCE_S
        begun = None
        while time.monotonic() < deadline:
            now, (rows, behind) = time.monotonic(), self.figures()
            if begun is None and rows > 0:
                begun = now, rows
            if behind == 0 and begun:
                return (rows - begun[1]) / (now - begun[0]) if now > begun[0] else 0, rows
            time.sleep(0.02)
        raise process.Failed(f"the projection isn't there after {PATIENCE_S} s")

    def verify(self):
        """Fails on the first difference; the number of rows compared."""
        text = process.output([self.program, "projection", "verify", "--data", self.served.data, "--postgres", self.database.uri])
        compared, differences = re.search(r"([\d ,]+) rows as of .*?, (\d+) differences", text).groups()
        if differences != "0":
            raise process.Failed(f"the projection differs from the log in {differences} rows")
        return int(re.sub(r"\D", "", compared))


def beside_load(program, work, database, seconds, connections):
    """The hot wallet's load with the projection on its way, and the rows it writes meanwhile."""
    with Projected(program, work, database) as projected:
        began, before = time.monotonic(), projected.figures()[0]
        result = tote.load(program, projected.served.url, seconds, connections)
        result["rows_s_meanwhile"] = (projected.figures()[0] - before) / (time.monotonic() - began)
        projected.catch_up()
        result["rows_verified"] = projected.verify()
        return result


def drain(program, work, database, seconds, connections, wallets):
    """PostgreSQL is away while the log grows, then comes back: nothing else to do for the server by then."""
    with Projected(program, work, database, late=True) as projected:
        backlog = tote.load(program, projected.served.url, seconds, connections, "--wallets", wallets)
        projected.start_database()
        rate, rows = projected.catch_up()
        if rate == 0:
            raise process.Failed("the backlog was gone at once: too small to measure")
        return {"rows_s": rate, "rows": rows, "records": backlog["records"], "rows_verified": projected.verify()}


def lag(program, work, database, seconds, connections, wallets, rate):
    """Samples of how long ago PostgreSQL had everything, while commands come at a steady rate."""
    with Projected(program, work, database) as projected:
        samples = []
        command = [program, "bench", "http", "--url", projected.served.url, "--seconds", str(seconds), "--connections",
                   str(connections), "--wallets", str(wallets), "--rate", str(rate), "--announce", "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
            try:
                if "measuring" not in running.stderr.readline():
                    raise process.Failed("the load didn't begin")
                begun = time.monotonic()
                while time.monotonic() < begun + seconds and running.poll() is None:
                    samples.append(projected.lag_ms())
                    time.sleep(SAMPLE_EVERY_S)
                text, errors = running.communicate(timeout=60)
            finally:
                if running.poll() is None:
                    running.terminate()
        result = process.checked(text, running.returncode, errors, "http")
        if result["tx_s"] < 0.95 * rate:
            raise process.Failed(f"{result['tx_s']:.0f} tx/s instead of {rate}")
        projected.catch_up()
        samples.sort()
        return {"lag_p50_ms": samples[len(samples) // 2], "lag_max_ms": samples[-1], "lag_samples": len(samples),
                "paced_tx_s": result["tx_s"], "p50_us": result["p50_us"], "p99_us": result["p99_us"],
                "rows_verified": projected.verify()}
