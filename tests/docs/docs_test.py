#!/usr/bin/env python3
"""Runs what README.md and docs/ tell their readers to run, and compares what comes with what they say comes.

    docs_test.py TOTE [FILE…]

Of each document the ```console blocks, in order, in one shell, in an empty directory: a line that begins with "$ " is a
command (more of it follows a backslash at its end), what follows it is its output, in which … stands for anything.
A document whose commands don't start a server finds one running. Ports, and the database of documents that use psql,
are the test's own; the reader's are put in their place.
"""
import contextlib
import os
import pathlib
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
from peers import postgres  # noqa: E402
from peers.process import free_port  # noqa: E402

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
END = "end-of-command"
PATIENCE_S = 30  # for one command
# Those on embedding, entities of one's own and betting callbacks are run by other tests, which build what they show.
DOCUMENTS = [ROOT / "README.md",
             *(ROOT / "docs" / f"{name}.md" for name in ("getting-started", "concepts", "http", "comparison", "migration"))]


def commands_of(text):
    """(line number, command, expected output) of each command, in order."""
    found, inside, command = [], False, None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            inside, command = line == "```console", None
        elif inside and line.startswith("$ "):
            command = [number, line[2:], []]
            found.append(command)
        elif inside and command is not None and command[1].endswith("\\") and not command[2]:
            command[1] += "\n" + line
        elif inside and command is not None:
            command[2].append(line)
        elif inside:
            found.append([number, "false  # output before a command", []])
    return found


class Shell:
    """One bash, as the reader's terminal: variables and background jobs live as long as it does."""

    def __init__(self, directory, environment):
        self.bash = subprocess.Popen(["bash", "--norc"], cwd=directory, env=environment, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)

    def run(self, command):
        os.write(self.bash.stdin.fileno(), f"{command}\necho; echo {END}\n".encode())
        seen, until = b"", time.monotonic() + PATIENCE_S
        while not seen.endswith(f"\n{END}\n".encode()):
            if not select.select([self.bash.stdout], [], [], max(0, until - time.monotonic()))[0]:
                raise TimeoutError(command)
            seen += os.read(self.bash.stdout.fileno(), 1 << 16)
        return seen[: -len(END) - 2].decode()

    def end(self):
        os.killpg(self.bash.pid, signal.SIGKILL)
        self.bash.wait()
        self.bash.stdin.close()
        self.bash.stdout.close()


def is_as_said(said, seen):
    pattern = ".*".join(re.escape(part) for part in said.split("…"))
    return re.fullmatch(pattern, seen.strip("\n"), re.DOTALL) is not None


def wait_for(port):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with contextlib.suppress(OSError, urllib.error.HTTPError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz"):
            return
        time.sleep(0.02)
    raise RuntimeError("no server came up")


def run_document(path, work, database):
    """The differences, as sentences."""
    port, commands = free_port(), commands_of(path.read_text())
    environment = {"PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "HOME": str(work), "LC_ALL": "C.UTF-8",
                   "TOTE_LISTEN": f"127.0.0.1:{port}", **database}
    shell, problems = Shell(work, environment), []

    def as_here(text):
        text = text.replace("kill -9 $(pgrep -x tote)", "kill -9 $!; wait $! 2> killed")
        return text.replace("localhost:8080", f"localhost:{port}").replace("127.0.0.1:8080", f"127.0.0.1:{port}").replace(
            "./dev serve", "tote serve --data data >> serve.log 2>&1")

    try:
        if not any("tote serve" in command for _, command, _ in commands):
            shell.run("tote serve --data data --gateway test >> serve.log 2>&1 &")
            wait_for(port)
        for number, command, said in commands:
            try:
                seen = shell.run(as_here(command)).replace(str(port), "8080")
            except TimeoutError:
                problems.append(f"{path.name}:{number}: {command}\n  it doesn't end")
                break
            if not is_as_said("\n".join(said), seen):
                problems.append(f"{path.name}:{number}: {command}\n  said: " + "\n        ".join(said) +
                                "\n  seen: " + seen.strip("\n").replace("\n", "\n        "))
    finally:
        shell.end()
    return len(commands), problems


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started ends with the test
    documents = [pathlib.Path(name) for name in sys.argv[2:] or DOCUMENTS]
    problems = 0
    for path in documents:
        with tempfile.TemporaryDirectory(prefix="tote-docs-") as work:
            os.chmod(work, 0o755)  # PostgreSQL runs as another user
            shop = pathlib.Path(work) / "shop"
            shop.mkdir()
            (shop / ".curlrc").write_text("silent\n")  # no progress meter, as on a terminal
            if "psql" in path.read_text():
                with postgres.Postgres(work) as server:
                    count, found = run_document(path, shop, {"DATABASE_URL": server.uri})
            else:
                count, found = run_document(path, shop, {})
        print(f"{path.name}: {count} commands, {len(found)} not as it says", flush=True)
        for problem in found:
            print(problem)
        problems += len(found)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
