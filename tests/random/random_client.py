#!/usr/bin/env python3
"""A client of random VALID requests, made from the server's own document, and all that must be true of the answers.

    random_client.py TOTE [--seed N] [--rounds N | --minutes N] [--requests N]

Every route and method, each optional member there or not, ids that meet, keys that come again, batches, several
connections at once. In between the server is killed or stopped, and started again: every GET answers as before, byte
for byte, every key its first answer, `tote verify` is content, and `tote replay` says what the API says. A round is a
server of its own, some with hardly any memory for entities, with snapshots and a log that is trimmed.
"""
import argparse
import collections
import http.client
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]
import books  # noqa: E402
from books import Wrong, must  # noqa: E402
from document import Document  # noqa: E402
from messages import Answer, Request  # noqa: E402
from served import Served  # noqa: E402
from valid import POOLS, Valid  # noqa: E402

# What they say is of the moment.
OF_THE_MOMENT = {"/v1/hot", "/v1/overview", "/v1/alerts", "/v1/followers", "/v1/token", "/v1/tenants", "/v1/projection", "/v1/cluster", "/v1/log",
                 "/v1/admin/backup", "/livez", "/readyz", "/metrics", "/version", "/openapi.json", "/problems/{code}", "/", "/v1/outcomes/{key}"}
STORED = {402, 404, 409, 412}  # refusals that a key remembers, as it does every success
SETTINGS = {
    "plain": (),
    "resting": ("--entities-bytes", "1", "--keys-bytes", "65536"),
    "snapshots": ("--snapshot-interval-s", "1", "--log-s", "0", "--log-bytes", "67108864"),
    "all": ("--entities-bytes", "1", "--keys-bytes", "65536", "--snapshot-interval-s", "1", "--log-s", "0", "--log-bytes", "67108864"),
}
# What a schema can't say, so that a request that fits it is refused: nothing else may be 400.
MAY_BE_INVALID = re.compile(
    r"/fee must not be more than what is paid"
    r"|/pay/card can't be charged here"  # in a transaction
    r"|^The log ends before"
    r"|^A value is outside of what this request allows")  # an item's lines that are too many together; a price below the fee
WEBHOOK = """\
[[card_webhook]]
name = "card"
path = "/webhooks/card"
tenant = "default"
secret_files = ["whsec"]
metadata = { match = "match_id", player = "player_id", order = "order_id" }
"""


