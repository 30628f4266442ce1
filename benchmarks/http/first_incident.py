#!/usr/bin/env python3
"""
The first handlers that block in the life of a server which has only been asked for Hello World, however long. What is needed
then has never run before: it is interpreted, and what was compiled on the assumption that it never happens is thrown away.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import load
import peers
import proc
from servers import Server

VICTIMS = 32
BUCKET = 2
UNDISTURBED_BUCKETS = 3

# What the first bucket and those from the fourth second on are to keep of undisturbed, and the most that p99 may be.
FIRST, LATER, P99 = 0.7, 0.85, 25.0
LATER_FROM = 4 // BUCKET


@dataclass(frozen=True)
class Sample:
    """One life of a server: its victims' rate before, and what they kept and waited in each bucket of the incident."""

    undisturbed: float
    undisturbed_p99: float
    kept: list[float]
    p99: list[float]
    cores: list[float]
    culprits: float
    errors: int


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--samples", type=int, default=10, help="servers, one after the other")
    parser.add_argument("--before", type=int, default=40, help="seconds of Hello World")
    parser.add_argument("--duration", type=int, default=10, help="seconds of the incident")
    parser.add_argument("--culprits", type=int, default=32, help="connections that call the bad handler")
    parser.add_argument("--path", default="/block?ms=100", help="the bad handler")
    parser.add_argument("--jdk", type=Path, default=peers.default_jdk())
    parser.add_argument("--jvm-args", type=str.split, default=[], help="for the JVM")
    parser.add_argument("--demo-jar", type=Path, help="instead of building the demo application")
    parser.add_argument("--demo-args", type=str.split, default=[], help="for the demo application")
    parser.add_argument("--log", type=Path, default=Path("first_incident.log"), help="output of the demo application")
    return parser.parse_args()


def buckets(server: Server, count: int) -> tuple[list[load.Load], list[float]]:
    """Loads the innocent handler bucket by bucket, and tells how many cores the server used in each."""
    loads, cores = [], []
    for _ in range(count):
        with proc.CpuWindow(server.pid) as window:
            loads.append(load.closed_loop(server.url(), VICTIMS, BUCKET))
        cores.append(window.server / BUCKET)
    return loads, cores


def sample(command: list[str], options: argparse.Namespace) -> Sample:
    server = Server(command, options.log)
    try:
        server.await_ready()
        load.closed_loop(server.url(), VICTIMS, options.before - UNDISTURBED_BUCKETS * BUCKET)
        before, _ = buckets(server, UNDISTURBED_BUCKETS)
        with load.background(server.url(options.path), options.culprits, options.duration) as beside:
            during, cores = buckets(server, options.duration // BUCKET)
    finally:
        server.stop()
    undisturbed = statistics.median(each.rps for each in before)
    return Sample(undisturbed, statistics.median(each.p99 or 0.0 for each in before),
                  [each.rps / undisturbed for each in during], [each.p99 or float("inf") for each in during], cores,
                  beside.outcome.rps, sum(each.errors for each in [*before, *during, beside.outcome]))


def spread(values: list[float], form: str) -> str:
    return (f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})")


def table(samples: list[Sample]) -> str:
    def row(name: str, *cells: str) -> str:
        return f"| {name} | {' | '.join(cells)} |"

    def figures(of: Callable[[Sample], list[float]], form: str) -> list[str]:
        return [spread(list(values), form) for values in zip(*map(of, samples))]

    count = len(samples[0].kept)
    return "\n".join([
        row("seconds", *(f"{i * BUCKET} to {(i + 1) * BUCKET}" for i in range(count))),
        "|---" * (count + 1) + "|",
        row("kept", *figures(lambda each: each.kept, ".2f")),
        row("p99 ms", *figures(lambda each: each.p99, ".1f")),
        row("cores", *figures(lambda each: each.cores, ".2f")),
    ])


def is_good(samples: list[Sample]) -> bool:
    kept = [statistics.median(values) for values in zip(*(each.kept for each in samples))]
    p99 = [statistics.median(values) for values in zip(*(each.p99 for each in samples))]
    return kept[0] >= FIRST and min(kept[LATER_FROM:], default=1) >= LATER and max(p99) < P99


def main() -> None:
    options = arguments()
    jar = options.demo_jar or peers.build_demo(peers.Toolchain(options.jdk, None, [], None))
    command = [str(options.jdk / "bin/java"), peers.HEAP, *options.jvm_args, "-jar", str(jar), *peers.spring_arguments(),
               *options.demo_args]
    samples = []
    for i in range(options.samples):
        samples.append(sample(command, options))
        last = samples[-1]
        print(f"{i + 1}: {last.undisturbed:.0f}/s, p99 {last.undisturbed_p99:.1f} ms; kept "
              f"{' '.join(f'{kept:.2f}' for kept in last.kept)}; p99 {' '.join(f'{p99:.0f}' for p99 in last.p99)} ms; "
              f"culprits {last.culprits:.0f}/s; {last.errors} errors", flush=True)
    print(f"\nUndisturbed {spread([each.undisturbed for each in samples], '.0f')} requests/s, "
          f"p99 {spread([each.undisturbed_p99 for each in samples], '.1f')} ms; "
          f"culprits {spread([each.culprits for each in samples], '.0f')} requests/s\n\n{table(samples)}")
    sys.exit(not is_good(samples) or any(each.errors for each in samples))


if __name__ == "__main__":
    main()
