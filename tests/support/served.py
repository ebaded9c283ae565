"""`tote serve` as a child of a test, on a port that stays the same when it is started again."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
from peers.process import free_port  # noqa: E402


class Served:
    """In `directory`, with its data in `data` there; `more`: further arguments of `tote serve`."""

    def __init__(self, program, directory, *more):
        self.directory, self.port = pathlib.Path(directory), free_port()
        self.said = self.directory / "served.log"
        self.command = [pathlib.Path(program).resolve(), "serve", "--data", "data", "--listen", f"127.0.0.1:{self.port}", *more]
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        with open(self.said, "w", encoding="utf-8") as said:
            self.process = subprocess.Popen(self.command, cwd=self.directory, stdout=subprocess.PIPE, stderr=said, text=True)
        for line in self.process.stdout:
            if line.startswith("READY"):
                return
        raise RuntimeError(f"the server ended: {self.process.wait()}, {self.said.read_text(encoding='utf-8')[-2000:]}")

    def stop(self):
        self.process.terminate()
        self.ended()

    def kill(self):
        self.process.kill()
        self.ended()

    def ended(self):
        self.process.wait()
        self.process.stdout.close()
