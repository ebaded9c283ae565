#!/usr/bin/env python3
"""adapters/clients/typescript: its types are those of the server, it compiles, and it does what it says.

    typescript_client_test.py TOTE SEED
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLIENT = ROOT / "adapters/clients/typescript"
sys.path[:0] = [str(CLIENT), str(ROOT / "tests/support")]
from lossy_line import LossyLine  # noqa: E402
from make_types import shapes_of  # noqa: E402
from served import Served, free_port  # noqa: E402

PROGRAM, SEED = sys.argv[1], int(sys.argv[2])
STRICT = ["--strict", "--noUnusedLocals", "--target", "es2022", "--module", "es2022", "--moduleResolution", "node",
          "--lib", "es2022,dom,dom.iterable"]


def compiled(source, to):
    done = subprocess.run(["tsc", *STRICT, "--rootDir", str(ROOT), "--outDir", str(to), str(source)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stdout)


class TypeScriptClient(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.to = pathlib.Path(self.directory.name, "compiled")
        self.to.mkdir()
        (self.to / "package.json").write_text('{"type": "module"}')
        self.server = Served(PROGRAM, self.directory.name)

    def tearDown(self):
        self.server.kill()
        self.directory.cleanup()

    def test_its_types_are_made_of_what_this_server_says_of_itself(self):
        _, digest = shapes_of(self.server.url)
        head = (CLIENT / "openapi.ts").read_text().splitlines()[0]
        self.assertEqual(re.search("[0-9a-f]{64}", head)[0], digest,
                         "openapi.ts is stale: make_types.py makes it anew")

    def test_it_does_what_it_says_while_answers_are_lost_and_the_server_is_killed(self):
        compiled(ROOT / "tests/clients/typescript/client_test.ts", self.to)
        line = LossyLine(self.server.port, SEED)
        node = subprocess.Popen(
            ["node", self.to / "tests/clients/typescript/client_test.js", self.server.url,
             f"http://127.0.0.1:{line.port}", f"http://127.0.0.1:{free_port()}"], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        said = []
        for text in node.stdout:
            said.append(text)
            if text == "half\n":
                self.server.kill()
                self.server.start()
        node.stdout.close()
        line.listener.close()
        self.assertEqual(node.wait(), 0, "".join(said))
        self.assertGreater(line.lost, 10)
        self.assertIn("half\n", said)

    def test_the_example_at_its_head_prints_what_it_says(self):
        text = (CLIENT / "tote.ts").read_text().split("import type")[0]
        example = "\n".join(line[7:] for line in text.splitlines() if line.startswith("//     "))
        example = example.replace("http://127.0.0.1:8080", self.server.url).replace("tote_…", "tote_1")
        source = self.to / "example.ts"
        source.write_text(example.replace('"./tote.js"', f'"{CLIENT}/tote.js"'))
        done = subprocess.run(["tsc", *STRICT, "--noEmit", str(source)], stdout=subprocess.PIPE, text=True)
        self.assertEqual(done.stdout, "")
        compiled(CLIENT / "tote.ts", self.to)
        (self.to / "example.js").write_text(example.replace("./tote.js", "./adapters/clients/typescript/tote.js"))
        done = subprocess.run(["node", self.to / "example.js"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.stdout, "insufficient_funds 1000\n")


if __name__ == "__main__":
    print(f"seed {SEED}")
    unittest.main(argv=sys.argv[:1], verbosity=2)
