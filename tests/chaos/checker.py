"""Whether what clients saw of a cluster is what its log says: strict serializability, nothing lost, nothing doubled.

The log gives changes their order: LSNs. So a history is right if every answer is what the log says at its LSN, and if
there is one point in the log for each operation, such that what had ended before another one began stands before it.
The log is all of it, from LSN 1 on, as the watcher has read it while it grew: disks may have less.
"""
import dataclasses
import heapq
import json

FOR_EVER = float("inf")


@dataclasses.dataclass(slots=True)
class Operation:
    """What one client asked for, and what it was told: `attempts` are (node, status, outcome) of every time it asked."""
    kind: str  # open, credit, debit, transfer, read
    wallets: tuple  # one; of a transfer from and to
    amount: int = 0
    key: str = ""
    begun: int = 0
    ended: float = FOR_EVER  # of the answer that counts; never: there was none
    status: int = 0
    body: dict | None = None
    text: bytes = b""
    lsn: int = 0  # Tote-Lsn
    replayed: bool = False
    attempts: list = dataclasses.field(default_factory=list)
    again: list = dataclasses.field(default_factory=list)  # (status, text, replayed) of repeats after the answer

    def __str__(self):
        return f"{self.kind} {self.amount} {'>'.join(self.wallets)} {self.key} -> {self.status} {self.text[:300]} {self.attempts[-4:]}"


class Wallet:
    """One wallet as the log tells it: its balance after each change, and the LSN of that."""

    def __init__(self):
        self.balances, self.lsns = [], []  # of version 1, 2 …

    def next_lsn(self, version):
        return self.lsns[version] if version < len(self.lsns) else FOR_EVER


