"""Valid requests, made from the document: each optional member is there or not, ids are few, so that requests meet."""
import json

# What the document can't say: of which kind an id is. By the name of the member, or of the parameter.
POOLS = {"wallet": ("w", 5), "from": ("w", 5), "to": ("w", 5), "item": ("i", 3), "match": ("m", 6), "player": ("p", 6), "book": ("p", 6),
         "pass": ("s", 3), "order": ("o", 30), "hold": ("h", 6), "reservation": ("r", 6), "refund": ("f", 5), "session": ("t", 4)}
TOKENS = ("tok_ok", "tok_ok", "tok_declined", "tok_lost_answer", "tok_unreachable")
CURRENCIES = ("EUR",) * 8 + ("JPY", "KWD")
TIMES = ("2020-01-01T00:00:00Z",) + 3 * ("2099-12-31T23:59:59.999Z", "2101-02-28T12:30:00.5Z")
WEIGHTS = {"frozen": 5, "closed": 10}  # percent of the times that they are drawn: who is closed does nothing more
WORDS = ("", "x", "a word", "Größe \U0001f3c6", '"\\/', "'; --", "x" * 200)


class Valid:
    def __init__(self, document, random):
        self.document, self.random = document, random
        self.seen = {"saga": set(), "refund_of_queue": set()}  # ids that the server made, from its lists
        self.versions = {}  # of a path: the ETag that it had last
        self.times = TIMES

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def id(self, kind):
        prefix, count = POOLS[kind]
        return f"{prefix}{self.random.randrange(count)}"

    def number(self, schema):
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        least, most = schema.get("minimum", 0), schema.get("maximum", 1 << 31)
        draw = self.random.randrange(100)
        value = least if draw < 10 else most - self.random.randrange(2) if draw < 13 else self.random.choice((2, 3, 5, 10, 40, 100))
        return max(least, min(most, value))

    def text(self, name, schema):
        if "enum" in schema:
            drawn = self.random.choice(schema["enum"])
            return drawn if self.chance(WEIGHTS.get(drawn, 100)) else schema["enum"][0]
        if name in ("currency", "token"):
            return self.random.choice(CURRENCIES if name == "currency" else TOKENS)
        if schema.get("format") == "date-time":
            return self.random.choice(self.times)
        if name == "webhook":  # a name of the settings
            return "card"
        if name in POOLS:
            return self.id(name)
        if "pattern" in schema:
            return self.random.choice(("x", "A-z.0_9:~"[:8], "9" * schema.get("maxLength", 9)))
        words = [word for word in WORDS if len(word) >= schema.get("minLength", 0)]
        return self.random.choice(words)

    def value(self, schema, name="", depth=0):
        schema = self.document.resolved(schema)
        if "oneOf" in schema:
            return self.value(self.random.choice(schema["oneOf"]), name, depth)
        kind = schema.get("type", "string")
        if not isinstance(kind, str):
            kind = self.random.choice(kind)
        if kind == "null":
            return None
        if kind == "boolean":
            return self.chance(50)
        if kind == "integer":
            return self.seconds(schema) if name == "expires_in_s" else self.number(schema)
        if kind == "string":
            return self.text(name, schema)
        if kind == "array":
            most = min(schema.get("maxItems", 5), 64 if self.chance(1) else 5)
            return [self.value(schema["items"], name, depth + 1) for _ in range(self.random.randint(schema.get("minItems", 0), most))]
        return self.object(schema, name, depth)

    def seconds(self, schema):
        """What expires does so at once, or not while a test runs: so that a moment's wait is enough before states are compared."""
        return self.random.choice((schema["minimum"], 600, schema["maximum"]))

    def object(self, schema, name, depth):
        if "properties" not in schema and schema.get("additionalProperties") not in (None, False):
            return {word: self.random.choice(WORDS) for word in ("k", "Schlüssel", "a b")[:self.random.randrange(4)]}
        members, required = dict(schema.get("properties", {})), set(schema.get("required", ()))
        if name == "pay":
            return self.pay(members, required, depth)
        chance = self.random.choice((0, 50, 50, 100))
        taken = [one for one in members if one in required or self.chance(chance)]
        made = {one: self.value(members[one], one, depth + 1) for one in taken}
        if members.keys() == {"seats", "price", "starts_at", "sales", "reason"} and made.keys() <= {"reason"}:  # one change at least
            made["seats"] = self.value(members["seats"], "seats", depth + 1)
        if "price" in members and "attempts_max" in members and "price" not in made:  # a free match has nobody to be paid
            made = {one: value for one, value in made.items() if one not in ("payee", "fee")}
        if "fee" in made and "payee" not in made and "payee" in members:  # a fee is a part of what the payee gets
            made["payee"] = self.value(members["payee"], "payee", depth + 1)
        return made

    def pay(self, members, required, depth):
        """One way to pay; a currency goes with cards and webhooks alone."""
        ways = [one for one in ("wallet", "pass", "card", "webhook") if one in members]
        made = {one: self.value(members[one], one, depth + 1) for one in members if one in required}
        way = self.random.choice(ways)
        made[way] = self.value(members[way], way, depth + 1)
        if "currency" in members and way != "wallet":
            made["currency"] = self.random.choice(CURRENCIES)
        return made

    def path(self, operation):
        path = operation.path
        for parameter in operation.parameters:
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", self.word(operation, parameter))
        return path

    def word(self, operation, parameter):
        name, of = parameter["name"], operation.path.split("/")[2] if operation.path.count("/") > 1 else ""
        if name == "saga" or of == "refunds":
            known = sorted(self.seen["saga" if name == "saga" else "refund_of_queue"])
            return self.random.choice(known) if known and self.chance(90) else "order:o0"
        if name in ("key", "code"):
            codes = self.document.tree["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
            return f"key-{self.random.randrange(400)}" if name == "key" else self.random.choice(codes)
        if name == "id":
            singular = {"matches": "match", "passes": "pass"}.get(of, of.removesuffix("s"))
            return self.id(singular) if singular in POOLS else "none"
        return self.id(name) if name in POOLS else str(self.value(parameter["schema"], name)).replace("/", "-") or "x"

    def query(self, operation):
        made = {}
        for parameter in operation.parameters:
            if parameter["in"] == "query" and self.chance(25):
                made[parameter["name"]] = self.value(parameter["schema"], parameter["name"])
        if {"from", "after"} <= made.keys():
            del made["from"]
        return {name: value for name, value in made.items() if value != ""}

    def headers(self, operation, path):
        made = {}
        if operation.parameter("If-Match") and self.chance(10):
            made["If-Match"] = self.versions.get(path.split("/")[3] if path.count("/") > 2 else "", '"v1"')
        if operation.parameter("If-None-Match") and self.chance(10):
            made["If-None-Match"] = self.random.choice(('"v1"', '"v2"', "*", '"v1", "v3"'))
        if operation.parameter("Tote-Deadline-Ms") and self.chance(3):
            made["Tote-Deadline-Ms"] = self.random.choice(("1", "86400000"))
        if operation.parameter("Tote-Min-Lsn") and self.chance(5):
            made["Tote-Min-Lsn"] = self.random.choice(("0", "1"))
        if operation.parameter("Tote-Read") and self.chance(5):
            made["Tote-Read"] = "stale"
        if operation.parameter("traceparent") and self.chance(5):
            made["traceparent"] = f"00-{self.random.getrandbits(128) | 1:032x}-{self.random.getrandbits(64) | 1:016x}-01"
        return made

    def body(self, operation):
        if operation.body is None or (not operation.told["requestBody"].get("required") and self.chance(20)):
            return ""
        return json.dumps(self.value(operation.body, ""), ensure_ascii=self.chance(50))

    def of_command(self, command):
        """The operation that says the same as a command of a transaction."""
        ways = {"credit": "/v1/wallets/{id}/credits", "debit": "/v1/wallets/{id}/debits", "hold": "/v1/wallets/{id}/holds",
                "pick": "/v1/items/{id}/picks", "restock": "/v1/items/{id}/restocks", "reserve": "/v1/items/{id}/reservations",
                "book": "/v1/matches/{id}/bookings"}
        path = next(ways[name] for name in ways if name in command)
        return next(one for one in self.document.operations if one.path == path and one.method == "POST")

    def batch(self, any_change):
        """Lines of all forms: a command, a transfer, a transaction, an order, or what would be a request of its own."""
        lines, made_of = [], []
        for _ in range(self.random.randrange(1, 9)):
            operation = any_change()
            body = self.body(operation)
            own = json.loads(body) if body else None
            if operation.path in ("/v1/transfers", "/v1/transactions", "/v1/orders") and self.chance(50):
                line = own
            elif operation.path == "/v1/transactions" and self.chance(50):
                line = own["commands"][0]
                operation = self.of_command(line)
            else:
                line = {operation.method.lower(): self.path(operation)} | ({"body": own} if own is not None else {})
            if self.chance(30):
                line = line | {"key": f"k{self.random.randrange(30)}"}
            lines.append(json.dumps(line))
            made_of.append(operation)
        return "\n".join(lines) + "\n", made_of
