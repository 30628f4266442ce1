"""The peers of a run: what builds is measured in turn, what fails is left out with the reason."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import load
from parse import UnreadableOutput
from peers import Peer, Unavailable, with_jvm_arguments
from report import Measurement
from scenarios import Case, Scenario, Settings, Target
from servers import Server, ServerFailure

# What ends a peer's part in a scenario, but not the run.
FAILURES = (ServerFailure, UnreadableOutput, subprocess.TimeoutExpired, OSError)

WARMUP_CONNECTIONS = 64

# Only a JVM has something to compile.
LONGEST_NATIVE_WARMUP = 2


def build(chosen: list[Peer]) -> tuple[dict[Peer, list[str]], dict[str, str]]:
    """The commands of those that could be built, and the reasons of those that could not."""
    commands, left_out = {}, {}
    for peer in chosen:
        say(f"building {peer.name}")
        try:
            commands[peer] = peer.build()
        except Unavailable as reason:
            left_out[peer.name] = str(reason)
    return commands, left_out


def suited(commands: dict[Peer, list[str]], scenario: Scenario) -> tuple[dict[Peer, list[str]], dict[str, str]]:
    """The commands of those that can take part in a scenario, and the reasons of those that cannot."""
    able = {peer: with_jvm_arguments(peer, [*command, *((peer.http2 or ()) if scenario.http2 else ())],
                                     scenario.jvm_arguments)
            for peer, command in commands.items() if peer.http2 is not None or not scenario.http2}
    return able, {peer.name: "has no HTTP/2" for peer in commands if peer not in able}


class Lineup:
    """The running servers of one scenario."""

    def __init__(self, commands: dict[Peer, list[str]], warmup: float, logs: Path):
        self.left_out: dict[str, str] = {}
        self._commands = commands
        self._warmup = warmup
        self._logs = logs
        self._servers: dict[Peer, Server] = {}

    def __enter__(self) -> Lineup:
        return self

    def __exit__(self, *_: object) -> None:
        for peer in list(self._servers):
            self._stop(peer)

    def measure(self, scenario: Scenario, settings: Settings, rounds: int, fresh: bool) -> Iterator[Measurement]:
        """In every round every case, in every case every peer, one after the other."""
        for number in range(rounds):
            for case in scenario.cases:
                for peer in self._commands:
                    if peer.name not in self.left_out:
                        say(f"{scenario.name}, round {number + 1} of {rounds}: {case.name}, {peer.name}")
                        yield from self._turn(scenario, case, peer, number, settings, fresh or scenario.fresh)

    def _turn(self, scenario: Scenario, case: Case, peer: Peer, number: int, settings: Settings,
              fresh: bool) -> Iterator[Measurement]:
        try:
            server = self._servers.get(peer) or self._start(peer)
            server.await_settled()
            metrics = case.measure(Target(server, peer.jdk, peer.health), settings)
            yield Measurement(scenario.name, case.name, peer.name, number, metrics)
        except FAILURES as failure:
            self.left_out[peer.name] = f"{case.name}: {failure}"
            self._stop(peer)
        finally:
            if fresh:
                self._stop(peer)

    def _start(self, peer: Peer) -> Server:
        server = self._servers[peer] = Server(self._commands[peer], self._logs / f"{peer.name}.log")
        server.await_ready()
        seconds = self._warmup if peer.jdk else min(LONGEST_NATIVE_WARMUP, self._warmup)
        if seconds:
            load.closed_loop(server.url(), WARMUP_CONNECTIONS, seconds)
        return server

    def _stop(self, peer: Peer) -> None:
        server = self._servers.pop(peer, None)
        if server:
            server.stop()


def say(progress: str) -> None:
    print(f"# {progress}", file=sys.stderr, flush=True)
