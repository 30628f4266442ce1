#!/usr/bin/env python3
"""Loads Loopline and its peers over HTTP on loopback, in turn, and prints one table per scenario."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import signal
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import lineup
import load
import overload
import peers
import proc
import report
from scenarios import SCENARIOS, Scenario, Settings


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    names = ", ".join(scenario.name for scenario in (*SCENARIOS, *overload.scenarios()))
    parser.add_argument("--scenario", default="hello", help=f"of {names}; several with commas")
    parser.add_argument("--peers", help="in this order, instead of those of the scenario")
    parser.add_argument("--cases", default="", metavar="WORDS",
                        help="only cases whose name has one of these words, with commas between them")
    parser.add_argument("--sizes", type=integers, default=",".join(map(str, overload.SIZES)),
                        help="how many connections block for a second, in scenario crowd")
    parser.add_argument("--variant", action="append", default=[], metavar="NAME=ARGS",
                        help="one more peer: the demo with these arguments")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--duration", type=int, default=10, help="seconds per measurement")
    parser.add_argument("--warmup", type=int, default=30, help="seconds per JVM, at most 2 for others")
    parser.add_argument("--rate", type=int, default=2000, help="requests per second of the fixed-rate case")
    parser.add_argument("--idle-duration", type=int, default=20, help="seconds without load")
    parser.add_argument("--idle-connections", type=int, default=2000)
    parser.add_argument("--fresh", action="store_true", help="a new process for every single measurement")
    parser.add_argument("--jdk", type=Path, default=peers.default_jdk(), help="home of the JDK of the demo")
    parser.add_argument("--jdk25", type=Path, default=peers.find_jdk(25), help="home of the JDK of Spring MVC")
    parser.add_argument("--jvm-args", default="", metavar="ARGS",
                        help=f"for every JVM, besides {peers.HEAP}; write --jvm-args='-X...'")
    parser.add_argument("--demo-jar", type=Path, help="instead of building the demo application")
    parser.add_argument("--out", type=Path, default=peers.HERE / "results", help="folder of JSON files and logs")
    return parser.parse_args()


def integers(words: str) -> list[int]:
    return [int(word) for word in words.split(",")]


def choose(options: argparse.Namespace) -> tuple[list[Scenario], list[peers.Peer]]:
    tools = peers.Toolchain(options.jdk, options.jdk25, shlex.split(options.jvm_args), options.demo_jar)
    variants = {name: shlex.split(added) for name, _, added in (each.partition("=") for each in options.variant)}
    known_peers = {peer.name: peer for peer in peers.all_peers(tools, variants)}
    known_scenarios = {scenario.name: scenario for scenario in (*SCENARIOS, *overload.scenarios(options.sizes))}
    try:
        scenarios = [taken(known_scenarios[name], options, tuple(variants)) for name in options.scenario.split(",")]
        names = dict.fromkeys(name for scenario in scenarios for name in scenario.peers)
        return scenarios, [known_peers[name] for name in names]
    except KeyError as unknown:
        sys.exit(f"unknown: {unknown}")


def taken(scenario: Scenario, options: argparse.Namespace, variants: tuple[str, ...]) -> Scenario:
    """What is asked for of a scenario."""
    peers_of_it = tuple(options.peers.split(",")) if options.peers else scenario.peers
    words = options.cases.split(",")
    return replace(scenario, peers=tuple(dict.fromkeys(peers_of_it + variants)),
                   cases=tuple(case for case in scenario.cases if any(word in case.name for word in words)))


def main() -> None:
    options = arguments()
    scenarios, chosen = choose(options)
    if missing := load.missing_tools():
        sys.exit(f"not installed: {', '.join(missing)}")
    # Servers have the limits of this process
    proc.allow_files(max(scenario.files for scenario in scenarios))
    for ending in (signal.SIGTERM, signal.SIGHUP):
        # Leaves every `with` on the way out, which ends the children.
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    started = time.strftime("%Y%m%d-%H%M%S")
    commands, left_out = lineup.build(chosen)
    result = {
        "started": started,
        "machine": {"cpus": os.cpu_count(), "system": platform.platform()},
        "options": {name: str(value) for name, value in vars(options).items()},
        "commands": {peer.name: command for peer, command in commands.items()},
        "left out": left_out,
        "summary": {},
        "measurements": [],
    }
    settings = Settings(options.duration, options.rate, options.idle_duration, options.idle_connections)
    for scenario in scenarios:
        asked = {peer: command for peer, command in commands.items() if peer.name in scenario.peers}
        able, unable = lineup.suited(asked, scenario)
        with lineup.Lineup(able, options.warmup, out) as running:
            measurements = list(running.measure(scenario, settings, options.rounds, options.fresh))
        rows = report.rows(scenario, measurements)
        print(f"\n{scenario.name}\n\n{report.table(scenario, rows)}\n", flush=True)
        left_out |= {f"{peer} ({scenario.name})": reason for peer, reason in (unable | running.left_out).items()}
        result["summary"][scenario.name] = report.as_json(rows)
        result["measurements"] += [asdict(measurement) for measurement in measurements]
        # After every scenario, so that ending a long run early loses little.
        (out / f"{started}.json").write_text(json.dumps(result, indent=2) + "\n")
    for peer, reason in left_out.items():
        print(f"left out: {peer}: {reason}")
    print(f"written: {out / started}.json")


if __name__ == "__main__":
    main()
