"""Tote itself: embedded workloads, and the server with its default settings."""
import http.client
import os
import re
import shutil
import signal

from . import process

SETTINGS = "`tote serve --data DIR --listen 127.0.0.1:PORT`, nothing else set; embedded: `tote::Options` with its defaults"


def version(program):
    try:
        return process.output([program, "--version"], timeout=20).split("\n")[0].strip()
    except process.Failed:
        return "tote"


def embedded(program, work, workload, *args):
    return process.bench(program, workload, "--data", work, *args)


class Served:
    """A server on a fresh directory."""

    def __init__(self, program, work, *flags, port=None):
        self.program, self.data = program, os.path.join(work, "tote-served")
        self.port = port or process.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.server = process.Server(
            [program, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", *flags],
            os.path.join(work, "tote.log"), self.ready, signal.SIGTERM)

    def ready(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def __enter__(self):
        shutil.rmtree(self.data, ignore_errors=True)
        self.server.__enter__()
        return self

    def __exit__(self, *_):
        self.server.__exit__()
        shutil.rmtree(self.data, ignore_errors=True)

    @property
    def pid(self):
        return self.server.pid


def load(program, url, seconds, connections, *args):
    """The own HTTP client, the same for Tote and nginx."""
    return process.bench(program, "http", "--url", url, "--seconds", seconds, "--connections", connections, *args)


def wrk(url, seconds, connections, script=None):
    """The second opinion on the own client."""
    command = [process.find("wrk"), "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--latency"]
    command += ["-s", script, url, "--", "1"] if script else [url]
    text = process.output(command)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)", text)
    if refused:
        raise process.Failed("wrk: " + refused.group(0))
    result = {"tx_s": float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))}
    for name, share in (("p50_us", "50%"), ("p99_us", "99%")):
        value, unit = re.search(rf"\s{share}\s+([\d.]+)(us|ms|s)\b", text).groups()
        result[name] = float(value) * {"us": 1, "ms": 1e3, "s": 1e6}[unit]
    return result
