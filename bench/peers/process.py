"""Servers that live as long as they are measured, and the free ports they listen on."""
import contextlib
import json
import os
import pwd
import random
import re
import shutil
import socket
import subprocess
import time


class Failed(Exception):
    """A case could not be measured; the report says so and the run goes on."""

    def __init__(self, text):
        super().__init__(re.sub(r"\s+", " ", re.sub(r"(/[\w.+-]+)+/", "", text)).strip())  # one line, no paths of this machine


def find(name, *places):
    """The path of a program. Debian keeps some outside of PATH."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", *places])
    found = shutil.which(name, path=path)
    if found is None:
        raise Failed(f"{name} is not installed")
    return found


def free_port():
    """Below those that the kernel gives to whoever connects: nobody's connection comes from it before a server listens."""
    for port in (*random.sample(range(10_000, 32_768), 100), 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return probe.getsockname()[1]
    raise Failed("no port is free")


def unprivileged():
    """Arguments for subprocess: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise Failed("root, and neither user postgres nor nobody to become")


def output(command, timeout=900, **more):
    """Standard output of a command that must succeed."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, **more)
    except subprocess.TimeoutExpired:
        raise Failed(f"{os.path.basename(command[0])} took longer than {timeout} s") from None
    except OSError as error:
        raise Failed(f"{command[0]}: {error.strerror}") from None
    if done.returncode != 0:
        tail = " | ".join((done.stdout + done.stderr).strip().splitlines()[-4:])
        raise Failed(f"{' '.join(map(str, command[:3]))} ended with {done.returncode}: {tail[-500:]}")
    return done.stdout


class Server:
    """Started on entry, stopped by its own process id on exit."""

    def __init__(self, command, log, ready, stop_signal, **more):
        self.command, self.log, self.ready, self.stop_signal, self.more = command, log, ready, stop_signal, more

    def __enter__(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.more)
        deadline = time.monotonic() + 60
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                with open(self.log, errors="replace") as log:
                    raise Failed(f"{self.command[0]} did not start: {log.read()[-400:]}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def pid(self):
        return self.process.pid


def accepts(port):
    """Whether something listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def bench(program, *args, timeout=1800):
    """One `tote bench … --json`."""
    try:
        done = subprocess.run([program, "bench", *map(str, args), "--json"], capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise Failed(f"bench {args[0]} took longer than {timeout} s") from None
    return checked(done.stdout, done.returncode, done.stderr, args[0])


def checked(text, code, errors, workload):
    """What it printed. Figures of a run whose checks don't hold are not figures."""
    try:
        result = json.loads(text)
    except ValueError:
        raise Failed(f"bench {workload} ended with {code}: {errors.strip()[-400:]}") from None
    broken = [f"{check['name']} ({check['detail']})" for check in result["checks"] if not check["holds"]]
    if broken or not result["valid"]:
        raise Failed("not valid: " + "; ".join(broken))
    return result
