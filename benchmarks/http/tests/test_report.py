"""Medians, ratios within a round, and the mark of a row with errors."""

from __future__ import annotations

import unittest

import report
from peers import BASELINE
from report import Measurement, Spread
from scenarios import ALONE, Case, Metrics, Scenario, of_alone


def case(name: str) -> Case:
    return Case(name, "rps", lambda target, settings: {})


SCENARIO = Scenario("neighbour", ("rps",), (case(ALONE), case("bad")))


def measurement(name: str, peer: str, number: int, rps: float | None, errors: int = 0) -> Measurement:
    metrics: Metrics = {"rps": rps, "errors": errors}
    return Measurement("neighbour", name, peer, number, metrics)


class RowsTests(unittest.TestCase):

    def test_takes_ratios_within_a_round(self) -> None:
        bad, = self.rows_of("loopline", [
            measurement(ALONE, "loopline", 0, 100), measurement("bad", BASELINE, 0, 10),
            measurement("bad", "loopline", 0, 50),
            measurement(ALONE, "loopline", 1, 1000), measurement("bad", BASELINE, 1, 100),
            measurement("bad", "loopline", 1, 700)])
        self.assertEqual(bad.metrics["rps"], Spread(375, 50, 700))
        self.assertEqual(bad.to_baseline, Spread(6, 5, 7))
        self.assertEqual(bad.rps_to_alone, Spread(0.6, 0.5, 0.7))

    def test_prefers_what_was_measured_right_before(self) -> None:
        paired: Metrics = {"rps": 50, "p99 ms": 6, "errors": 0, of_alone("rps"): 40, of_alone("p99 ms"): 3}
        bad, = self.rows_of("loopline", [measurement(ALONE, "loopline", 0, 10),
                                         Measurement("neighbour", "bad", "loopline", 0, paired)])
        self.assertEqual(bad.rps_to_alone, Spread(1.25, 1.25, 1.25))
        self.assertEqual(bad.p99_to_alone, Spread(2, 2, 2))
        self.assertIn("| rps vs alone | p99 vs alone |", report.table(SCENARIO, [bad]))

    def test_compares_with_the_baseline_of_the_scenario(self) -> None:
        scenario = Scenario("neighbour", ("rps",), (case("bad"),), baseline="rival")
        row = report.rows(scenario, [measurement("bad", BASELINE, 0, 10), measurement("bad", "rival", 0, 100),
                                     measurement("bad", "loopline", 0, 50)])[-1]
        self.assertEqual(row.to_baseline, Spread(0.5, 0.5, 0.5))
        self.assertIn("| vs rival ", report.table(scenario, [row]))

    def test_has_no_column_for_what_nobody_measured(self) -> None:
        bad, = self.rows_of("loopline", [measurement("bad", "loopline", 0, 50)])
        self.assertNotIn("vs alone", report.table(SCENARIO, [bad]))

    def test_has_no_ratio_to_nothing(self) -> None:
        bad, = self.rows_of("loopline", [measurement("bad", BASELINE, 0, 0), measurement("bad", "loopline", 0, 50)])
        self.assertIsNone(bad.to_baseline)
        self.assertIsNone(bad.rps_to_alone)

    def test_sums_and_marks_errors(self) -> None:
        measurements = [measurement("bad", "loopline", 0, 5, 1), measurement("bad", "loopline", 1, 5, 2)]
        bad, = self.rows_of("loopline", measurements)
        self.assertEqual(bad.errors, 3)
        self.assertIn("| !! 3", report.table(SCENARIO, [bad]))

    def rows_of(self, peer: str, measurements: list[Measurement]) -> list[report.Row]:
        return [row for row in report.rows(SCENARIO, measurements) if (row.case, row.peer) == ("bad", peer)]


class SpreadTests(unittest.TestCase):

    def test_ignores_what_is_not_known(self) -> None:
        self.assertEqual(report.spread([None, 3, 1, 2]), Spread(2, 1, 3))
        self.assertIsNone(report.spread([None]))

    def test_prints_few_digits(self) -> None:
        self.assertEqual(str(Spread(18.24, 0.123, 31800.4)), "18.2 (0.12..31800)")
        self.assertEqual(str(Spread(2, 2, 2)), "2.00")


if __name__ == "__main__":
    unittest.main()
