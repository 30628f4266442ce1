"""Reads what the tools really printed."""

from __future__ import annotations

import unittest
from pathlib import Path

import parse
import trickle

FIXTURES = Path(__file__).parent / "fixtures"


def fixture(name: str) -> str:
    return (FIXTURES / f"{name}.txt").read_text()


class WrkTests(unittest.TestCase):

    def test_reads_requests_and_latencies(self) -> None:
        load = parse.wrk(fixture("wrk-clean"))
        self.assertEqual((load.requests, load.seconds, load.errors), (173415, 2.01, 0))
        self.assertAlmostEqual(load.p50, 0.514)
        self.assertAlmostEqual(load.p99, 1.78)
        self.assertAlmostEqual(load.rps, 86276, delta=1)

    def test_counts_timeouts_and_has_no_latency_without_samples(self) -> None:
        load = parse.wrk(fixture("wrk-timeouts"))
        self.assertEqual((load.requests, load.errors, load.p50, load.p99), (2, 2, None, None))

    def test_counts_bad_statuses(self) -> None:
        load = parse.wrk(fixture("wrk-non-2xx"))
        self.assertEqual((load.requests, load.errors), (531, 531))
        self.assertAlmostEqual(load.p99, 973.22)

    def test_says_what_it_could_not_read(self) -> None:
        with self.assertRaisesRegex(parse.UnreadableOutput, "Connection refused"):
            parse.wrk(fixture("wrk-refused"))


class CrowdTests(unittest.TestCase):

    def test_a_refusal_is_neither_an_answer_nor_an_error(self) -> None:
        crowd = parse.crowd(fixture("wrk-polite"))
        self.assertEqual((crowd.refused, crowd.load.errors), (173, 0))
        self.assertEqual(crowd.load.requests, sum(crowd.answered.values()))

    def test_counts_whole_seconds_only(self) -> None:
        crowd = parse.Crowd(parse.wrk(fixture("wrk-clean")), 0, {10: 1000, 11: 30, 13: 50, 14: 1000})
        self.assertEqual(crowd.rps(10.2, 14.9), 80 / 3)
        self.assertEqual(crowd.rps(11, 12), 30)
        self.assertIsNone(crowd.rps(11.2, 12.9))

    def test_says_what_it_could_not_read(self) -> None:
        with self.assertRaisesRegex(parse.UnreadableOutput, "requests in"):
            parse.crowd(fixture("wrk-clean"))


class UploadTests(unittest.TestCase):

    def test_a_good_answer_tells_how_much_arrived(self) -> None:
        answer = b'HTTP/1.1 200 OK\r\n\r\n{"bytes":30,"sha256":"00"}'
        self.assertTrue(trickle.is_good(answer, 30))
        self.assertFalse(trickle.is_good(answer, 3))
        self.assertFalse(trickle.is_good(b"HTTP/1.1 503 Service Unavailable\r\n\r\n", 30))
        self.assertFalse(trickle.is_good(b"", 30))


class H2loadTests(unittest.TestCase):

    def test_reads_requests_and_takes_latencies_from_the_log(self) -> None:
        log = "".join(f"17953349{n}\t200\t{n * 1000}\n" for n in range(1, 101))
        load = parse.h2load(fixture("h2load-clean"), log)
        self.assertEqual((load.requests, load.seconds, load.errors), (3000, 3.0, 0))
        self.assertEqual((load.p50, load.p99), (50, 99))

    def test_counts_what_was_not_answered(self) -> None:
        self.assertEqual(parse.h2load(fixture("h2load-killed"), "").errors, 1515)

    def test_reads_a_server_that_is_not_there(self) -> None:
        load = parse.h2load(fixture("h2load-refused"), "")
        self.assertEqual((load.requests, load.errors, load.p99), (0, 3000, None))

    def test_counts_bad_statuses_but_not_those_without_a_reason_phrase(self) -> None:
        log = "1\t200\t10\n2\t0\t10\n3\t503\t10\n4\t404\t10\n"
        self.assertEqual(parse.h2load(fixture("h2load-clean"), log).errors, 2)


class ClassHistogramTests(unittest.TestCase):

    def test_reads_the_total(self) -> None:
        self.assertEqual(parse.live_bytes(fixture("class-histogram")), 12404160)

    def test_says_what_it_could_not_read(self) -> None:
        with self.assertRaisesRegex(parse.UnreadableOutput, "No such process"):
            parse.live_bytes("4242:\nNo such process\n")


class PercentileTests(unittest.TestCase):

    def test_takes_the_nearest_rank(self) -> None:
        self.assertEqual(parse.percentile([1, 2, 3, 4], 50), 2)
        self.assertEqual(parse.percentile([1, 2, 3, 4], 99), 4)
        self.assertIsNone(parse.percentile([], 50))


class SiblingsTests(unittest.TestCase):

    def test_reads_both_kinds(self) -> None:
        good, bad = parse.siblings("siblings 1200 requests in 2000 ms, 1 errors, p50 0.50 ms, p99 12.25 ms\n"
                                   "others 0 requests in 2000 ms, 0 errors, p50 0.00 ms, p99 0.00 ms\n")
        self.assertEqual((good.rps, good.errors, good.p50, good.p99), (600, 1, 0.5, 12.25))
        self.assertEqual((bad.requests, bad.p99), (0, None))


class LeakTests(unittest.TestCase):

    def test_tells_what_nobody_used_after_the_encoder_from_the_rest(self) -> None:
        encoder = "\torg.springframework.http.codec.AbstractJacksonEncoder.encodeValue(AbstractJacksonEncoder.java:253)\n"
        channel = "\tio.netty.channel.epoll.AbstractEpollStreamChannel.writeBytes(AbstractEpollStreamChannel.java:1)\n"
        lost = f"LEAK: ByteBuf.release()\nRecent access records: \n#1:\n{encoder}Created at:\n{encoder}\n"
        ours = f"LEAK: ByteBuf.release()\nRecent access records: \n#1:\n{channel}#2:\n{encoder}Created at:\n{encoder}\n"
        self.assertEqual(parse.leaks("started\n"), (0, 0))
        self.assertEqual(parse.leaks(f"started\n{lost}{ours}{lost}ended\n"), (1, 2))


if __name__ == "__main__":
    unittest.main()
