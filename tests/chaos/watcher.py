"""Reads the log from LSN 1 on as it grows, from whoever serves it: so the checker has all of it, when no disk has any more.

What it has read was durable: each page begins with the last record of the one before, which must be the same, byte for
byte, whoever owns the log by then.
"""
import http.client
import json
import threading
import time
import urllib.error
import urllib.request

PAGE = 2_000
PATIENCE_S = 60


class Watcher(threading.Thread):
    def __init__(self, urls, headers):
        super().__init__(daemon=True)
        self.urls, self.headers = urls, headers
        self.lines, self.is_stopped, self.problem = [], False, None  # lines[0] is LSN 1

    def run(self):
        turn = 0
        while not self.is_stopped and not self.problem:
            found = self.page(self.urls[turn % len(self.urls)])
            if found is None:
                turn += 1
            elif found:
                self.problem = self.add(found)
            if not found or len(found) < PAGE:
                time.sleep(0.05)

    def page(self, url):
        """Lines; None: no answer."""
        after = max(len(self.lines) - 1, 0)
        question = urllib.request.Request(f"{url}/v1/log?after={after}&limit={PAGE}", headers=self.headers)
        try:
            with urllib.request.urlopen(question, timeout=2) as answer:
                return answer.read().decode().splitlines()
        except urllib.error.HTTPError as error:
            if error.code == 410:
                self.problem = f"the log is trimmed behind LSN {after}, before it was read: {error.read()}"
            return None
        except (OSError, http.client.HTTPException):
            return None

    def add(self, found):
        """What is wrong with it, or None."""
        if self.lines and found[0] != self.lines[-1]:
            return f"what was durable has changed: {self.lines[-1]} is {found[0]} now"
        for line in found[1:] if self.lines else found:
            lsn = json.loads(line)["lsn"]
            if lsn != len(self.lines) + 1:
                return f"the log as it is fed goes from LSN {len(self.lines)} to {lsn}"
            self.lines.append(line)
        return None

    def wait_for(self, lsn):
        until = time.monotonic() + PATIENCE_S
        while len(self.lines) < lsn:
            if self.problem or time.monotonic() > until:
                raise RuntimeError(self.problem or f"the feed of the log ends at LSN {len(self.lines)}, not {lsn}")
            time.sleep(0.02)

    def stop(self):
        self.is_stopped = True
        if self.is_alive():
            self.join()
