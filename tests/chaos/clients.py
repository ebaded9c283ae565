"""Clients of a cluster, as applications are: each keeps a connection to every node, sends a change again under its key
until it is answered, and writes down what it asked and what it was told."""
import http.client
import json
import random
import threading
import time

from checker import Operation

WALLETS = [f"w{i}" for i in range(6)]
ANSWER_TIMEOUT_S = 2  # then another node is asked
PATIENCE_S = 40


class Client(threading.Thread):
    """`addresses`: of all nodes. One operation after the other until stop()."""

    def __init__(self, number, seed, addresses, headers, pause_s=0.004):
        super().__init__(daemon=True)
        self.number, self.addresses, self.headers, self.pause_s = number, addresses, headers, pause_s
        self.random = random.Random(f"{seed} {number}")
        self.connections = [None] * len(addresses)
        self.history, self.count, self.is_stopped, self.problem = [], 0, False, None

    def stop(self):
        self.is_stopped = True

    def run(self):
        try:
            while not self.is_stopped:
                self.act()
                time.sleep(self.random.random() * 2 * self.pause_s)
        except Exception as error:  # it is told, and ends the run
            self.problem = f"client {self.number}: {error!r}"

    def act(self):
        what, wallet = self.random.random(), self.random.choice(WALLETS)
        answered = [each for each in self.history[-200:] if each.status]
        if what < 0.35:
            self.read(wallet)
        elif what < 0.42 and answered:
            self.repeat(self.random.choice(answered))
        elif what < 0.75:
            self.change("credit", (wallet,), self.random.randint(1, 9))
        elif what < 0.82:
            self.change("debit", (wallet,), self.random.randint(1, 2_000))
        else:
            self.change("transfer", tuple(self.random.sample(WALLETS, 2)), self.random.randint(1, 30))

    def change(self, kind, wallets, amount=0, patience_s=PATIENCE_S):
        self.count += 1
        operation = Operation(kind, wallets, amount, f"{self.number}-{self.count}")
        self.history.append(operation)
        at = self.random.randrange(len(self.addresses))
        operation.begun = time.monotonic_ns()
        give_up_at = time.monotonic() + patience_s
        while time.monotonic() < give_up_at:
            if self.ask(operation, at):
                return operation
            at = (at + 1) % len(self.addresses)
            time.sleep(0.01)
        self.problem = f"nobody has answered for {patience_s} s: {operation}"
        return operation

    def read(self, wallet):
        operation = Operation("read", (wallet,), begun=time.monotonic_ns())
        if self.ask(operation, self.random.randrange(len(self.addresses))):
            self.history.append(operation)

    def repeat(self, operation):
        if operation.kind == "read":
            return
        answer = self.exchange(*request_of(operation), operation.key, self.random.randrange(len(self.addresses)))
        if answer is not None and answer[0] < 500:
            status, headers, text = answer
            operation.again.append((status, text, headers.get("Idempotent-Replayed") == "true"))

    def ask(self, operation, at):
        """Once, at one node. Whether it is settled."""
        answer = self.exchange(*request_of(operation), operation.key, at)
        if answer is None:
            operation.attempts.append((at, 0, "unknown"))
            return False
        status, headers, text = answer
        body = json.loads(text)
        operation.attempts.append((at, status, body.get("outcome", "executed")))
        if status >= 500:
            return False
        operation.ended = time.monotonic_ns()
        operation.status, operation.text, operation.body = status, text, body
        operation.lsn, operation.replayed = int(headers.get("Tote-Lsn", 0)), headers.get("Idempotent-Replayed") == "true"
        return True

    def exchange(self, method, path, body, key, at):
        """(status, headers, bytes), or None: no answer came."""
        headers = dict(self.headers) | ({"Idempotency-Key": key} if key else {})
        connection = self.connections[at]
        if connection is None:
            connection = self.connections[at] = http.client.HTTPConnection(self.addresses[at], timeout=ANSWER_TIMEOUT_S)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self.connections[at] = None
            return None


def request_of(operation):
    path = f"/v1/wallets/{operation.wallets[0]}"
    if operation.kind == "read":
        return "GET", path, None
    if operation.kind == "open":
        return "PUT", path, {"currency": "EUR"}
    if operation.kind == "transfer":
        return "POST", "/v1/transfers", {"from": operation.wallets[0], "to": operation.wallets[1], "amount": operation.amount}
    return "POST", f"{path}/{operation.kind}s", {"amount": operation.amount}
