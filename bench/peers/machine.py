"""What the figures were measured on."""
import os
import platform
import re
import subprocess


def describe(work, repository):
    with open("/proc/cpuinfo") as file:
        cpu = file.read()
    with open("/proc/meminfo") as file:
        memory = int(re.search(r"MemTotal:\s+(\d+)", file.read()).group(1)) / 1048576
    model = re.search(r"model name\s*:\s*(.*)", cpu)
    virtual = ", virtual machine" if re.search(r"^flags.*\bhypervisor\b", cpu, re.M) else ""
    kernel = re.match(r"[\d.]+", platform.release())
    return {
        "cpu": (model.group(1).strip() if model else platform.machine()) + virtual,
        "cores": len(os.sched_getaffinity(0)),
        "memory": f"{memory:.0f} GiB",
        "kernel": f"{platform.system()} {kernel.group(0).rstrip('.') if kernel else ''}".strip(),
        "disk": disk(work),
        "commit": commit(repository),
    }


def disk(work):
    """File system and kind of device that hold the data of all that is measured."""
    best, found = "", "unknown"
    with open("/proc/mounts") as file:
        for line in file:
            device, point, kind = line.split()[:3]
            if os.path.realpath(work).startswith(point.rstrip("/") + "/") and len(point) >= len(best):
                best, found = point, f"{kind} on {os.path.basename(device)}"
    return found


def commit(repository):
    def git(*args):
        return subprocess.run(["git", "-C", repository, *args], capture_output=True, text=True).stdout.strip()

    name = git("rev-parse", "--short=12", "HEAD")
    if not name or name == "HEAD":
        return "none"
    # The report itself is written by the run, so it doesn't count as a change.
    changed = git("status", "--porcelain", "--", ".", ":!bench/RESULTS.md", ":!bench/results.json")
    return name + (" with changes" if changed else "")
