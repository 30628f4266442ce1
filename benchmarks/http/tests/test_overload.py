"""What is made of what was measured, and who is measured with what."""

from __future__ import annotations

import os
import unittest
from argparse import Namespace
from pathlib import Path

import lineup
import overload
import parse
import proc
import run
from peers import HEAP, Peer
from probe import ThreadWatch

JVM = Peer("jvm", lambda: [], Path("/jdk"))
NATIVE = Peer("native", lambda: [])
COMMANDS = {JVM: ["/jdk/bin/java", HEAP, "-Xlog:disable", "-jar", "a.jar"], NATIVE: ["native", "{port}"]}


class CulpritsTests(unittest.TestCase):

    def test_their_share_is_of_what_physics_allow(self) -> None:
        outcome = parse.Crowd(parse.Load(0, 0, 0, None, None), 7, {10: 80, 11: 100})
        metrics = overload.culprits_metrics(outcome, 10, 12, 100)
        self.assertEqual(metrics, {"culprits rps": 90, "of physics": 0.9, "refused": 7})

    def test_too_short_a_time_has_no_share(self) -> None:
        outcome = parse.Crowd(parse.Load(0, 0, 0, None, None), 0, {})
        self.assertIsNone(overload.culprits_metrics(outcome, 10.1, 10.9, 100)["of physics"])


class GrowthTests(unittest.TestCase):

    def test_is_per_unit(self) -> None:
        self.assertEqual(overload.growth(1000, 5096, 1024), 4)
        self.assertIsNone(overload.growth(1000, None, 1024))


class ThreadsTests(unittest.TestCase):

    def test_a_watch_counts_itself_and_is_gone_at_the_end(self) -> None:
        before = proc.threads(os.getpid())
        with ThreadWatch(os.getpid()):
            self.assertEqual(proc.threads(os.getpid()), before + 1)
        self.assertIsNotNone(overload.seconds_until(os.getpid(), before))


class SuitedTests(unittest.TestCase):

    def test_only_a_jvm_has_the_arguments_of_the_scenario_and_the_users_go_last(self) -> None:
        crowd, _ = overload.scenarios()
        able, unable = lineup.suited(COMMANDS, crowd)
        self.assertEqual(able[JVM], ["/jdk/bin/java", HEAP, *overload.JVM_ARGUMENTS, "-Xlog:disable", "-jar", "a.jar"])
        self.assertEqual((able[NATIVE], unable), (COMMANDS[NATIVE], {}))


class ChoiceTests(unittest.TestCase):

    def test_sizes_and_words_choose_cases(self) -> None:
        crowd, _ = overload.scenarios([5])
        self.assertEqual(self.names(crowd, "ms=1000"), ["5 x /block?ms=1000"])
        self.assertEqual(self.names(crowd, "burn,256"), ["256 x /block?ms=100", "2 x /burn?ms=20", "8 x /burn?ms=20",
                                                         "64 x /burn?ms=20"])
        self.assertEqual(len(self.names(crowd, "")), 6)

    def test_a_scenario_has_its_peers_unless_others_are_asked_for(self) -> None:
        crowd, _ = overload.scenarios()
        self.assertEqual(run.taken(crowd, Namespace(peers=None, cases=""), ("more",)).peers, (*crowd.peers, "more"))
        self.assertEqual(run.taken(crowd, Namespace(peers="hyper", cases=""), ()).peers, ("hyper",))

    def names(self, scenario: run.Scenario, words: str) -> list[str]:
        return [case.name for case in run.taken(scenario, Namespace(peers=None, cases=words), ()).cases]


if __name__ == "__main__":
    unittest.main()
