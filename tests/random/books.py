"""What must be true of all that a server answers: money, stock, seats, cards. Everything here is plain sums over JSON."""
import collections
import json


class Wrong(Exception):
    """An invariant that doesn't hold; the message says which, and where."""


def must(holds, what, *where):
    if not holds:
        raise Wrong(what + ": " + " ".join(str(one) for one in where))


def objects(value):
    """Every JSON object in an answer, itself included."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from objects(one)


class Acknowledged:
    """What answers said of wallets and items: the log's histories must say the same for ever."""

    def __init__(self):
        self.wallets, self.items, self.moved, self.reversed_ones = {}, {}, {}, set()

    def hear(self, operation, request, answer):
        """A transaction tells what each of its commands came to, all with the one version of its record: the last is how it ended."""
        wallets, items = {}, {}
        for one in objects(answer):
            if {"id", "currency", "balance", "version", "lsn"} <= one.keys():
                wallets[one["id"], one["version"]] = (one["lsn"], one["balance"])
            if {"id", "on_hand", "version", "lsn"} <= one.keys():
                items[one["id"], one["version"]] = (one["lsn"], one["on_hand"])
        for known, told in ((self.wallets, wallets), (self.items, items)):
            for at, (lsn, amount) in told.items():
                self.keep(known, at, lsn, amount)
        if operation.path in ("/v1/wallets/{id}/credits", "/v1/wallets/{id}/debits"):
            sign = 1 if operation.path.endswith("credits") else -1
            must(request["amount"] > 0, "an amount that is none", request)
            self.moved[answer["id"], answer["version"]] = sign * request["amount"]

    @staticmethod
    def keep(known, at, lsn, amount):
        """A yes that changes nothing, under a key, has its own record's LSN, and the version that was there before."""
        first, before = known.get(at, (lsn, amount))
        must(before == amount, "two answers tell one version differently", at, amount, before)
        known[at] = (min(first, lsn), amount)

    def check_wallet(self, wallet, entries):
        """`entries`: its whole history, oldest first."""
        balance, version = 0, 0
        of_version = {}  # the last entry of each: a record may have changed it several times
        for entry in entries:
            must(entry["version"] in (version, version + 1), "a wallet's history has a gap", wallet, entry)
            version = entry["version"]
            if entry["event"] == "reversed":
                self.reversed_ones.add(wallet)
            of_version[version] = entry
        for version, entry in sorted(of_version.items()):
            at = (wallet, version)
            if at in self.wallets:
                lsn, told = self.wallets[at]
                must(lsn >= entry["lsn"] and told == entry["balance"], "history says other than the answer did", wallet, entry, self.wallets[at])
            if at in self.moved:
                must(entry["balance"] - balance == self.moved[at], "what moved isn't what was asked for", wallet, entry, self.moved[at])
            balance = entry["balance"]
        lost = [at for at in self.wallets if at[0] == wallet and at[1] > version]
        must(not lost, "acknowledged, and not in the history", lost)


def check_wallets(wallets, books, reversed_ones):
    """`reversed_ones`: what a reversal took back from them may have been spent."""
    sums = collections.defaultdict(lambda: [0, 0])
    for one in wallets:
        must(one["balance"] >= -one.get("overdraft_limit", 0) or one["id"] in reversed_ones, "a balance below zero", one)
        must(0 <= one["held"], "less than nothing is held", one)
        sums[one["currency"]][0] += one["balance"]
        sums[one["currency"]][1] += one["held"]
    for book in books:
        must(book["issued"] - book["destroyed"] == book["balances"], "issued less destroyed isn't what is there", book)
        of_currency = sums.pop(book["currency"], [0, 0])
        must([book["balances"], book["held"]] == of_currency, "the books aren't the sum of all wallets", book, of_currency)
    must(all(one == [0, 0] for one in sums.values()), "money that isn't in the books", dict(sums))


def check_item(one):
    must(one["on_hand"] >= one["reserved"] >= 0, "more is reserved than there is", one)
    must(one["available"] == one["on_hand"] - one["reserved"], "what is available isn't what is there less what is reserved", one)


def check_match(one):
    players = [player["player"] for player in one["players"]]
    must(0 <= one["taken"] <= one["seats"] and one["free"] == one["seats"] - one["taken"], "more seats are taken than there are", one)
    must(len(players) == len(set(players)), "a player twice in one match", one)
    is_in = sum(player["status"] != "waitlisted" for player in one["players"])
    must(is_in <= one["taken"] or len(one["players"]) == 100, "more are in than seats are taken", one)
    if "price" in one:
        free = [player for player in one["players"] if player["status"] == "in" and "payment" in player and not player["payment"]]
        must(not free, "somebody is in without a payment", free)


def check_order(one):
    refunds = sum(refund.get("amount", 0) for refund in one.get("refunds", ()))
    must(refunds <= one["pay"]["amount"], "more goes back than was paid", one)
    must(one.get("refunded", 0) <= one["pay"]["amount"], "more was refunded than was paid", one)


def check_cards(charges, refunds):
    """The gateway's own books: what it really did."""
    for entries, what in ((charges, "a key of the gateway's charged twice"), (refunds, "a key of the gateway's refunded twice")):
        keys = [one["key"] for one in entries]
        must(len(keys) == len(set(keys)), what, [key for key in keys if keys.count(key) > 1][:3])
    taken, given = (collections.Counter() for _ in range(2))
    for one in charges:
        if one["status"] == "succeeded":
            taken[one["currency"]] += one["amount"]
    for one in refunds:
        if one["status"] == "succeeded":
            given[one["currency"]] += one["amount"]
    for currency, amount in given.items():
        must(amount <= taken[currency], "more was given back to cards than was taken from them", currency, amount, taken[currency])


def check(read, reversed_ones):
    """`read`: target → (status, ETag, body) of every GET."""
    def body(target):
        return json.loads(read[target][2])
    check_wallets(body("/v1/wallets?limit=1000")["wallets"], body("/v1/books")["books"], reversed_ones)
    for one in body("/v1/items?limit=1000")["items"]:
        check_item(one)
    for one in body("/v1/orders?limit=1000")["orders"]:
        check_order(one)
    for target, (status, _, text) in read.items():
        if status == 200 and target.count("/") == 3 and target.startswith("/v1/matches/"):
            check_match(json.loads(text))
    check_cards(body("/test-gateway/charges"), body("/test-gateway/refunds"))
