"""Clients of the soak: each sends batch after batch, a key for every line, and sends one again until all of it is
answered. So what they were told adds up to what the server must hold, whatever happened to it meanwhile."""
import collections
import http.client
import json
import random
import threading
import time

WALLETS, ITEMS, LINES = 20_000, 100, 1_000
OPENING_BALANCE, OPENING_STOCK = 1_000, 1_000_000
SAMPLES = 16  # batches that are asked for again
ANSWER_TIMEOUT_S, PATIENCE_S, PAUSE_S = 30, 120, 0.05
NOT_SETTLED = {b"429", b"503", b"504"}
REPLAYED = b',"replayed":true}'
NDJSON = "application/x-ndjson"


class Failed(Exception):
    """Something isn't as it was acknowledged."""


class Connection:
    """To one server, which may go and come."""

    def __init__(self, port):
        self.port, self.open = port, None

    def exchange(self, method, path, body=None, content_type="application/json"):
        """(status, bytes), or None: no answer came."""
        try:
            if self.open is None:
                self.open = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_TIMEOUT_S)
            self.open.request(method, path, body, {"Content-Type": content_type} if body is not None else {})
            answer = self.open.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            if self.open is not None:
                self.open.close()
            self.open = None
            return None


class Books:
    """What acknowledged changes add up to."""

    def __init__(self):
        self.balance = self.on_hand = self.changes = 0

    def add(self, other):
        self.balance += other.balance
        self.on_hand += other.on_hand
        self.changes += other.changes


class Batch:
    """`lines`: of (what it adds to balances, to stock, the command)."""

    def __init__(self, lines):
        self.lines, self.answer, self.answered_at = lines, None, 0
        self.body = "".join(json.dumps(command) + "\n" for _, _, command in lines)

    def is_settled(self, answer):
        statuses = [line[10:13] for line in answer.splitlines()]
        if len(statuses) != len(self.lines):
            raise Failed(f"{len(self.lines)} lines have {len(statuses)} answers: {answer[-300:]!r}")
        unknown = [line for line in answer.splitlines() if line[10:13] not in (b"200", b"201", b"402", b"409", *NOT_SETTLED)]
        if unknown:
            raise Failed(f"a line is answered {unknown[0][:300]!r}")
        return NOT_SETTLED.isdisjoint(statuses)

    def into(self, books):
        for (balance, on_hand, _), answer in zip(self.lines, self.answer.splitlines()):
            if answer[10:11] == b"2":
                books.balance += balance
                books.on_hand += on_hand
                books.changes += 1


def send(connection, batch):
    """The answer, once all lines of it have one that is kept."""
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at:
        got = connection.exchange("POST", "/v1/batch", batch.body, NDJSON)
        if got is not None and got[0] == 200 and batch.is_settled(got[1]):
            return got[1]
        if got is not None and got[0] not in (200, 429, 503, 504):
            raise Failed(f"a batch is answered {got[0]}: {got[1][:300]!r}")
        time.sleep(PAUSE_S)
    raise Failed(f"a batch has no answer for {PATIENCE_S} s: {got and got[1][:300]!r}")


def opening():
    """Batches that make everything there is."""
    lines = [(0, 0, {"put": f"/v1/wallets/w{n}", "body": {"currency": "EUR"}, "key": f"open-w{n}"}) for n in range(WALLETS)]
    lines += [(OPENING_BALANCE, 0, {"post": f"/v1/wallets/w{n}/credits", "body": {"amount": OPENING_BALANCE}, "key": f"fund-w{n}"})
              for n in range(WALLETS)]
    lines += [(0, OPENING_STOCK, {"put": f"/v1/items/i{n}", "body": {"quantity": OPENING_STOCK}, "key": f"open-i{n}"})
              for n in range(ITEMS)]
    return [Batch(lines[at:at + LINES]) for at in range(0, len(lines), LINES)]


class Client(threading.Thread):
    """Sends until paused. `problem`: why it has ended."""

    def __init__(self, number, seed, port):
        super().__init__(daemon=True)
        self.number, self.random, self.connection = number, random.Random(f"{seed} {number}"), Connection(port)
        self.count, self.books, self.samples, self.problem = 0, Books(), collections.deque(maxlen=SAMPLES), None
        self.may_go, self.rests = threading.Event(), threading.Event()

    def run(self):
        try:
            while True:
                if not self.may_go.is_set():
                    self.rests.set()
                    self.may_go.wait()
                    self.rests.clear()
                batch = Batch([self.line() for _ in range(LINES)])
                batch.answer = send(self.connection, batch)
                batch.answered_at = time.monotonic()
                batch.into(self.books)
                self.samples.append(batch)
        except Exception as error:  # it is told, and ends the soak
            self.problem = f"client {self.number}: {error!r}"
            self.rests.set()

    def line(self):
        self.count += 1
        what, key = self.random.random(), f"{self.number}-{self.count}"
        wallet, amount = f"/v1/wallets/w{self.wallet()}", self.random.randint(1, 20)
        if what < 0.45:
            return amount, 0, {"post": wallet + "/credits", "body": {"amount": amount}, "key": key}
        if what < 0.75:
            return -amount, 0, {"post": wallet + "/debits", "body": {"amount": amount}, "key": key}
        if what < 0.88:
            pair = self.random.sample(range(WALLETS), 2)
            body = {"from": f"w{pair[0]}", "to": f"w{pair[1]}", "amount": amount}
            return 0, 0, {"post": "/v1/transfers", "body": body, "key": key}
        if what < 0.94:
            body = {"hold": "h" + key, "amount": amount, "expires_in_s": self.random.randint(1, 20)}
            return 0, 0, {"post": wallet + "/holds", "body": body, "key": key}
        item = f"/v1/items/i{self.random.randrange(ITEMS)}"
        if what < 0.97:
            return 0, -1, {"post": item + "/picks", "body": {"quantity": 1}, "key": key}
        return 0, 1, {"post": item + "/restocks", "body": {"quantity": 1}, "key": key}

    def wallet(self):
        """Half of all changes are of one wallet in a hundred."""
        return self.random.randrange(WALLETS // 100 if self.random.random() < 0.5 else WALLETS)

    def ask_again(self, since):
        """How many lines of batches answered after `since` have the same answer, byte for byte; all of them, or it raises."""
        count = 0
        for batch in list(self.samples):
            if batch.answered_at < since:
                continue
            again = send(self.connection, batch).replace(REPLAYED, b"}")
            first = batch.answer.replace(REPLAYED, b"}")  # after a kill its lines may have been settled before
            if again != first:
                a, b = next((a, b) for a, b in zip(first.splitlines(), again.splitlines()) if a != b)
                raise Failed(f"a key's answer was {a!r} and is {b!r}")
            count += len(batch.lines)
        return count
