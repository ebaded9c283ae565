"""A request that was sent, and its answer."""


class Request:
    def __init__(self, operation, target, body, headers, key=None, lines=()):
        self.operation, self.target, self.body, self.headers, self.key, self.lines = operation, target, body, dict(headers), key, lines
        if key:
            self.headers["Idempotency-Key"] = key

    def __str__(self):
        return f"{self.operation.method} {self.target} {self.headers} {self.body}"


class Answer:
    def __init__(self, response):
        self.status, self.body = response.status, response.read()
        self.headers = {name.lower(): value for name, value in response.getheaders()}

    @property
    def is_replay(self):
        return "idempotent-replayed" in self.headers

    def __str__(self):
        return f"{self.status} {self.body[:400]!r}"
