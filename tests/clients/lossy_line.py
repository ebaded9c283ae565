"""A line between a client and a server that loses some of the answers."""
import random
import re
import socket
import threading


def whole_message(sender):
    """A request or an answer with its body; nothing when the sender has gone."""
    message = b""
    while True:
        head, end, body = message.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        if end and len(body) >= (int(length[1]) if length else 0):
            return message
        more = sender.recv(65_536)
        if not more:
            return b""
        message += more


class LossyLine:
    """Between client and server: whole requests get through, some of their answers don't."""

    def __init__(self, port, seed):
        self.to, self.lost, self.random = port, 0, random.Random(seed)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        with client:
            try:
                with socket.create_connection(("127.0.0.1", self.to)) as server:
                    while request := whole_message(client):
                        server.sendall(request)
                        answer = whole_message(server)
                        if not answer:
                            return
                        if self.random.random() < 0.2 and request.startswith(b"POST"):
                            self.lost += 1
                            return
                        client.sendall(answer)
            except OSError:
                pass
