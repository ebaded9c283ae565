"""Redis 7: balance, idempotency key and a stream entry in one Lua script, synced before the answer."""
import csv
import io
import os
import re
import shutil
import signal

from . import process

SETTINGS = ("`appendonly yes`, `appendfsync always`; `save \"\"` and `auto-aof-rewrite-percentage 0`, "
            "so that no snapshot or rewrite costs it anything while it is measured")

SCRIPT = """
if not redis.call('SET', KEYS[2], ARGV[1], 'NX') then return redis.call('GET', KEYS[2]) end
local balance = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('XADD', KEYS[3], '*', 'wallet', KEYS[1], 'amount', ARGV[1])
return balance
"""


def version():
    return "Redis " + re.search(r"v=([\d.]+)", process.output([process.find("redis-server"), "--version"])).group(1)


class Redis:
    def __init__(self, work):
        self.folder, self.port = os.path.join(work, "redis"), process.free_port()
        self.server = process.Server(
            [process.find("redis-server"), "--bind", "127.0.0.1", "--port", str(self.port), "--dir", self.folder,
             "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--auto-aof-rewrite-percentage", "0"],
            os.path.join(work, "redis.log"), lambda: process.accepts(self.port), signal.SIGTERM)

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.server.__enter__()
        return self

    def __exit__(self, *_):
        self.server.__exit__()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, *command):
        return process.output([process.find("redis-cli"), "-p", str(self.port), *command]).strip()

    def load(self, script, connections, pipeline, count, prefix):
        # Two random parts of 31 bits: a key of its own for each request. Two runs may draw the same ones (redis-benchmark
        # seeds with time and process id), so each has a prefix.
        text = process.output(
            [process.find("redis-benchmark"), "-p", str(self.port), "-c", str(connections), "-P", str(pipeline),
             "-n", str(count), "-r", str(2**31 - 1), "--csv", "EVALSHA", script, "3", "wallet:1",
             f"{prefix}:__rand_int__:__rand_int__", "log", "1"])
        row = list(csv.DictReader(io.StringIO(text[text.index('"test"'):])))[-1]
        return {"tx_s": float(row["rps"]), "p50_us": float(row["p50_latency_ms"]) * 1e3,
                "p99_us": float(row["p99_latency_ms"]) * 1e3}

    def measure(self, seconds, connections, pipeline):
        """redis-benchmark stops after a number of requests, so a short run says how many make up the time."""
        self.ask("FLUSHALL")
        script = self.ask("SCRIPT", "LOAD", SCRIPT)
        warm_up = max(2000, connections * pipeline * 20)
        rate = self.load(script, connections, pipeline, warm_up, "warm-up")["tx_s"]
        count = max(warm_up, int(rate * seconds))
        result = self.load(script, connections, pipeline, count, "key")
        balance, entries = int(self.ask("GET", "wallet:1")), int(self.ask("XLEN", "log"))
        sent = warm_up + count
        # redis-benchmark may send up to a pipeline a connection more than asked.
        if balance != entries or not sent <= balance <= sent + 2 * connections * pipeline:
            raise process.Failed(f"redis: balance {balance}, stream {entries}, sent {sent}")
        return result
