"""What a console costs that is open: the server's processor time while wallets change at a steady rate, with and without it."""
import contextlib
import http.client
import os
import socket
import threading
import time

from . import process, tote

ASKED_EVERY_S = 1.0
OVERVIEW = "/v1/overview?step_s=1&limit=900&after="  # as adapters/console/web asks, each second
RADAR = "/v1/hot?limit=100"
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class Watching:
    """A thread that asks as an open page does. A page that couldn't be asked is a failure of the case."""

    def __init__(self, port, watch):
        self.port, self.watch, self.stopped, self.problem, self.seen = port, watch, threading.Event(), None, 0
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()
        if self.problem:
            raise process.Failed(self.problem)

    def run(self):
        try:
            self.watch(self)
        except (OSError, http.client.HTTPException) as error:
            self.problem = f"the console's questions: {error}"

    def ask(self, connection, path):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise http.client.HTTPException(f"GET {path}: {answer.status}")
        self.seen += 1


def figures(watching):
    """Overview and radar at once, each second, though only one of them is open at a time."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", watching.port, timeout=10)) as connection:
        while not watching.stopped.wait(ASKED_EVERY_S):
            watching.ask(connection, OVERVIEW + str(int(time.time()) - 3))
            watching.ask(connection, RADAR)


def live_log(watching):
    """Every change as it happens, read as fast as it comes."""
    with socket.create_connection(("127.0.0.1", watching.port), timeout=0.2) as connection:
        connection.sendall(b"GET /v1/log?after=0 HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
        while not watching.stopped.is_set():
            try:
                text = connection.recv(1 << 16)
            except TimeoutError:  # nothing has changed
                continue
            if not text:
                raise http.client.HTTPException("the live log ended")
            watching.seen += text.count(b"event: record")


def processor_s(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def cost(program, work, rate, seconds, connections):
    """Of one core, in percent: the server without a console, and what each page takes beside that."""
    found = {}
    for name, watch in (("without", None), ("figures", figures), ("live_log", live_log)):
        with tote.Served(program, work) as served:
            before, began = processor_s(served.pid), time.monotonic()
            with Watching(served.port, watch) if watch else contextlib.nullcontext() as watching:
                load = tote.load(program, served.url, seconds, connections, "--rate", rate)
            if watching and watching.seen == 0:
                raise process.Failed(f"the console has seen nothing of {name}")
            found[name + "_core_percent"] = 100 * (processor_s(served.pid) - before) / (time.monotonic() - began)
            found[name + "_tx_s"] = load["tx_s"]
    found["figures_percent"] = found["figures_core_percent"] - found["without_core_percent"]
    found["live_log_percent"] = found["live_log_core_percent"] - found["without_core_percent"]
    return found
