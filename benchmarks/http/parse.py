"""Reads what wrk, h2load and jcmd print."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

_MILLIS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 60e3, "h": 3600e3}
_DURATION = r"([\d.]+)(us|ms|s|m|h)\b"


class UnreadableOutput(Exception):
    """A tool printed something else than a result."""


@dataclass(frozen=True)
class Load:
    """The outcome of one load: latencies in milliseconds, none when nothing was answered."""

    requests: int
    seconds: float
    errors: int
    p50: float | None
    p99: float | None

    @property
    def rps(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Crowd:
    """The outcome of a load that may be refused: 503 is no error of it, and no answer either."""

    load: Load
    refused: int
    # Good answers by the second of the clock.
    answered: dict[int, int]

    def rps(self, start: float, end: float) -> float | None:
        """Good answers per second in the whole seconds between two times of the clock, none if there is no such second."""
        first, last = math.ceil(start), math.floor(end)
        if last <= first:
            return None
        return sum(self.answered.get(second, 0) for second in range(first, last)) / (last - first)


def wrk(output: str) -> Load:
    """Reads the output of `wrk --latency`. Socket errors, timeouts and answers other than 2xx and 3xx are errors."""
    count, elapsed, unit = _find(r"(\d+) requests in " + _DURATION, output)
    sockets = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    errors = sum(map(int, sockets.groups())) if sockets else 0
    errors += int(refused.group(1)) if refused else 0
    return Load(int(count), _millis(elapsed, unit) / 1e3, errors, _wrk_percentile(50, output),
                _wrk_percentile(99, output))


def crowd(output: str) -> Crowd:
    """Reads the output of `wrk --latency` with clients/polite.lua."""
    load = wrk(output)
    refused = int(_find(r"(?m)^Refused: (\d+)$", output)[0])
    answered = _find(r"(?m)^Answered:(.*)$", output)[0].split()
    return Crowd(replace(load, requests=load.requests - refused, errors=load.errors - refused), refused,
                 {int(second): int(count) for second, _, count in (each.partition("=") for each in answered)})


def h2load(output: str, log: str) -> Load:
    """
    Reads the output of h2load and its per-request log. Requests that were not answered, and answers other than 2xx,
    are errors. h2load 1.52 logs status 0 for a status line without a reason phrase, as Tomcat sends it.
    """
    elapsed, unit = _find(r"finished in " + _DURATION, output)
    total, done = map(int, _find(r"requests: (\d+) total, \d+ started, (\d+) done", output))
    entries = [tuple(map(int, line.split("\t"))) for line in log.splitlines()]
    bad = sum(1 for _, status, _ in entries if status != 0 and not 200 <= status < 300)
    millis = sorted(micros / 1e3 for _, _, micros in entries)
    return Load(done, _millis(elapsed, unit) / 1e3, total - done + bad, percentile(millis, 50),
                percentile(millis, 99))


def siblings(output: str) -> tuple[Load, Load]:
    """Reads the output of clients/Siblings.java."""
    def one(name: str) -> Load:
        done, millis, errors, p50, p99 = _find(
            name + r" (\d+) requests in (\d+) ms, (\d+) errors, p50 ([\d.]+) ms, p99 ([\d.]+) ms", output)
        known = int(done) > 0
        return Load(int(done), int(millis) / 1e3, int(errors), float(p50) if known else None,
                    float(p99) if known else None)

    return one("siblings"), one("others")


def live_bytes(histogram: str) -> int:
    """Reads the total of `jcmd GC.class_histogram`."""
    return int(_find(r"(?m)^Total\s+\d+\s+(\d+)", histogram)[0])


def leaks(log: str) -> tuple[int, int]:
    """How many buffers leaked, without those that nobody used after the JSON encoder, and how many such ones: stock WebFlux
    loses them as well when a client goes away (spring-framework issue 36438)."""
    lasts = [re.split(r"#2:|Created at:", report)[0] for report in log.split("LEAK:")[1:]]
    known = sum("AbstractJacksonEncoder.encodeValue" in last for last in lasts)
    return len(lasts) - known, known


def percentile(ordered: list[float], rank: float) -> float | None:
    """The nearest-rank percentile of values in ascending order."""
    if not ordered:
        return None
    return ordered[math.ceil(len(ordered) * rank / 100) - 1]


def _wrk_percentile(rank: int, output: str) -> float | None:
    millis = _millis(*_find(rf"(?m)^\s+{rank}%\s+" + _DURATION, output))
    # wrk prints 0 when it has no sample.
    return millis or None


def _find(pattern: str, output: str) -> tuple[str, ...]:
    match = re.search(pattern, output)
    if not match:
        raise UnreadableOutput(output.strip()[-300:] or "no output")
    return match.groups()


def _millis(value: str, unit: str) -> float:
    return float(value) * _MILLIS[unit]
