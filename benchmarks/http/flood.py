#!/usr/bin/env python3
"""
Asks a server for several times of what it can do, at a fixed rate that does not wait for answers, in three classes: critical
requests at a tenth of its capacity, whatever the others do, and normal and sheddable ones that share the rest of the flood.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import load
import peers
import proc
from parse import percentile
from probe import HealthProbe
from servers import Server

FACTORS = (1, 2, 5, 10)

# Of the capacity.
CRITICAL_SHARE = 0.1
CRITICAL_CONNECTIONS = 8
CONNECTIONS = 400
CAPACITY_CONNECTIONS = 32
CAPACITY_SECONDS = 5

# When the flood is over the server has as long to be as before; then it is looked at for a second.
RECOVERY = 1

HEADER = "X-Priority"
PRIORITY_HEADER = f"--loopline.web.admission.priority-header={HEADER}"
OK, OVERLOADED = 200, 503


@dataclass
class Outcome:
    """What one class of clients got: good answers, refusals, and all else that was sent."""

    good: int = 0
    refused: int = 0
    failed: int = 0
    p99: float | None = None


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--path", default="/burn?ms=5", help="what is asked for")
    parser.add_argument("--peers", default="loopline,webflux", help="with commas; see run.py")
    parser.add_argument("--factors", default=",".join(map(str, FACTORS)), help="of the capacity, with commas")
    parser.add_argument("--duration", type=int, default=8, help="seconds of each flood")
    parser.add_argument("--warmup", type=int, default=30, help="seconds, which a server must be up for longer than")
    parser.add_argument("--jdk", type=Path, default=peers.default_jdk())
    parser.add_argument("--jdk25", type=Path, default=peers.find_jdk(25))
    parser.add_argument("--demo-jar", type=Path, help="instead of building the demo application")
    parser.add_argument("--log", type=Path, default=Path("flood.log"), help="output of the servers")
    return parser.parse_args()


@contextlib.contextmanager
def flow(url: str, connections: int, rate: float, seconds: float, priority: str) -> Iterator[Outcome]:
    """Requests at a fixed rate, as far as there is a connection that does not wait. The outcome is complete when the block is left, which waits for the end."""
    outcome = Outcome()
    if rate < 1:
        yield outcome
        return
    connections = max(1, min(connections, round(rate)))
    # One connection starts after the other, so that they do not all send at the same time
    starts, period = max(1, round(rate / 1000)), max(1, round(1000 / rate))
    with tempfile.TemporaryDirectory() as directory:
        log = Path(directory, "requests.tsv")
        process = subprocess.Popen(
            ["h2load", "--h1", "-t1", f"-c{connections}", f"-n{round(rate * seconds)}", f"--rps={rate / connections}",
             f"--rate={starts}", f"--rate-period={period}ms", f"--connection-inactivity-timeout={load.ANSWER_TIMEOUT}s",
             f"-H{HEADER}: {priority}", f"--log-file={log}", url],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield outcome
            process.wait(timeout=seconds + load.GRACE)
        finally:
            process.kill()
            process.wait()
        count(log.read_text() if log.exists() else "", round(rate * seconds), seconds, outcome)


def count(log: str, sent: int, seconds: float, outcome: Outcome) -> None:
    """Answers that come after the flood are too late to be good ones."""
    entries = [tuple(map(int, line.split("\t"))) for line in log.splitlines()]
    end = min((start for start, _, _ in entries), default=0) + 1e6 * seconds
    millis = sorted(micros / 1e3 for start, status, micros in entries if status == OK and start + micros <= end)
    outcome.good = len(millis)
    outcome.refused = sum(status == OVERLOADED for _, status, _ in entries)
    outcome.failed = sent - outcome.good - outcome.refused
    outcome.p99 = percentile(millis, 99)


def flood(server: Server, health: str, url: str, capacity: float, factor: float, seconds: int) -> list[str]:
    """One flood and the time after it."""
    critical_rate = CRITICAL_SHARE * capacity
    other_rate = (factor * capacity - critical_rate) / 2
    with HealthProbe(server.port, health) as probe, \
            flow(url, CRITICAL_CONNECTIONS, critical_rate, seconds, "critical") as critical, \
            flow(url, CONNECTIONS, other_rate, seconds, "normal") as normal, \
            flow(url, CONNECTIONS, other_rate, seconds, "sheddable") as sheddable:
        pass
    with flow(url, CRITICAL_CONNECTIONS, critical_rate, RECOVERY, "normal"):
        pass
    after = load.closed_loop(url, CAPACITY_CONNECTIONS, 1)
    return [f"{(critical.good + normal.good + sheddable.good) / seconds:.0f}", each(critical), each(normal), each(sheddable),
            f"{number(probe.p99)} ms, {probe.failures}", f"{after.rps / capacity:.2f}"]


def each(outcome: Outcome) -> str:
    return f"{outcome.good}, {outcome.refused}, {outcome.failed}; {number(outcome.p99)} ms"


def number(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def measure(peer: peers.Peer, options: argparse.Namespace) -> None:
    configuration = [PRIORITY_HEADER] if peer.name == "loopline" else []
    server = Server([*peer.build(), *configuration], options.log)
    try:
        server.await_ready()
        url = server.url(options.path)
        load.closed_loop(server.url(), CAPACITY_CONNECTIONS, options.warmup / 2)
        load.closed_loop(url, CAPACITY_CONNECTIONS, options.warmup / 2)
        capacity = load.closed_loop(url, CAPACITY_CONNECTIONS, CAPACITY_SECONDS).rps
        with flow(url, CRITICAL_CONNECTIONS, CRITICAL_SHARE * capacity, CAPACITY_SECONDS, "critical") as alone:
            pass
        row(peer.name, f"{capacity:.0f}/s alone", "", each(alone), "", "", "", "")
        for factor in options.factors.split(","):
            row(peer.name, factor, *flood(server, peer.health, url, capacity, float(factor), options.duration))
            server.await_settled()
    finally:
        server.stop()


def main() -> None:
    options = arguments()
    if load.missing_tools():
        sys.exit(f"missing: {', '.join(load.missing_tools())}")
    proc.allow_files(4 * CONNECTIONS)
    tools = peers.Toolchain(options.jdk, options.jdk25, [], options.demo_jar)
    all_peers = {peer.name: peer for peer in peers.all_peers(tools, {})}
    print(f"{options.path}; of each class: good, refused, failed; p99 of the good ones\n")
    row("peer", "times its capacity", "good/s", "critical", "normal", "sheddable", "health p99, failed", "of capacity after")
    row(*["---"] * 8)
    for name in options.peers.split(","):
        measure(all_peers[name], options)


if __name__ == "__main__":
    main()
