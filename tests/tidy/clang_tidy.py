#!/usr/bin/env python3
"""clang-tidy over every source file of some folders, remembering which are sound.

    clang_tidy.py [--seconds N] [--jobs N] FOLDER...

Most of its time goes into headers, so files of a folder are looked at eight at a time, one after the other in one text
(not by #include: the analyzer looks into no included file). Findings name the files they are in.

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
import shutil
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/debug"  # of single files
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "tote-tidy"
KEPT_S = 30 * 86_400  # what nobody asked for in this time is forgotten
RECENT_COMMITS = 100
TEXTS = BUILD / "tidy"
TOGETHER = 8  # files
FOUND = re.compile(r"^([^\s:]+):\d+:\d+: error:", re.MULTILINE)
NOT_COMPILED = "[clang-diagnostic-error]"
ANY_INCLUDE = re.compile(r"[ \t]*#[ \t]*include[ \t]*([\"<][^\">]+[\">])")
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
    """Source path -> its line of the compiler's database, of the files below these folders."""
    entries = json.loads((BUILD / "compile_commands.json").read_text())
    found = {os.path.relpath(entry["file"], ROOT): entry for entry in entries}
    return {path: entry for path, entry in found.items() if path.split("/")[0] in folders}


def flags_of(entry):
    """Without what names the clone or the file."""
    words = re.sub(r" -(o|MF|MT|c) \S+", "", entry["command"])
    return words.replace(entry["file"], "").replace(str(ROOT), ".")


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


class Together:
    """Some files of one folder as one."""

    def __init__(self, paths, number):
        self.paths = paths
        self.path = TEXTS / f"{number}.cc"
        self.origins = []  # of each line: path and line
        text, known = [], set()
        for path in paths:
            own = set()
            for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
                include = ANY_INCLUDE.match(line)
                # Once a file; twice in one file is a finding.
                if include and include[1] in known:
                    line = ""
                elif include:
                    own.add(include[1])
                text.append(line)
                self.origins.append((path, number))
            known |= own
        self.path.write_text("\n".join(text) + "\n")

    def named(self, findings):
        """Findings, by the files' own names."""
        def origin(found):
            path, line = self.origins[min(int(found[1]), len(self.origins)) - 1]
            return f"{path}:{line}"

        return re.sub(rf"{re.escape(str(self.path))}:(\d+)", origin, findings).replace(f"{ROOT}/", "")

    def look(self):
        """What clang-tidy found; empty: nothing."""
        findings = self.named(tidy(TEXTS, self.path))
        suspects = [path for path in self.paths if NOT_COMPILED in findings or f"{path}:" in findings]
        if not suspects or len(self.paths) == 1:
            return findings
        # What two of them have for themselves may be in each other's way: by itself each tells the truth.
        alone = "".join(tidy(BUILD, path) for path in suspects).replace(f"{ROOT}/", "")
        of_headers = any(path not in self.paths for path in FOUND.findall(findings))
        return alone or (findings if of_headers and NOT_COMPILED not in findings else "")


def tidy(database, path):
    command = ["clang-tidy", "--quiet", "-p", str(database), "--extra-arg=-Wno-unknown-warning-option", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout or done.stderr


def together(wanted, commands):
    """In the order of `wanted`; files of one folder that are compiled alike are looked at with the first of them."""
    groups = {}
    for path in wanted:
        groups.setdefault((os.path.dirname(path), flags_of(commands[path])), []).append(path)
    shutil.rmtree(TEXTS, ignore_errors=True)
    TEXTS.mkdir(parents=True)
    texts, entries = [], []
    for paths in groups.values():
        for at in range(0, len(paths), TOGETHER):
            texts.append(Together(paths[at:at + TOGETHER], len(texts)))
            entry, text = commands[paths[at]], str(texts[-1].path)
            command = entry["command"].replace(entry["file"], text)
            entries.append({"directory": entry["directory"], "file": text, "command": command})
    (TEXTS / "compile_commands.json").write_text(json.dumps(entries))
    return texts


def look_at(texts, marks, jobs, seconds):
    """How many files were begun, and which texts have findings. Findings are printed as they come."""
    until = time.monotonic() + seconds if seconds else float("inf")
    lock, begun, bad = threading.Lock(), [], []

    def look(one):
        if time.monotonic() > until:
            return
        findings = one.look()
        with lock:
            begun.extend(one.paths)
            if findings:
                bad.append(findings)
                print(findings, flush=True)
            else:
                for path in one.paths:
                    marks[path].touch()

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(look, texts))
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
    commands, common, sources = compilations(options.folders), tools(), Sources()
    marks = {}  # of those to be looked at
    for path in in_order(commands):
        key = repr((common, path, flags_of(commands[path]), sources.closure(path)))
        mark = CACHE / hashlib.sha256(key.encode()).hexdigest()
        if mark.exists():
            mark.touch()
        else:
            marks[path] = mark
    looked_at, bad = look_at(together(marks, commands), marks, options.jobs, options.seconds)
    forget_old()
    print(f"clang-tidy: {len(commands)} files, {len(commands) - len(marks)} known to be sound, {looked_at} looked at in "
          f"{time.monotonic() - begun_at:.0f} s, {len(marks) - looked_at} left out for want of time"
          f"{', with findings' if bad else ''}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
