#!/usr/bin/env python3
"""A betting provider's callbacks without Tote: the signature is verified, then one transaction with the wallet's row locked.

As much of the API as `tote bench callbacks` asks for. Run by callbacks.py: URI of PostgreSQL, port, the public key's file, workers.
"""
import base64
import hashlib
import http.server
import json
import os
import socket
import sys
import threading
import time

import psycopg2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_public_key

LEEWAY_S = 60
NAMED = ("sport", "category", "tournament", "event")
local = threading.local()


class Refused(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.body = status, {"code": code, "message": message}


def database():
    if not hasattr(local, "connection"):
        local.connection = psycopg2.connect(Endpoint.uri)
    return local.connection


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def payload_of(body):
    try:
        header, claims, signature = json.loads(body)["payload"].split(".")
        if json.loads(decoded(header))["alg"] != "RS256":
            raise Refused(400, 2005, "another algorithm")
        Endpoint.key.verify(decoded(signature), f"{header}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        claims = json.loads(decoded(claims))
    except (InvalidSignature, KeyError, ValueError):
        raise Refused(400, 2005, "invalid token") from None
    if claims["exp"] + LEEWAY_S < time.time():
        raise Refused(400, 2005, "the token has expired")
    return claims["payload"]


def rows_of(payload):
    for bet in payload["betslip"]["bets"]:
        for kind in NAMED:
            yield kind, bet[f"{kind}_id"], bet.get(f"{kind}_name", "")
        for name in bet["competitor_name"]:
            yield "competitor", name, name


def make(payload):
    """One commit, and rows named in one order, so that nobody waits in a circle."""
    transaction, player, stake = payload["transaction"]["id"], payload["player_id"], payload["amount"]
    content = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    connection = database()
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT balance FROM wallet WHERE id = %s FOR UPDATE", (player,))
        found = cursor.fetchone()
        if found is None:
            raise Refused(400, 1006, "no such player")
        cursor.execute("SELECT content, answer FROM bet WHERE id = %s", (transaction,))
        before = cursor.fetchone()
        if before is not None:
            if before[0] != content:
                raise Refused(400, 2004, "the id was another bet's")
            return json.loads(before[1])
        if found[0] < stake:
            raise Refused(400, 2001, "not enough money")
        for row in sorted(set(rows_of(payload))):
            cursor.execute("INSERT INTO named VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", row)
        cursor.execute("UPDATE wallet SET balance = balance - %s WHERE id = %s RETURNING balance", (stake, player))
        answer = {"id": transaction + ":1", "ext_transaction_id": transaction, "parent_transaction_id": None,
                  "user_id": player, "operation": "bet", "amount": stake, "currency": payload["currency"],
                  "balance": cursor.fetchone()[0]}
        cursor.execute("INSERT INTO bet (id, player, stake, content, answer) VALUES (%s, %s, %s, %s, %s)",
                       (transaction, player, stake, content, json.dumps(answer)))
    return answer


def balance_of(player, code):
    connection = database()
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT balance FROM wallet WHERE id = %s", (player,))
        found = cursor.fetchone()
    if found is None:
        raise Refused(400, code, "no such player")
    return {"id": player, "balance": found[0]}


def wallet_changed(sql, *values):
    connection = database()
    with connection, connection.cursor() as cursor:
        cursor.execute(sql, values)
    return {}


class Endpoint(http.server.BaseHTTPRequestHandler):
    uri, key = None, None
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def handle_method(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            status, answer = self.answer(body)
        except Refused as refused:
            status, answer = refused.status, refused.body
        text = json.dumps(answer, separators=(",", ":")).encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
        self.wfile.write(head.encode() + text)

    do_GET = do_POST = do_PUT = handle_method

    def answer(self, body):
        parts = self.path.strip("/").split("/")
        if parts[-1] == "ping":
            return 200, {"timestamp": int(time.time())}
        if parts[-1] == "make":
            return 200, make(payload_of(body))
        if parts[-1] == "balance":
            return 200, balance_of(payload_of(body)["player_id"], 1006)
        if parts[-1] == "credits":
            return 200, wallet_changed("UPDATE wallet SET balance = balance + %s WHERE id = %s", json.loads(body)["amount"], parts[2])
        if self.command == "PUT":
            return 201, wallet_changed("INSERT INTO wallet VALUES (%s, 0)", parts[2])
        return 200, balance_of(parts[2], 404)


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 1_024
    daemon_threads = True

    def server_bind(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()


def main():
    Endpoint.uri, port, key, workers = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    with open(key, "rb") as file:
        Endpoint.key = load_pem_public_key(file.read())
    for _ in range(workers - 1):  # a process a core: one interpreter runs one thread at a time
        if os.fork() == 0:
            break
    Server(("127.0.0.1", port), Endpoint).serve_forever()


if __name__ == "__main__":
    main()
