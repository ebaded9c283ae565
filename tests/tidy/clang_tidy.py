#!/usr/bin/env python3
"""clang-tidy over every source file of some folders, remembering which are sound.

    clang_tidy.py [--seconds N] [--jobs N] FOLDER...

A file that was found sound isn't looked at again before something that its findings depend on changes: its own bytes,
those of any header of this repository that it includes, .clang-tidy, its compiler flags, clang-tidy or a library's
package. Only successes are kept, as empty files in ~/.cache/tote-tidy, for all clones.

Files that changed last come first. With --seconds none is begun after that time, so that a machine that remembers
nothing still ends in time: what it leaves out is counted, and isn't remembered as sound.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/debug"  # of single files
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "tote-tidy"
KEPT_S = 30 * 86_400  # what nobody asked for in this time is forgotten
RECENT_COMMITS = 100
INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)
GENERATED = re.compile(r"_generated\.h$")


def text_of(*command):
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def tools():
    """What all files' findings depend on."""
    packages = text_of("dpkg-query", "-W", "-f", "${Package} ${Version}\n").splitlines()
    relevant = [line for line in packages if re.match(r"lib\S+-dev |clang|nlohmann|doctest", line)]
    return "\n".join([text_of("clang-tidy", "--version"), (ROOT / ".clang-tidy").read_text(), *relevant])


class Sources:
    """The repository's files by what they include: includes name their paths from the root (tests/tidy)."""

    def __init__(self):
        self.files = {}

    def file(self, path):
        """Digest and included paths; nothing when it isn't ours."""
        if path not in self.files:
            # A generated header says what its schema says.
            origin = GENERATED.sub(".fbs", path)
            try:
                content = (ROOT / origin).read_bytes()
            except OSError:
                self.files[path] = None
            else:
                includes = [name.decode() for name in INCLUDE.findall(content)] if origin == path else []
                self.files[path] = hashlib.sha256(content).hexdigest(), includes
        return self.files[path]

    def closure(self, path):
        """(path, digest) of it and all that it includes, in order."""
        seen, todo = {}, [path]
        while todo:
            one = todo.pop()
            file = self.file(one)
            if one in seen or file is None:
                continue
            seen[one] = file[0]
            todo += file[1]
        return sorted(seen.items())


def compilations(folders):
    """Source path -> its compiler flags, of the files below these folders."""
    found = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        path = os.path.relpath(entry["file"], ROOT)
        if path.split("/")[0] in folders:
            found[path] = entry["command"].replace(str(ROOT), ".")
    return found


def last_changed():
    """Paths, the ones that changed last first: what isn't committed, then the last commits."""
    try:
        log = text_of("git", "diff", "--name-only", "HEAD")
        log += text_of("git", "log", f"-{RECENT_COMMITS}", "--name-only", "--format=")
    except (OSError, subprocess.CalledProcessError):  # no repository: an unpacked archive
        return []
    return list(dict.fromkeys(log.split()))


def in_order(paths):
    """A header's own source file stands for it."""
    wanted = set(paths)
    first = [re.sub(r"\.h$", ".cc", path) for path in last_changed()]
    return [path for path in dict.fromkeys(first + sorted(paths)) if path in wanted]


def run(path):
    """What clang-tidy found; empty: nothing."""
    command = ["clang-tidy", "--quiet", "-p", str(BUILD), "--extra-arg=-Wno-unknown-warning-option", path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout or done.stderr


def look_at(wanted, jobs, seconds):
    """How many were begun, and which of them have findings. Findings are printed as they come."""
    until = time.monotonic() + seconds if seconds else float("inf")
    lock, begun, bad = threading.Lock(), [], []

    def look(path, mark):
        if time.monotonic() > until:
            return
        findings = run(path)
        with lock:
            begun.append(path)
            if findings:
                bad.append(path)
                print(findings.replace(f"{ROOT}/", ""), flush=True)
            else:
                mark.touch()

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda one: look(*one), wanted))
    return len(begun), bad


def forget_old():
    for mark in CACHE.iterdir():
        if time.time() - mark.stat().st_mtime > KEPT_S:
            mark.unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=0, help="begin no file after this time; 0: no limit")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    options = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)

    begun_at = time.monotonic()
    flags, common, sources = compilations(options.folders), tools(), Sources()
    wanted = []
    for path in in_order(flags):
        key = hashlib.sha256(repr((common, path, flags[path], sources.closure(path))).encode()).hexdigest()
        mark = CACHE / key
        if mark.exists():
            mark.touch()
        else:
            wanted.append((path, mark))
    looked_at, bad = look_at(wanted, options.jobs, options.seconds)
    forget_old()
    print(f"clang-tidy: {len(flags)} files, {len(flags) - len(wanted)} known to be sound, {looked_at} looked at in "
          f"{time.monotonic() - begun_at:.0f} s, {len(wanted) - looked_at} left out for want of time, "
          f"{len(bad)} with findings{''.join(' ' + path for path in sorted(bad))}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
