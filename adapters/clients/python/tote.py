"""A client of Tote's HTTP API: one file, nothing but Python's own library (3.9 or later).

    from tote import Refused, Tote

    shop = Tote("http://127.0.0.1:8080", token="tote_…")
    shop.open_wallet("alice", "EUR")
    shop.credit("alice", 1000, key="topup-1")           # minor units: 10.00 EUR
    try:
        shop.debit("alice", 5000, key="order-17")
    except Refused as no:
        print(no.code, no.problem["available"])         # insufficient_funds 1000

Every change goes out under an idempotency key (1 to 255 visible ASCII characters): yours, which should name what it is
for, or one that is drawn. So it is asked again when no answer comes, or the server says "later", for patience_s at
most, and is executed once. If even that doesn't tell, Unknown is raised with the key: outcome(key) knows later.

Threads: any; each has a connection of its own.
"""
from __future__ import annotations

import http.client
import itertools
import json
import random
import ssl
import threading
import time
import urllib.parse
import uuid
from typing import Any, Iterable, Iterator, Mapping, NamedTuple, Optional

Body = Mapping[str, Any]

_LATER = {"overloaded", "log_full", "draining", "not_enough_replicas", "owner_changed", "quota_exceeded", "recovering"}
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.05, 2.0


class Answer(NamedTuple):
    status: int
    body: Any
    lsn: int  # of the record that this is in, or that the state was read at; 0: none
    replayed: bool  # the answer of an earlier request with the same key


class Refused(Exception):
    """The server said no, and why: nothing was executed."""

    def __init__(self, answer: Answer):
        self.status = answer.status
        self.problem: dict[str, Any] = answer.body if isinstance(answer.body, dict) else {}
        self.code: str = self.problem.get("code", "")
        super().__init__(f"{self.status} {self.code}: {self.problem.get('detail', '')}")


class Unknown(Exception):
    """No answer came in time. The change may have been executed: ask again under the same key, or outcome(key)."""

    def __init__(self, key: str, why: Exception | str):
        self.key = key
        super().__init__(f"no answer to the request with the key {key}: {why}")