class Checker:
    def __init__(self, operations, records):
        self.operations, self.records = operations, records
        self.faults, self.wallets, self.by_key = [], {}, {}

    def check(self):
        """The faults, in sentences; none: the history is right."""
        self.replay()
        asked = {each.key for each in self.operations if each.key}
        self.faults += [f"the log has a key that nobody asked with: {key}" for key in self.by_key if key not in asked]
        for each in self.operations:
            self.check_read(each) if each.kind == "read" else self.check_change(each)
        self.check_order()
        return self.faults

    # -- the log by itself

    def replay(self):
        last = 0
        for record in self.records:
            if record["lsn"] != last + 1:
                self.faults.append(f"the log goes from LSN {last} to {record['lsn']}")
            last = record["lsn"]
            key = record.get("key")
            if key in self.by_key:
                self.faults.append(f"executed twice: {key} at LSN {self.by_key[key]['lsn']} and {last}")
            elif key:
                self.by_key[key] = record
            before = self.apply(record)
            record["before"] = before

    def apply(self, record):
        """The balances before it, of the wallets that it changes, by name."""
        before = {}
        for change in record.get("changes", []):
            wallet = self.wallets.setdefault(change["entity"], Wallet())
            balance = wallet.balances[-1] if wallet.balances else 0
            before.setdefault(change["entity"], balance)
            for event in change["events"]:
                balance += {"credited": 1, "debited": -1}.get(event["event"], 0) * event.get("amount", 0)
            if change["version"] != len(wallet.balances) + 1:
                self.faults.append(f"LSN {record['lsn']}: {change['entity']} goes from version {len(wallet.balances)} to {change['version']}")
            if balance < 0:
                self.faults.append(f"LSN {record['lsn']}: {change['entity']} has {balance}")
            wallet.balances.append(balance)
            wallet.lsns.append(record["lsn"])
        return before

    # -- each answer

    def check_change(self, operation):
        record = self.by_key.get(operation.key)
        if record is None:
            if operation.status:
                self.faults.append(f"acknowledged, and not in the log: {operation}")
            return
        if record.get("changes") and operation.attempts and all(outcome == "not_executed" for _, _, outcome in operation.attempts):
            self.faults.append(f"executed at LSN {record['lsn']}, though every answer was that it wasn't: {operation}")
        if record["code"] in ("ok", "created", "unchanged") and moves_of(record) != asked_of(operation):
            self.faults.append(f"LSN {record['lsn']} has {moves_of(record)}: {operation}")
        if not operation.status:
            return
        if operation.lsn != record["lsn"]:
            self.faults.append(f"answered with LSN {operation.lsn}, the log has it at {record['lsn']}: {operation}")
        if (operation.status < 300) != (record["code"] in ("ok", "created", "unchanged")):
            self.faults.append(f"LSN {record['lsn']} says {record['code']}: {operation}")
        elif operation.status < 300:
            self.check_answer(operation, record)
        elif operation.body.get("code") != record["code"] or operation.body.get("available") != self.balance_at(operation.wallets[0], record["lsn"]):
            self.faults.append(f"refused for what isn't so at LSN {record['lsn']}: {operation}")
        if operation.replayed and len(operation.attempts) == 1:
            self.faults.append(f"the only time it was asked the answer was a repeat: {operation}")
        for status, text, replayed in operation.again:
            if (status, text, replayed) != (operation.status, operation.text, True):
                self.faults.append(f"asked again it was {status} {text} {replayed}: {operation}")

    def check_answer(self, operation, record):
        if operation.body != record.get("answer"):
            self.faults.append(f"LSN {record['lsn']} has another answer, {record.get('answer')}: {operation}")
        told = [operation.body] if operation.kind != "transfer" else [operation.body["from"], operation.body["to"]]
        for name, each in zip(operation.wallets, told):
            if each["id"] != name or each["lsn"] != record["lsn"] or not self.is_state(each):
                self.faults.append(f"the answer isn't what the log makes of it: {operation}")

    def check_read(self, operation):
        if operation.status == 200 and (operation.body["id"] != operation.wallets[0] or not self.is_state(operation.body)):
            self.faults.append(f"was read, and never was: {operation}")

    def is_state(self, told):
        wallet, version = self.wallets.get(told["id"], Wallet()), told["version"]
        return 0 < version <= len(wallet.lsns) and (wallet.balances[version - 1], wallet.lsns[version - 1]) == (told["balance"], told["lsn"])

    def balance_at(self, name, lsn):
        wallet = self.wallets.get(name, Wallet())
        return next((b for b, at in zip(reversed(wallet.balances), reversed(wallet.lsns)) if at <= lsn), None)

    # -- all of them, in the order of the world's clock

    def check_order(self):
        """Points as early as they may be, in the order in which the operations began."""
        floor, floor_of, running = 0, None, []  # of those that have ended; a heap of (ended, point)
        for number, each in enumerate(sorted(self.operations, key=lambda operation: operation.begun)):
            while running and running[0][0] < each.begun:
                _, _, point, of = heapq.heappop(running)
                if point > floor:
                    floor, floor_of = point, of
            point = self.point_of(each, floor)
            if point is None:
                continue
            if point < 0:
                self.faults.append(f"older than LSN {floor}, which was answered before it was asked: {each}; before: {floor_of}")
                continue
            heapq.heappush(running, (each.ended, number, point, each))

    def point_of(self, operation, floor):
        """None: it isn't in the order; -1: there is no such point."""
        if operation.kind != "read":
            record = self.by_key.get(operation.key)
            return None if record is None else record["lsn"] if record["lsn"] > floor else -1
        if operation.status != 200 or not self.is_state(operation.body):
            return None
        point = max(floor, operation.body["lsn"])
        return point if point < self.wallets[operation.body["id"]].next_lsn(operation.body["version"]) else -1


def moves_of(record):
    """What a record does to balances."""
    signs = {"credited": 1, "debited": -1, "opened": 0}
    return [(change["entity"], signs.get(event["event"]), event.get("amount", 0)) for change in record.get("changes", []) for event in change["events"]]


def asked_of(operation):
    signs = {"open": [0], "credit": [1], "debit": [-1], "transfer": [-1, 1]}[operation.kind]
    return [(wallet, sign, operation.amount) for wallet, sign in zip(operation.wallets, signs)]


def faults_between(watched, logs, committed):
    """Of `tote log` of each node, by name, as lists of lines: up to what is acknowledged they are what was read of the
    log while it grew, from where they begin."""
    faults = []
    if len(watched) < committed:
        faults.append(f"{len(watched)} records were read of the {committed} that are acknowledged")
    for name, lines in logs.items():
        first = json.loads(lines[0])["lsn"] if lines else 1
        if first + len(lines) - 1 < committed:
            faults.append(f"{name} has {len(lines)} records from LSN {first} on, of the {committed} that are acknowledged")
        for one, other in zip(watched[first - 1:committed], lines):
            if one != other:
                faults.append(f"{name} has {other}, where {one} was read")
                break
    return faults
