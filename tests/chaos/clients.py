"""Clients of a cluster, as applications are: each keeps a connection to every node, sends a change again under its key
until it is answered, and writes down what it asked and what it was told."""
import http.client
import json
import random
import threading
import time
import urllib.request

from checker import Operation

WALLETS = [f"w{i}" for i in range(6)]
ANSWER_TIMEOUT_S = 2  # then another node is asked
PATIENCE_S = 40
LINES, KEY_BITS = 1_500, 800  # of a batch: more than are looked up on disk at once; compression finds nothing in such keys


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
        is_answered = self.ask(operation, self.random.randrange(len(self.addresses)))
        if is_answered:
            self.history.append(operation)
        return is_answered

    def repeat(self, operation):
        """Whether it was answered."""
        if operation.kind == "read":
            return False
        answer = self.exchange(*request_of(operation), operation.key, self.random.randrange(len(self.addresses)))
        if answer is None:
            return False
        status, headers, text = answer
        if status >= 500 and json.loads(text)["outcome"] == "unknown":
            return False
        operation.again.append((status, text, headers.get("Idempotent-Replayed") == "true"))
        return True

    def repeat_some(self, count):
        """Of all that it was ever told, each until it is answered; and all wallets as they are now."""
        answered = [each for each in self.history if each.status and each.kind != "read"]
        for each in self.random.sample(answered, min(count, len(answered))):
            until(lambda each=each: self.repeat(each))
        for wallet in WALLETS:
            until(lambda wallet=wallet: self.read(wallet))

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


def until(answered):
    give_up_at = time.monotonic() + PATIENCE_S
    while not answered():
        if time.monotonic() > give_up_at:
            raise RuntimeError(f"nobody has answered for {PATIENCE_S} s")
        time.sleep(0.02)


class Ballast:
    """Credits by thousands, in batches with a key for each: so much that an image of a log takes seconds to send, and
    that keys leave the memory. `owner`: says who owns the log now, or None."""

    def __init__(self, seed, owner, headers):
        self.random, self.owner, self.headers = random.Random(f"{seed} ballast"), owner, headers
        self.batches = []  # of operations

    def add(self, count):
        for _ in range(count):
            number = len(self.batches)
            batch = [Operation("credit", (WALLETS[i % len(WALLETS)],), 1, f"b{number}-{i}-{self.random.getrandbits(KEY_BITS):x}") for i in range(LINES)]
            begun = time.monotonic_ns()
            lines = self.send(batch)
            for each, line in zip(batch, lines):
                each.begun, each.ended = begun, time.monotonic_ns()
                each.status, each.body, each.text = line["status"], line["body"], text_of(line)
                each.lsn, each.replayed = each.body.get("lsn", 0), line.get("replayed", False)
            self.batches.append(batch)

    def repeat(self):
        for batch in self.batches:
            for each, line in zip(batch, self.send(batch)):
                each.again.append((line["status"], text_of(line), line.get("replayed", False)))

    def send(self, batch):
        """A line's answer each. Whoever owns the log meanwhile, a line is executed once."""
        body = "".join(json.dumps({"wallet": each.wallets[0], "credit": each.amount, "key": each.key}) + "\n" for each in batch).encode()
        give_up_at = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up_at:
            answers = self.exchange(body)
            outcomes = [answer["body"].get("outcome", "executed") for answer in answers] or ["unknown"] * len(batch)
            for each, answer, outcome in zip(batch, answers or [{"status": 0, "body": {}}] * len(batch), outcomes):
                each.attempts.append((0, answer["status"], outcome))
                if each.status and answer["status"] >= 500 and outcome != "unknown":  # it was executed
                    each.again.append((answer["status"], text_of(answer), False))
            if answers and all(answer["status"] < 500 for answer in answers):
                return answers
            time.sleep(0.1)
        refused = [answer for answer in answers if answer["status"] >= 500]
        raise RuntimeError(f"nobody has answered a batch for {PATIENCE_S} s: {len(refused)} lines, {refused[:2]}")

    def exchange(self, body):
        owner = self.owner()
        if owner is None:
            return []
        question = urllib.request.Request(owner.url + "/v1/batch", body, self.headers | {"Content-Type": "application/x-ndjson"})
        try:
            with urllib.request.urlopen(question, timeout=ANSWER_TIMEOUT_S * 2) as answer:
                return [json.loads(line) for line in answer.read().splitlines()]
        except (OSError, http.client.HTTPException):
            return []


def text_of(line):
    return json.dumps(line["body"]).encode()


def request_of(operation):
    path = f"/v1/wallets/{operation.wallets[0]}"
    if operation.kind == "read":
        return "GET", path, None
    if operation.kind == "open":
        return "PUT", path, {"currency": "EUR"}
    if operation.kind == "transfer":
        return "POST", "/v1/transfers", {"from": operation.wallets[0], "to": operation.wallets[1], "amount": operation.amount}
    return "POST", f"{path}/{operation.kind}s", {"amount": operation.amount}