class Tote:
    def __init__(self, url: str = "http://127.0.0.1:8080", token: str = "", *, timeout_s: float = 10,
                 patience_s: float = 30, tls: Optional[ssl.SSLContext] = None):
        at = urllib.parse.urlsplit(url)
        if at.scheme not in ("http", "https") or not at.hostname:
            raise ValueError(f"{url} isn't http://HOST:PORT or https://HOST:PORT")
        self._host, self._port = at.hostname, at.port
        self._tls = (tls or ssl.create_default_context()) if at.scheme == "https" else None
        self._token, self._timeout_s, self._patience_s = token, timeout_s, patience_s
        self._own = threading.local()

    def close(self) -> None:
        """This thread's connection; the next request opens another."""
        connection, self._own.connection = getattr(self._own, "connection", None), None
        if connection is not None:
            connection.close()

    # -- wallets, items, matches, orders: the rest of the API is change() and get()

    def open_wallet(self, wallet: str, currency: str, **more: Any) -> Answer:
        return self.change("PUT", f"/v1/wallets/{_part(wallet)}", {"currency": currency, **more})

    def credit(self, wallet: str, amount: int, key: str = "", **more: Any) -> Answer:
        return self.change("POST", f"/v1/wallets/{_part(wallet)}/credits", {"amount": amount, **more}, key)

    def debit(self, wallet: str, amount: int, key: str = "", **more: Any) -> Answer:
        return self.change("POST", f"/v1/wallets/{_part(wallet)}/debits", {"amount": amount, **more}, key)

    def transfer(self, source: str, target: str, amount: int, key: str = "") -> Answer:
        return self.change("POST", "/v1/transfers", {"from": source, "to": target, "amount": amount}, key)

    def transaction(self, commands: Iterable[Body], key: str = "") -> Answer:
        """All of them in one record, or none."""
        return self.change("POST", "/v1/transactions", {"commands": list(commands)}, key)

    def book(self, match: str, player: str, pay: Body, key: str = "", **more: Any) -> Answer:
        return self.change("POST", f"/v1/matches/{_part(match)}/bookings", {"player": player, "pay": pay, **more}, key)

    def order(self, order: str, lines: Iterable[Body], pay: Body, key: str = "", **more: Any) -> Answer:
        return self.change("POST", "/v1/orders", {"order": order, "lines": list(lines), "pay": pay, **more}, key)

    def batch(self, lines: Iterable[Body], key: str = "") -> list[Any]:
        """Lines such as {"post": "/v1/transfers", "body": {…}, "key": "…"}, each decided by itself; their answers."""
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        answer = self._until_answered("POST", "/v1/batch", text.encode(), key or _drawn_key(),
                                      {"Content-Type": "application/x-ndjson"})
        return answer.body

    # -- everything

    def get(self, path: str, *, min_lsn: int = 0, **query: Any) -> Answer:
        """`min_lsn`: an earlier answer's lsn, which the state must have reached."""
        if query:
            path += "?" + urllib.parse.urlencode(query)
        headers = {"Tote-Min-Lsn": str(min_lsn)} if min_lsn else {}
        return self._until_answered("GET", path, None, "", headers)

    def change(self, method: str, path: str, body: Optional[Body] = None, key: str = "", *, if_version: int = 0,
               deadline_ms: int = 0) -> Answer:
        headers = {"Content-Type": "application/json"}
        if if_version:
            headers["If-Match"] = f'"v{if_version}"'
        if deadline_ms:
            headers["Tote-Deadline-Ms"] = str(deadline_ms)
        text = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        return self._until_answered(method, path, text, key or _drawn_key(), headers)

    def outcome(self, key: str) -> Optional[Answer]:
        """The answer that is kept under a key; None: there is none, so nothing was executed lately."""
        try:
            kept = self.get(f"/v1/outcomes/{urllib.parse.quote(key, safe='')}")
        except Refused as no:
            if no.code == "outcome_unknown":
                return None
            raise
        return Answer(kept.body["status"], kept.body["body"], kept.lsn, True)

    def log(self, after: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
        """Durable records behind an LSN, with their LSNs, as far as there are any now. Refused with the code `trimmed`
        when records are gone."""
        while page := list(_records(self.get("/v1/log", after=after).body)):
            yield from page
            after = page[-1][0]

    def follow(self, after: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
        """The same for ever, each as soon as it is durable; goes on where it was when the connection breaks."""
        for attempt in itertools.count():
            connection = self._connect()
            try:
                connection.request("GET", "/v1/log", headers=self._headers(
                    {"Accept": "text/event-stream", "Last-Event-ID": str(after)}))
                response = connection.getresponse()
                if response.status != 200:
                    no = Refused(_answer_of(response))
                    if no.code not in _LATER:
                        raise no
                else:
                    for after, record in _events(response):
                        yield after, record
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            time.sleep(_wait_s(attempt))

    # -- how

    def _until_answered(self, method: str, path: str, body: Optional[bytes], key: str, headers: dict[str, str]) -> Answer:
        if key:
            headers = {**headers, "Idempotency-Key": json.dumps(key)}
        ends = time.monotonic() + self._patience_s
        for attempt in itertools.count():
            wait_s = _wait_s(attempt)
            lost: Optional[Exception] = None  # why nobody knows whether it was executed
            try:
                answer = self._once(method, path, body, headers)
                if answer.status < 400:
                    return answer
                no = Refused(answer)
                if key and no.problem.get("outcome") == "unknown":
                    lost = no
                elif no.code not in _LATER:
                    raise no
                wait_s = max(wait_s, float(no.problem.get("retry_after_s", 0)))
            except (OSError, http.client.HTTPException) as broken:
                lost = broken
            if time.monotonic() + wait_s > ends:
                if lost is None:
                    raise no
                if key:
                    raise Unknown(key, lost) from None
                raise lost
            time.sleep(wait_s)

    def _once(self, method: str, path: str, body: Optional[bytes], headers: dict[str, str]) -> Answer:
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._connect()
        try:
            connection.request(method, path, body, self._headers(headers))
            return _answer_of(connection.getresponse())
        except BaseException:
            self._own.connection = None
            connection.close()
            raise

    def _connect(self) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_s)
        return http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout_s, context=self._tls)

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        return {**({"Authorization": f"Bearer {self._token}"} if self._token else {}), **more}


def _drawn_key() -> str:
    return str(uuid.uuid4())


def _part(id: str) -> str:
    return urllib.parse.quote(id, safe="")


def _wait_s(attempt: int) -> float:
    return min(_FIRST_WAIT_S * 2 ** min(attempt, 10), _LONGEST_WAIT_S) * random.uniform(0.5, 1)


def _answer_of(response: http.client.HTTPResponse) -> Answer:
    text = response.read()
    kind = response.headers.get_content_type()
    if kind == "application/x-ndjson":
        body: Any = [json.loads(line) for line in text.splitlines() if line]
    else:
        body = json.loads(text) if text and kind.endswith("json") else text.decode()
    return Answer(response.status, body, int(response.headers.get("Tote-Lsn", 0)),
                  response.headers.get("Idempotent-Replayed") == "true")


def _records(lines: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    return ((record["lsn"], record) for record in lines)


def _events(response: http.client.HTTPResponse) -> Iterator[tuple[int, dict[str, Any]]]:
    lsn, data = 0, ""
    for raw in response:
        line = raw.decode().rstrip("\r\n")
        if line.startswith("id:"):
            lsn = int(line[3:])
        elif line.startswith("data:"):
            data += line[5:].lstrip(" ")
        elif not line and data:
            yield lsn, json.loads(data)
            data = ""
