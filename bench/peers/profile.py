"""Where the time goes: perf around one workload, when perf works here."""
import os
import signal
import subprocess
import time

from . import process

ROWS = 15


def usable(work):
    """None, or why not."""
    data = os.path.join(work, "perf.probe")
    try:
        process.output([process.find("perf"), "record", "-q", "-g", "-F", "499", "-o", data, "--", "sleep", "0.2"], timeout=60)
        return None
    except process.Failed as error:
        return str(error)


def start(work, pid):
    """Samples a running process until finish()."""
    data = os.path.join(work, "perf.data")
    recorder = subprocess.Popen([process.find("perf"), "record", "-q", "-g", "-F", "499", "-p", str(pid), "-o", data],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    return recorder, data


def finish(started):
    recorder, data = started
    recorder.send_signal(signal.SIGINT)
    recorder.wait(120)
    return rows(data)


def rows(data):
    """Shares of each thread and the hottest symbols: {"threads": [(share, thread)], "symbols": [(share, thread, where, symbol)]}."""
    def table(fields):
        text = process.output([process.find("perf"), "report", "-i", data, "--stdio", "-q", "--no-children", "-g", "none",
                               "-F", "overhead," + fields, "-t", "|"], timeout=600)
        return [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.count("|") >= fields.count(",") + 1]

    return {"threads": table("comm")[:6], "symbols": table("comm,dso,symbol")[:ROWS]}
