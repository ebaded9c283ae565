#!/usr/bin/env python3
"""adapters/clients/python against the real server, also while answers are lost and the server is killed.

    python_client_test.py TOTE SEED
"""
import contextlib
import io
import itertools
import pathlib
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "adapters/clients/python"), str(ROOT / "tests/support")]
import tote  # noqa: E402
from lossy_line import LossyLine  # noqa: E402
from served import Served  # noqa: E402
from tote import Refused, Tote, Unknown  # noqa: E402

PROGRAM, SEED = sys.argv[1], int(sys.argv[2])


class PythonClient(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.server = Served(PROGRAM, self.directory.name)
        self.tote = Tote(f"http://127.0.0.1:{self.server.port}")

    def tearDown(self):
        self.tote.close()
        self.server.kill()
        self.directory.cleanup()

    def test_a_change_is_answered_and_its_repeat_is_the_same(self):
        self.assertEqual(self.tote.open_wallet("alice", "EUR").status, 201)
        first, again = (self.tote.credit("alice", 1_000, key="topup-1") for _ in range(2))
        self.assertEqual((first.body, first.lsn), (again.body, again.lsn))
        self.assertEqual((first.replayed, again.replayed), (False, True))
        self.assertEqual(self.tote.get("/v1/wallets/alice", min_lsn=first.lsn).body["balance"], 1_000)
        self.assertEqual(self.tote.outcome("topup-1").body, first.body)
        self.assertIsNone(self.tote.outcome("never"))

    def test_a_refusal_has_the_code_and_the_facts(self):
        self.tote.open_wallet("alice", "EUR")
        with self.assertRaises(Refused) as caught:
            self.tote.debit("alice", 5, key='a"key"with\\')
        no = caught.exception
        self.assertEqual((no.status, no.code, no.problem["available"]), (402, "insufficient_funds", 0))
        with self.assertRaises(Refused) as caught:
            self.tote.change("POST", "/v1/wallets/alice/credits", {"amount": 1}, if_version=7)
        self.assertEqual((caught.exception.code, caught.exception.problem["current_version"]), ("version_mismatch", 1))

    def test_a_transaction_is_all_or_nothing_and_a_batch_line_by_line(self):
        for wallet in ("alice", "bob"):
            self.tote.open_wallet(wallet, "EUR")
        self.tote.credit("alice", 10)
        with self.assertRaises(Refused):
            self.tote.transaction([{"wallet": "alice", "debit": 3}, {"wallet": "bob", "debit": 3}])
        self.tote.transfer("alice", "bob", 4)
        answers = self.tote.batch([{"post": f"/v1/wallets/{wallet}/debits", "body": {"amount": 5}} for wallet in ("alice", "bob")])
        self.assertEqual([answer["status"] for answer in answers], [200, 402])
        balances = [self.tote.get(f"/v1/wallets/{wallet}").body["balance"] for wallet in ("alice", "bob")]
        self.assertEqual(balances, [1, 4])

    def test_the_log_is_read_whole_and_followed_across_a_kill(self):
        self.tote.open_wallet("alice", "EUR")
        self.tote.batch({"post": "/v1/wallets/alice/credits", "body": {"amount": 1}} for _ in range(1_500))
        records = list(self.tote.log())
        self.assertEqual([lsn for lsn, _ in records], list(range(1, len(records) + 1)))
        self.assertGreater(len(records), 1_500)
        following = self.tote.follow(after=records[-2][0])
        self.assertEqual(next(following)[0], records[-1][0])
        self.server.kill()
        self.server.start()
        self.assertEqual(self.tote.credit("alice", 1).body["balance"], 1_501)
        self.assertEqual(next(following)[1]["changes"][0]["events"][0]["event"], "credited")
        following.close()

    def test_each_change_takes_effect_once_while_answers_are_lost_and_the_server_is_killed(self):
        self.tote.open_wallet("alice", "EUR")
        line = LossyLine(self.server.port, SEED)
        client = Tote(f"http://127.0.0.1:{line.port}", patience_s=60)
        threads, changes, failures = 4, 60, []
        done = itertools.count(1)
        halfway = threading.Event()

        def work(number):
            try:
                for i in range(changes):
                    client.credit("alice", 1, key=f"credit-{number}-{i}")
                    if next(done) == threads * changes // 2:
                        halfway.set()
            except Exception as failure:  # shown below
                failures.append(failure)
                halfway.set()
            client.close()

        workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
        for worker in workers:
            worker.start()
        halfway.wait()
        self.server.kill()
        self.server.start()
        for worker in workers:
            worker.join()
        line.listener.close()
        self.assertEqual(failures, [])
        self.assertGreater(line.lost, 10)
        self.assertEqual(self.tote.get("/v1/wallets/alice").body["balance"], threads * changes)

    def test_when_nobody_answers_the_key_is_told(self):
        self.tote.open_wallet("alice", "EUR")
        self.server.kill()
        impatient = Tote(f"http://127.0.0.1:{self.server.port}", patience_s=0.2)
        with self.assertRaises(Unknown) as caught:
            impatient.credit("alice", 1, key="topup-1")
        self.assertEqual(caught.exception.key, "topup-1")
        self.server.start()
        self.assertIsNone(self.tote.outcome(caught.exception.key))

    def test_the_example_at_its_head_prints_what_it_says(self):
        example = "".join(line[4:] for line in tote.__doc__.splitlines(True) if line.startswith("    "))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(example.replace("127.0.0.1:8080", f"127.0.0.1:{self.server.port}").replace("tote_…", "tote_1"), {})
        self.assertEqual(printed.getvalue(), "insufficient_funds 1000\n")

    def test_only_http_addresses_are_taken(self):
        for url in ("ftp://127.0.0.1", "127.0.0.1:8080", "http://"):
            with self.assertRaises(ValueError):
                Tote(url)


if __name__ == "__main__":
    print(f"seed {SEED}")
    unittest.main(argv=sys.argv[:1], verbosity=2)
