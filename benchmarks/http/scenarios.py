"""What is measured: each scenario is a table, each case of it a group of rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import idle
import load
from peers import BASELINE, DEFAULT_PEERS, HELLO_PEERS
from probe import HealthProbe
from proc import CpuWindow, resident_bytes
from servers import Server

HELLO_CONNECTIONS = 64
VICTIMS = 32
HTTP2_CONNECTIONS = 4
HTTP2_STREAMS = 32
HTTP2_CULPRITS = 8
ALONE = "alone"

# How long the victims of each disturbed measurement are alone right before it, in seconds.
UNDISTURBED = 3

# How long the culprits are at it before the victims start.
HEAD_START = 1

# How long the warm-up may echo, in its compilers above all, before idleness is measured.
REST = 5

# None where a peer has no such figure.
Metrics = dict[str, float | None]


def of_alone(metric: str) -> str:
    """The name of the same metric without culprits, of a measurement that holds both."""
    return f"{ALONE}: {metric}"


@dataclass(frozen=True)
class Settings:
    duration: float
    rate: int
    idle_duration: float
    idle_connections: int


@dataclass(frozen=True)
class Target:
    """A running server and the JDK it runs on, if it does."""

    server: Server
    jdk: Path | None
    # What a health probe asks for.
    health: str = "/"


@dataclass(frozen=True)
class Case:
    name: str
    # The metric whose ratios are shown.
    merit: str
    measure: Callable[[Target, Settings], Metrics]


@dataclass(frozen=True)
class Scenario:
    name: str
    columns: tuple[str, ...]
    cases: tuple[Case, ...]
    # Whether every turn needs a new process.
    fresh: bool = False
    http2: bool = False
    # Who takes part unless others are asked for, and whom they are compared with.
    peers: tuple[str, ...] = DEFAULT_PEERS
    baseline: str = BASELINE
    jvm_arguments: tuple[str, ...] = ()
    # How many files client and server each have to have open, sockets included.
    files: int = 0


def throughput(target: Target, settings: Settings) -> Metrics:
    server = target.server
    with CpuWindow(server.pid) as cpu:
        result = load.closed_loop(server.url(), HELLO_CONNECTIONS, settings.duration)
    return metrics_of(result, cpu)


def latency(target: Target, settings: Settings) -> Metrics:
    server = target.server
    with CpuWindow(server.pid) as cpu:
        result = load.open_loop(server.url(), HELLO_CONNECTIONS, settings.rate, settings.duration)
    return metrics_of(result, cpu)


def alone(target: Target, settings: Settings) -> Metrics:
    server = target.server
    with CpuWindow(server.pid) as cpu, HealthProbe(server.port, target.health) as health:
        result = load.closed_loop(server.url(), VICTIMS, settings.duration)
    return with_health(metrics_of(result, cpu), health)


def beside(culprits: int, path: str, name: str | None = None, *options: str) -> Case:
    """The victims' share while the culprits call a bad handler of the same server, and what they had just before."""

    def measure(target: Target, settings: Settings) -> Metrics:
        server = target.server
        # The probe asks here, too: what it takes is not the culprits' doing.
        with HealthProbe(server.port, target.health):
            before = load.closed_loop(server.url(), VICTIMS, min(UNDISTURBED, settings.duration))
        with CpuWindow(server.pid) as cpu, HealthProbe(server.port, target.health) as health:
            with load.background(server.url(path), culprits, HEAD_START + settings.duration + 1, *options) as bad:
                time.sleep(HEAD_START)
                result = load.closed_loop(server.url(), VICTIMS, settings.duration)
        metrics = metrics_of(result, cpu)
        # The window also holds the culprits' work.
        del metrics["rps/cpu-s"]
        metrics["errors"] += before.errors + bad.outcome.errors
        metrics |= {of_alone("rps"): before.rps, of_alone("p99 ms"): before.p99, "culprits rps": bad.outcome.rps}
        return with_health(metrics, health)

    return Case(f"{culprits} x {name or path}", "rps", measure)