class Round:
    def __init__(self, program, seed, requests, directory):
        self.program, self.seed, self.requests, self.directory = pathlib.Path(program).resolve(), seed, requests, pathlib.Path(directory)
        self.random = random.Random(seed)
        self.settings = list(SETTINGS)[seed % len(SETTINGS)]
        (self.directory / "whsec").write_text("whsec_of_a_test_that_is_long_enough\n")
        (self.directory / "tote.toml").write_text(WEBHOOK)
        self.server = Served(self.program, self.directory, "--gateway", "test", "--log-level", "warn", *SETTINGS[self.settings])
        self.connect()
        self.document = Document(self.get("/openapi.json").body)
        self.valid = Valid(self.document, self.random)
        self.operations = [one for one in self.document.operations if "x-example" not in one.told and "admin" not in one.path]
        self.changes = [one for one in self.operations if one.is_change and one.path != "/v1/batch"]
        self.lines = [one for one in self.changes if not one.path.startswith("/test-gateway")]
        self.batch = next(one for one in self.operations if one.path == "/v1/batch")
        self.booking = next(one for one in self.operations if one.name == "POST /v1/matches/{id}/bookings")
        self.reads = [one for one in self.operations if not one.is_change]
        self.acknowledged, self.first, self.earlier = books.Acknowledged(), {}, []
        self.undocumented = {}  # the first of each kind: told together at the end
        self.done, self.keys, self.recent = collections.Counter(), 0, collections.deque(maxlen=30)

    def connect(self):
        self.connections = [http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60) for _ in range(4)]

    def get(self, target):
        self.connections[0].request("GET", target)
        return Answer(self.connections[0].getresponse())

    # What is sent

    def made(self):
        """A request, or one that was sent before with its key."""
        if self.first and self.valid.chance(6):
            return self.random.choice(list(self.first.values()))[0]
        key = None
        if self.valid.chance(60):
            self.keys += 1
            key = f"key-{self.keys}"
        if self.valid.chance(5):
            body, lines = self.valid.batch(lambda: self.any_change(self.lines))
            return Request(self.batch, "/v1/batch", body, {}, key, lines)
        operation = self.any_change(self.changes) if self.valid.chance(80) else self.random.choice(self.reads)
        path = self.valid.path(operation)
        query = urllib.parse.urlencode(self.valid.query(operation))
        if not operation.is_change or not operation.parameter("Idempotency-Key"):
            key = None
        return Request(operation, urllib.parse.quote(path) + ("?" + query if query else ""), self.valid.body(operation),
                       self.valid.headers(operation, path), key)

    def any_change(self, changes):
        """What ends something for good is seldom; bookings, of which there are more ways, are many."""
        while True:
            operation = self.random.choice(changes)
            is_end = operation.path.endswith(("/cancel", "/revoke")) or operation.path == "/v1/sessions/{id}"
            if operation.path == "/v1/matches/{id}/cancel" and not self.valid.chance(2):
                continue
            if not is_end or self.valid.chance(25):
                return self.booking if operation.path.startswith("/test-gateway") and self.valid.chance(50) else operation

    def send(self, connection, request):
        self.recent.append(request)
        connection.request(request.operation.method, request.target, request.body.encode() if request.body else None, request.headers)

    def burst(self):
        """One request, or several on as many connections, at times the same one with its key."""
        if self.valid.chance(70):
            requests = [self.made()]
        else:
            requests = [self.made() for _ in self.connections]
            if requests[0].key and self.valid.chance(30):
                requests = [requests[0]] * len(requests)
        for connection, request in zip(self.connections, requests):
            self.send(connection, request)
        answers = []
        for connection, request in zip(self.connections, requests):
            try:
                answers.append(Answer(connection.getresponse()))
            except (OSError, http.client.HTTPException) as no:
                raise Wrong(f"no answer ({no!r}) to {request}") from no
            self.judge(request, answers[-1], is_first=requests.count(request) == 1)
        if requests.count(requests[0]) == len(requests) > 1:
            self.judge_equal(requests[0], answers)

    # What must be true of an answer

    def judge(self, request, answer, is_first=True):
        operation = request.operation
        self.done[operation.name, answer.status] += 1
        may_be_late = answer.status == 504 and request.headers.get("Tote-Deadline-Ms") == "1"
        must(answer.status < 500 or may_be_late, "a valid request ends in an error of the server", request, answer)
        wrong = self.document.wrong_answer(operation, answer.status, answer.headers, answer.body)
        if wrong:
            self.undocumented.setdefault((operation.name, wrong.split(":")[0]), f"{operation.name} isn't as documented: {wrong} | {request} | {answer}")
        if answer.status == 400:
            self.judge_invalid(operation.name, json.loads(answer.body), request)
        if request.key:
            self.judge_key(request, answer, is_first)
        if request.lines:
            self.judge_lines(request, answer)
        elif answer.status < 300 and operation.is_change:
            self.acknowledged.hear(operation, json.loads(request.body) if request.body else {}, json.loads(answer.body))
        if "etag" in answer.headers and request.target.count("/") == 3:
            self.valid.versions[request.target.split("/")[3]] = answer.headers["etag"]

    def judge_key(self, request, answer, is_first):
        is_stored = answer.status < 300 or answer.status in STORED
        if is_first and request.key not in self.first:
            must(not answer.is_replay or not is_stored, "a replay of what was never asked", request, answer)
        if is_stored and not (request.lines and any(f'"status":{status}'.encode() in answer.body for status in (429, 503, 504))):
            first = self.first.setdefault(request.key, (request, answer.status, answer.body))
            must(first[1:] == (answer.status, answer.body), "a key has another answer than its first", request, answer, first[1:])

    def judge_invalid(self, name, problem, request):
        self.done["400", problem["detail"], name] += 1
        if not MAY_BE_INVALID.search(problem["detail"]):
            self.undocumented.setdefault((name, problem["detail"]), f"valid, and refused: {problem['detail']} | {request}")

    def judge_outcome(self, request):
        """What is stored under its key is what was answered."""
        stored, (_, status, body) = json.loads(self.get("/v1/outcomes/" + request.key).body), self.first[request.key]
        told = [json.loads(line) for line in body.splitlines()] if request.lines else json.loads(body)
        must((stored["status"], stored["body"]) == (status, told), "another outcome than the answer", request, stored, status, told)

    def judge_equal(self, request, answers):
        stored = [one for one in answers if one.status < 300 or one.status in STORED]
        if len(stored) == len(answers) and not request.lines:
            must(sum(not one.is_replay for one in answers) <= 1, "one key, and not one answer that is the first", request, *answers)

    def judge_lines(self, request, answer):
        if answer.status != 200:
            return
        lines = [json.loads(line) for line in answer.body.splitlines()]
        must(len(lines) == len(request.lines), "a batch answers each line", request, answer)
        for operation, line in zip(request.lines, lines):
            self.done["line of " + operation.name, line["status"]] += 1
            must(line["status"] < 500, "a valid line ends in an error of the server", line, request)
            wrong = self.document.wrong_line(operation, line)
            if wrong:
                self.undocumented.setdefault((operation.name, wrong.split(":")[0]), f"a line isn't as documented: {operation.name}: {wrong} | {line}")
            if line["status"] == 400:
                self.judge_invalid("a line", line["body"], f"{operation.name} {request}")

    # What must be true of all of it, now and after a start

    def targets(self):
        for operation in self.reads:
            if operation.path in OF_THE_MOMENT:
                continue
            if "{" not in operation.path:
                limit = "?limit=1000" if operation.parameter("limit") else ""
                yield operation.path + limit
                continue
            for path in self.paths(operation):
                yield path + ("?limit=1000" if operation.parameter("limit") else "")

    def paths(self, operation):
        paths = [operation.path]
        for parameter in operation.parameters:
            if parameter["in"] != "path":
                continue
            name, of = parameter["name"], operation.path.split("/")[2]
            kind = {"matches": "match", "passes": "pass"}.get(of, of.removesuffix("s")) if name == "id" else name
            if name == "saga":
                ids = sorted(self.valid.seen["saga"])[:200]
            elif kind in POOLS:
                ids = [f"{POOLS[kind][0]}{number}" for number in range(POOLS[kind][1])]
            else:
                ids = parameter["schema"].get("enum", ["none"])
            paths = [path.replace("{" + name + "}", urllib.parse.quote(one)) for path in paths for one in ids]
        return paths

    def read(self):
        return {target: (one.status, one.headers.get("etag"), one.body) for target in self.targets() for one in [self.get(target)]}

    def look(self):
        """Ids that the server made."""
        self.valid.seen["saga"] |= {one["id"] for one in json.loads(self.get("/v1/sagas?limit=1000").body)["sagas"]}
        self.valid.seen["refund_of_queue"] |= {one["id"] for one in json.loads(self.get("/v1/refunds").body)["refunds"]}

    def quiet(self):
        """All GETs, once nothing changes by itself any more, or after a while: then what changes must have a later LSN."""
        self.look()
        before = self.read()
        for _ in range(12):
            time.sleep(0.25)
            now = self.read()
            if now == before:
                break
            before = now
        return now

    def histories(self, read):
        for wallet in json.loads(read["/v1/wallets?limit=1000"][2])["wallets"]:
            entries, after = [], 0
            while after is not None:
                page = json.loads(self.get(f"/v1/wallets/{wallet['id']}/history?limit=1000&after_version={after}").body)
                entries += page["entries"]
                after = page["next"]
            self.acknowledged.check_wallet(wallet["id"], entries)
            must(not entries or entries[-1]["balance"] == wallet["balance"] or entries[-1]["version"] != wallet["version"], "a wallet isn't its history", wallet)

    def check(self):
        time.sleep(1.2)  # what expires in a second has
        read = self.quiet()
        self.histories(read)
        books.check(read, self.acknowledged.reversed_ones)
        return read

    def lsn_of(self, read):
        return json.loads(read["/v1/books"][2])["as_of_lsn"]

    def compare(self, before, after):
        is_same_log = self.lsn_of(before) == self.lsn_of(after)
        for target, was in before.items():
            now = after[target]
            if was == now:
                continue
            told = json.loads(now[2])
            may_differ = not is_same_log and (target.count("/") != 3 or "?" in target or told.get("lsn", 0) > self.lsn_of(before))
            must(may_differ, "after the start it answers otherwise", target, was, now)

    def restart(self):
        before = self.check()
        how = self.random.choice(("kill", "kill", "stop"))
        lost = []
        if how == "kill":
            lost = [request for request in (self.made() for _ in self.connections) if request.key and self.valid.chance(50)]
            for connection, request in zip(self.connections, lost):
                self.send(connection, request)
        (self.server.kill if how == "kill" else self.server.stop)()
        self.verify()
        self.server.start()
        self.connect()
        after = self.read()
        if not lost:
            self.compare(before, after)
            self.earlier.append((self.lsn_of(before), before))
        if not lost:
            books.check(after, self.acknowledged.reversed_ones)
        for request in lost:  # whatever became of them: now they have one answer
            self.send(self.connections[0], request)
            self.judge(request, Answer(self.connections[0].getresponse()), is_first=False)
        for request, *_ in self.random.sample(list(self.first.values()), min(200, len(self.first))):
            self.send(self.connections[0], request)
            answer = Answer(self.connections[0].getresponse())
            must(answer.is_replay or answer.status == 504, "a start forgot a key", request, answer)
            self.judge(request, answer)
            self.judge_outcome(request)

    def run_tool(self, *arguments):
        done = subprocess.run([self.program, *arguments], cwd=self.directory, capture_output=True, text=True, timeout=60)
        must(done.returncode == 0, "tote " + " ".join(arguments), done.returncode, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout

    def verify(self):
        must(self.run_tool("verify", "data").rstrip().endswith("sound"), "tote verify isn't content")

    def replayed(self, read, *until):
        """`tote replay` tells what GET did, of every entity that both tell."""
        place = {"wallet": "wallets", "item": "items", "match": "matches", "order": "orders", "pass": "passes"}
        compared = 0
        for line in self.run_tool("replay", "data", "--json", *until).splitlines():
            one = json.loads(line)
            told = read.get(f"/v1/{place.get(one['kind'])}/{one.get('id', one.get('order'))}", (0,))
            if told[0] != 200:
                continue
            told = json.loads(told[2])
            for name in told.keys() & one.keys() - {"held", "available", "reserved"}:
                must(told[name] == one[name], "tote replay says other than GET", name, one, told)
            compared += 1
        return compared

    def explained(self):
        for (wallet, version), (lsn, balance) in self.random.sample(sorted(self.acknowledged.wallets.items()), min(3, len(self.acknowledged.wallets))):
            told = self.run_tool("explain", f"wallet/{wallet}", "--data", "data", "--at", str(lsn))
            at = f"\n{told}".rfind(f"\nv{version} ")
            must(at >= 0 and f" balance={balance} " in told[at:], "tote explain says other than the answer", wallet, version, lsn, balance, told[-600:])

    def run(self):
        lives = self.random.randint(2, 3)
        try:
            for _ in range(lives):
                for number in range(self.requests // lives):
                    self.burst()
                    if number % 50 == 0:
                        self.look()
                self.restart()
            last = self.check()
            self.server.stop()
            self.verify()
            self.replayed(last)
            for lsn, read in self.earlier:
                self.replayed(read, "--until", str(lsn))
            self.explained()
        finally:
            if self.server.process.poll() is None:
                self.server.kill()
        must(not self.undocumented, "the document and the server differ", *(f"\n{one}" for one in self.undocumented.values()))
        return self.done


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--minutes", type=float, help="goes on for so long, whatever --rounds says")
    parser.add_argument("--requests", type=int, default=1500, help="of a round")
    parser.add_argument("--told", action="store_true", help="how often each status came of each operation")
    wanted = parser.parse_args()
    done, seed, end = collections.Counter(), wanted.seed, time.monotonic() + 60 * (wanted.minutes or 0)
    while time.monotonic() < end if wanted.minutes else seed < wanted.seed + wanted.rounds:
        with tempfile.TemporaryDirectory() as directory:
            one = Round(wanted.program, seed, wanted.requests, directory)
            try:
                done += one.run()
            except Exception as no:  # pylint: disable=broad-except  # whatever it was: with its seed
                if not isinstance(no, Wrong):
                    traceback.print_exc()
                print(f"seed {seed} ({one.settings}): {no}\n\nlast requests:\n" + "\n".join(str(request) for request in one.recent), flush=True)
                return 1
        seed += 1
    if wanted.told:
        for what, count in sorted(done.items(), key=str):
            print(count, *what)
    never = sorted({operation.name for operation in one.operations if not any(done[operation.name, status] for status in (200, 201, 202, 304))})
    print(f"seeds {wanted.seed} to {seed - 1}: {sum(done.values())} requests and lines; never answered with success: {', '.join(never) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
