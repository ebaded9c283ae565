#!/usr/bin/env python3
"""The checker of chaos.py finds what is forged: each rule of it, with a history that breaks that one alone."""
import copy
import json
import unittest

from checker import FOR_EVER, Checker, Operation, faults_between
from watcher import Watcher


def state(name, balance, version, lsn):
    return {"id": name, "currency": "EUR", "balance": balance, "version": version, "lsn": lsn}


def record(lsn, key, code, answer, *changes):
    told = [{"kind": "wallet", "entity": name, "version": version, "events": [{"event": event, "amount": amount}]} for name, version, event, amount in changes]
    return {"lsn": lsn, "key": key, "code": code, "changes": told, "answer": answer}


def operation(kind, wallets, amount, key, begun, ended, status, body, lsn, **more):
    return Operation(kind, wallets, amount, key, begun, ended, status, body, json.dumps(body).encode(), lsn, attempts=[(0, status, body.get("outcome", "executed"))], **more)


class History(unittest.TestCase):
    """Two wallets, a credit, a transfer, a refusal, and a read before and after the transfer."""

    def setUp(self):
        self.records = [
            record(1, "a", "created", state("alice", 0, 1, 1), ("alice", 1, "opened", 0)),
            record(2, "b", "created", state("bob", 0, 1, 2), ("bob", 1, "opened", 0)),
            record(3, "c", "ok", state("alice", 10, 2, 3), ("alice", 2, "credited", 10)),
            record(4, "t", "ok", {"from": state("alice", 7, 3, 4), "to": state("bob", 3, 2, 4), "lsn": 4}, ("alice", 3, "debited", 3), ("bob", 2, "credited", 3)),
            {"lsn": 5, "key": "d", "code": "insufficient_funds", "changes": []},
            {"lsn": 6, "changes": []},  # a new owner's claim
        ]
        no = {"code": "insufficient_funds", "outcome": "not_executed", "available": 7, "requested": 50}
        answers = [each.get("answer") for each in self.records]
        self.opened_alice = operation("open", ("alice",), 0, "a", 0, 10, 201, answers[0], 1)
        self.opened_bob = operation("open", ("bob",), 0, "b", 11, 20, 201, answers[1], 2)
        self.credited = operation("credit", ("alice",), 10, "c", 21, 30, 200, answers[2], 3)
        self.read_before = operation("read", ("alice",), 0, "", 31, 40, 200, state("alice", 10, 2, 3), 3)
        self.transferred = operation("transfer", ("alice", "bob"), 3, "t", 41, 50, 200, answers[3], 4)
        self.read_after = operation("read", ("bob",), 0, "", 51, 60, 200, state("bob", 3, 2, 4), 4)
        self.refused = operation("debit", ("alice",), 50, "d", 61, 70, 402, no, 5)

    def history(self):
        return [self.opened_alice, self.opened_bob, self.credited, self.read_before, self.transferred, self.read_after, self.refused]

    def found(self):
        return Checker(copy.deepcopy(self.history()), copy.deepcopy(self.records)).check()

    def expect(self, words):
        self.assertIn(words, " ".join(self.found()))

    def test_what_is_right_is_found_right(self):
        self.assertEqual(self.found(), [])

    def test_what_was_never_answered_may_be_there_or_not(self):
        for each in (self.transferred, self.refused):
            each.status, each.ended, each.attempts = 0, FOR_EVER, [(0, 0, "unknown")]
        self.records[4] = {"lsn": 5, "changes": []}
        self.assertEqual(self.found(), [])

    def test_at_once_means_in_any_order(self):
        self.read_before.begun, self.read_before.ended = 41, 60  # beside the transfer
        self.assertEqual(self.found(), [])

    def test_an_acknowledged_change_is_lost(self):
        self.records[4] = {"lsn": 5, "changes": []}
        self.expect("acknowledged, and not in the log")

    def test_a_change_is_executed_twice(self):
        self.records[5] = record(6, "c", "ok", state("alice", 17, 4, 6), ("alice", 4, "credited", 10))
        self.expect("executed twice")

    def test_a_change_that_nobody_asked_for(self):
        self.records[5] = record(6, "x", "ok", state("alice", 17, 4, 6), ("alice", 4, "credited", 10))
        self.expect("nobody asked with")

    def test_another_amount_is_executed(self):
        self.credited.amount = 9
        self.expect("LSN 3 has")

    def test_half_a_transfer(self):
        del self.records[3]["changes"][1]
        self.expect("LSN 4 has")

    def test_a_record_or_a_version_is_missing(self):
        self.records[2]["version"] = self.records[2]["changes"][0]["version"] = 3
        self.expect("goes from version 1 to 3")
        del self.records[4]
        self.expect("the log goes from LSN 4 to 6")

    def test_money_that_isn_t_there_is_spent(self):
        self.records[3]["changes"][0]["events"][0]["amount"] = 11
        self.expect("alice has -1")

    def test_an_answer_that_the_log_doesn_t_have(self):
        self.credited.body = state("alice", 11, 2, 3)
        self.expect("has another answer")

    def test_an_answer_that_the_log_has_and_that_is_wrong(self):
        self.credited.body = self.records[2]["answer"] = state("alice", 11, 2, 3)
        self.expect("isn't what the log makes of it")

    def test_an_answer_with_another_lsn(self):
        self.credited.lsn = 4
        self.expect("answered with LSN 4")

    def test_a_refusal_of_what_was_possible(self):
        self.refused.body["available"] = 60
        self.expect("refused for what isn't so")

    def test_a_success_of_what_was_refused(self):
        self.records[4]["code"] = "ok"
        self.expect("LSN 5 says ok")

    def test_not_executed_means_not_executed(self):
        self.transferred.status, self.transferred.ended, self.transferred.attempts = 0, FOR_EVER, [(1, 503, "not_executed")]
        self.expect("though every answer was that it wasn't")

    def test_a_repeat_gives_other_bytes_or_doesn_t_say_what_it_is(self):
        self.credited.again = [(200, self.credited.text, True)]
        self.assertEqual(self.found(), [])
        for again in ((200, b"{}", True), (200, self.credited.text, False), (409, self.credited.text, True)):
            self.credited.again = [again]
            self.expect("asked again it was")

    def test_a_first_answer_says_that_it_is_a_repeat(self):
        self.credited.replayed = True
        self.expect("the only time it was asked")

    def test_a_read_of_what_never_was(self):
        self.read_before.body["balance"] = 9
        self.expect("was read, and never was")

    def test_a_read_older_than_an_acknowledged_change(self):
        self.read_before.begun, self.read_before.ended = 51, 60  # after the transfer has ended
        self.expect("older than LSN 4")

    def test_a_read_older_than_what_another_client_has_read(self):
        self.transferred.ended = 100  # on its way still
        self.read_after.begun, self.read_after.ended = 42, 45
        self.read_before.begun, self.read_before.ended = 46, 48
        self.expect("older than LSN 4")

    def test_two_wallets_read_in_an_order_that_no_order_allows(self):
        """Each of them is right by its own wallet: bob has got what alice still has."""
        self.read_after.begun, self.read_after.ended = 42, 43
        self.read_before.begun, self.read_before.ended = 44, 45
        self.expect("older than LSN 4")

    def test_changes_in_another_order_than_the_clock_s(self):
        self.opened_bob.begun, self.opened_bob.ended = 31, 40  # LSN 2 after LSN 3 was answered
        self.expect("older than LSN 3")

    def test_an_unanswered_change_takes_effect_before_it_was_asked(self):
        self.transferred.status, self.transferred.ended, self.transferred.begun, self.transferred.attempts = 0, FOR_EVER, 71, [(0, 0, "unknown")]
        self.expect("older than LSN 5")

    def test_logs_differ_or_lack_what_is_acknowledged(self):
        one, two, three, other = '{"lsn": 1}', '{"lsn": 2}', '{"lsn": 3}', '{"lsn": 2, "x": 1}'
        self.assertEqual(faults_between([one, two], {"n1": [one, two, three], "n2": [one, two], "n3": [two]}, 2), [])
        self.assertIn("n2 has", faults_between([one, two], {"n1": [one, two], "n2": [one, other]}, 2)[0])
        self.assertIn("n2 has", faults_between([one, two], {"n1": [one, two], "n2": [other]}, 2)[0])
        self.assertIn("1 records from LSN 1 on, of the 2", faults_between([one, two], {"n1": [one, two], "n2": [one]}, 2)[0])
        self.assertIn("0 records", faults_between([one, two], {"n1": []}, 2)[0])
        self.assertIn("n1 has", faults_between([one, two, three], {"n1": [one, three]}, 3)[1])
        self.assertIn("1 records were read of the 2", faults_between([one], {"n1": [one, two]}, 2)[0])


class Watched(unittest.TestCase):
    """What the watcher takes of a page for the log's next records."""

    def setUp(self):
        self.watcher = Watcher([], {})

    def test_pages_overlap_by_a_record(self):
        self.assertIsNone(self.watcher.add(['{"lsn": 1}', '{"lsn": 2}']))
        self.assertIsNone(self.watcher.add(['{"lsn": 2}']))
        self.assertIsNone(self.watcher.add(['{"lsn": 2}', '{"lsn": 3}']))
        self.assertEqual(len(self.watcher.lines), 3)

    def test_what_was_read_has_changed(self):
        self.watcher.add(['{"lsn": 1}'])
        self.assertIn("has changed", self.watcher.add(['{"lsn": 1, "key": "x"}']))

    def test_a_record_is_missing(self):
        self.assertIn("from LSN 0 to 2", self.watcher.add(['{"lsn": 2}']))
        self.watcher.add(['{"lsn": 1}'])
        self.assertIn("from LSN 1 to 3", self.watcher.add(['{"lsn": 1}', '{"lsn": 3}']))


if __name__ == "__main__":
    unittest.main()
