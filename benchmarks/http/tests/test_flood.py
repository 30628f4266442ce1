"""Tests of flood.py."""

import unittest

import flood


class CountTests(unittest.TestCase):

    def test_tells_good_from_refused_and_failed(self) -> None:
        log = "1\t200\t5000\n2\t503\t100\n3\t200\t7000\n4\t500\t100\n5\t200\t2000000\n"
        outcome = flood.Outcome()
        flood.count(log, 7, 1, outcome)
        self.assertEqual(outcome, flood.Outcome(good=2, refused=1, failed=4, p99=7.0))

    def test_nothing_was_answered(self) -> None:
        outcome = flood.Outcome()
        flood.count("", 2, 1, outcome)
        self.assertEqual(outcome, flood.Outcome(failed=2))


if __name__ == "__main__":
    unittest.main()
