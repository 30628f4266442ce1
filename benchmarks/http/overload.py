"""As many as come: what a crowd of bad requests, or of slow uploads, costs the others and the server."""

from __future__ import annotations

import os
import time
from collections.abc import Collection

import idle
import load
import proc
import trickle
from parse import Crowd
from peers import BASELINE, VIRTUAL_THREADS_BASELINE
from probe import HealthProbe, ThreadWatch
from proc import CpuWindow
from scenarios import REST, UNDISTURBED, VICTIMS, Case, Metrics, Scenario, Settings, Target
from scenarios import metrics_of, of_alone, with_health

SIZES = (100, 600, 2000, 10_000)
UPLOADS = 2000

# How long a crowd may take to arrive and to be known before the victims start, and how long to look at it, in seconds.
HEAD_START = 3
LONGEST_LOOK = 30

# How long the server may take to be as it was, and how many threads that the JVM itself may have started since.
LONGEST_WAY_BACK = 15
MORE_THREADS = 4

# What a process has open besides those connections.
MORE_FILES = 1000

MIB = 1 << 20

# 10 000 stacks fit in. The heap's pages are there from the beginning: all that the process grows by is outside of it.
JVM_ARGUMENTS = ("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch")


def crowd(culprits: int, path: str, possible: float, blocks: bool) -> Case:
    """`possible` is how many answers per second physics allow the culprits."""

    def measure(target: Target, settings: Settings) -> Metrics:
        server = target.server
        memory_before = held(target) if blocks else None
        with HealthProbe(server.port, target.health):
            before = load.closed_loop(server.url(), VICTIMS, min(UNDISTURBED, settings.duration))
        threads_before = proc.threads(server.pid)
        longest = HEAD_START + settings.duration + LONGEST_LOOK
        with CpuWindow(server.pid) as cpu, load.crowd(server.url(path), culprits, longest) as bad:
            time.sleep(HEAD_START)
            with ThreadWatch(server.pid) as threads, HealthProbe(server.port, target.health) as health:
                start = time.time()
                result = load.closed_loop(server.url(), VICTIMS, settings.duration)
                end = time.time()
            resident = proc.resident_bytes(server.pid)
            memory_beside = held(target) if blocks else None
            if not bad.is_there():
                # Nobody has measured what it takes
                memory_beside = None
        back = seconds_until(server.pid, threads_before + MORE_THREADS)
        memory_after = held(target) if blocks else None
        metrics = metrics_of(result, cpu)
        # The window also holds the culprits' work.
        del metrics["rps/cpu-s"]
        metrics["errors"] += before.errors + bad.outcome.load.errors
        return with_health({
            **metrics,
            of_alone("rps"): before.rps, of_alone("p99 ms"): before.p99,
            **culprits_metrics(bad.outcome, start, end, possible),
            "threads": threads.most, "RSS MiB": resident / MIB,
            "KiB/blocked": growth(memory_before, memory_beside, 1024 * culprits),
            "back s": back, "left MiB": growth(memory_before, memory_after, MIB),
        }, health)

    return Case(f"{culprits} x {path}", "rps", measure)


def uploads(count: int) -> Case:
    """As many uploads of a byte per second at once, to a handler that waits for none of them."""

    def measure(target: Target, settings: Settings) -> Metrics:
        server = target.server
        time.sleep(REST)
        threads_before, memory_before = proc.threads(server.pid), held(target)
        with ThreadWatch(server.pid) as threads, HealthProbe(server.port, target.health) as health, \
                trickle.uploads(server.port, count, max(1, round(settings.duration))) as under_way:
            under_way.trickle()
            memory_beside = held(target)
        seconds_until(server.pid, threads_before)
        return with_health({
            "threads before": threads_before, "threads": threads.most, "threads after": proc.threads(server.pid),
            "KiB/upload": growth(memory_before, memory_beside, 1024 * count),
            "errors": under_way.errors, "others": None,
        }, health)

    return Case(f"{count} uploads", "threads", measure)


def culprits_metrics(outcome: Crowd, start: float, end: float, possible: float) -> Metrics:
    rps = outcome.rps(start, end)
    return {"culprits rps": rps, "of physics": None if rps is None else rps / possible, "refused": outcome.refused}


def held(target: Target) -> int | None:
    """Bytes of a JVM in use: reachable objects, and all that is resident, of which the heap is a constant part."""
    pid = target.server.pid
    return idle.live_heap(target.jdk, pid) + proc.resident_bytes(pid) if target.jdk else None


def growth(before: int | None, after: int | None, unit: int) -> float | None:
    return None if before is None or after is None else (after - before) / unit


def seconds_until(pid: int, threads: int) -> float | None:
    """How long it takes until a process has no more than so many threads, none if that is too long."""
    start = time.monotonic()
    while proc.threads(pid) > threads:
        if time.monotonic() - start > LONGEST_WAY_BACK:
            return None
        time.sleep(0.1)
    return time.monotonic() - start


def scenarios(sizes: Collection[int] = SIZES) -> tuple[Scenario, ...]:
    cpus = os.cpu_count() or 1
    return (
        Scenario("crowd", ("rps", "p99 ms", "culprits rps", "of physics", "refused", "health p99 ms", "threads",
                           "RSS MiB", "KiB/blocked", "back s", "left MiB"), (
            *(crowd(size, "/block?ms=1000", size, blocks=True) for size in sizes),
            *(crowd(size, "/block?ms=100", size / 0.1, blocks=True) for size in (256, 1000)),
            *(crowd(size, "/burn?ms=20", min(size, cpus) / 0.02, blocks=False) for size in (2, 8, 64)),
        ), peers=("loopline", VIRTUAL_THREADS_BASELINE, "mvc-virtual-threads", "helidon"),
            baseline=VIRTUAL_THREADS_BASELINE, jvm_arguments=JVM_ARGUMENTS, files=max(sizes) + MORE_FILES),
        Scenario("uploads", ("threads before", "threads", "threads after", "KiB/upload", "health p99 ms"), (uploads(UPLOADS),),
                 fresh=True, peers=("loopline", BASELINE), jvm_arguments=JVM_ARGUMENTS, files=UPLOADS + MORE_FILES),
    )