def http2_throughput(target: Target, settings: Settings) -> Metrics:
    server = target.server
    with CpuWindow(server.pid) as cpu:
        result = load.http2(server.url(), HTTP2_CONNECTIONS, HTTP2_STREAMS, settings.duration)
    return metrics_of(result, cpu)


def siblings(name: str, culprits: int) -> Case:
    """What is left for the other streams of the same connections."""

    def measure(target: Target, settings: Settings) -> Metrics:
        server = target.server
        with CpuWindow(server.pid) as cpu:
            good, bad = load.siblings(target.jdk, server.url(), HTTP2_CONNECTIONS, HTTP2_STREAMS - HTTP2_CULPRITS,
                                      culprits, "/block?ms=100", settings.duration)
        metrics = metrics_of(good, cpu)
        metrics["errors"] += bad.errors
        return {**metrics, "culprits rps": bad.rps}

    return Case(name, "rps", measure)


def idle_cpu(target: Target, settings: Settings) -> Metrics:
    pid = target.server.pid
    time.sleep(REST)
    with CpuWindow(pid) as cpu:
        time.sleep(settings.idle_duration)
    return {"cpu ms/s": 1e3 * cpu.server / settings.idle_duration, "others": cpu.others, "errors": 0}


def idle_memory(target: Target, settings: Settings) -> Metrics:
    server, count = target.server, settings.idle_connections
    before = memory(target)
    with idle.connections(server.port, count) as sockets:
        after = memory(target)
        errors = idle.closed(sockets)
    kib = {metric: None if end is None else (end - before[metric]) / count / 1024 for metric, end in after.items()}
    return {**kib, "errors": errors}


def memory(target: Target) -> Metrics:
    pid = target.server.pid
    heap = idle.live_heap(target.jdk, pid) if target.jdk else None
    return {"heap KiB/conn": heap, "rss KiB/conn": resident_bytes(pid)}


def with_health(metrics: Metrics, health: HealthProbe) -> Metrics:
    return {**metrics, "health p99 ms": health.p99, "health failed": health.failures}


def metrics_of(result: load.Load, cpu: CpuWindow) -> Metrics:
    return {
        "rps": result.rps,
        "rps/cpu-s": result.requests / cpu.server if cpu.server else None,
        "p50 ms": result.p50,
        "p99 ms": result.p99,
        "errors": result.errors,
        "others": cpu.others,
    }


SCENARIOS = (
    Scenario("hello", ("rps", "rps/cpu-s", "p50 ms", "p99 ms"), (
        Case("throughput", "rps/cpu-s", throughput),
        Case("fixed rate", "p99 ms", latency),
    ), peers=HELLO_PEERS),
    Scenario("neighbour", ("rps", "p50 ms", "p99 ms", "culprits rps", "health p99 ms", "health failed"), (
        Case(ALONE, "rps", alone),
        *(beside(culprits, "/block?ms=100") for culprits in (4, 32, 256)),
        *(beside(culprits, "/burn?ms=20") for culprits in (2, 8)),
        beside(32, "/", "good and bad in turn", "-s", str(load.ALTERNATING)),
        beside(32, "/block?ms=100", "bad on new connections", "-H", "Connection: close"),
    )),
    Scenario("http2", ("rps", "rps/cpu-s", "p50 ms", "p99 ms", "culprits rps"), (
        Case("hello", "rps/cpu-s", http2_throughput),
        siblings(ALONE, 0),
        siblings(f"{HTTP2_CULPRITS} blocked per connection", HTTP2_CULPRITS),
    ), http2=True),
    Scenario("idle", ("cpu ms/s", "heap KiB/conn", "rss KiB/conn"), (
        Case("no load", "cpu ms/s", idle_cpu),
        Case("connections", "heap KiB/conn", idle_memory),
    ), fresh=True),
)
