#!/usr/bin/env python3
"""
Crowds a server, on one core beside a process that never rests, and loads a handler that does nothing wrong. Fails if anything is
accused: in the log, as a culprit, as a slow route, or by a lint of a connection. Then calls one that blocks, which must be.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import load
import peers
from false_alarms import alarms
from servers import Server

CONNECTIONS = 64
CULPRIT = "BlockController"
GUILTY_CALLS = 10
BLOCK = "/block?ms=300"

# Lints that say that a connection did something wrong
BLAMES = {"stalled", "slow-poll", "never-yielded"}

# Ends by itself, whatever becomes of this program
HOG = "import sys, time\nend = time.monotonic() + float(sys.argv[1])\nwhile time.monotonic() < end: pass"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--duration", type=int, default=120, help="seconds")
    parser.add_argument("--warmup", type=int, default=30, help="seconds, as a handler's first requests load classes")
    parser.add_argument("--core", type=int, default=0, help="the core that all share")
    parser.add_argument("--hogs", type=int, default=1, help="processes that never rest")
    parser.add_argument("--jdk", type=Path, default=peers.default_jdk())
    parser.add_argument("--demo-jar", type=Path, help="instead of building the demo application")
    parser.add_argument("--log", type=Path, default=Path("crowd.log"), help="output of the demo application")
    return parser.parse_args()


def pinned(core: int, *command: str) -> list[str]:
    return ["taskset", "-c", str(core), *command]


@contextlib.contextmanager
def crowd(core: int, hogs: int, seconds: float) -> Iterator[None]:
    processes = [subprocess.Popen(pinned(core, sys.executable, "-c", HOG, str(seconds))) for _ in range(hogs)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def get(server: Server, path: str) -> str:
    with urllib.request.urlopen(server.url(path), timeout=load.ANSWER_TIMEOUT) as response:
        return response.read().decode()


def accused(server: Server) -> set[str]:
    """Who is accused, other than of what the log says."""
    stalls = json.loads(get(server, "/actuator/loopline/stalls"))
    strands = json.loads(get(server, "/actuator/loopline/strands?size=500"))["strands"]
    return ({f"culprit {culprit['method']} of {culprit.get('route')}, {culprit['blocking']} blocking, "
             f"{culprit['burning']} burning, {culprit['maxNanos'] / 1e6:.0f} ms" for culprit in stalls["culprits"]}
            | {f"slow route {route}" for route in stalls["slowRoutes"]}
            | {f"{lint} {strand['kind']}" for strand in strands for lint in BLAMES & set(strand["lints"])})


def forget(server: Server) -> None:
    request = urllib.request.Request(server.url("/actuator/loopline/stalls"), method="DELETE")
    urllib.request.urlopen(request, timeout=load.ANSWER_TIMEOUT).close()


def innocents(server: Server, seconds: float) -> tuple[float, set[str]]:
    """Loads the handler and looks again and again, which is innocent, too."""
    found = set()
    with load.background(server.url(), CONNECTIONS, seconds) as busy:
        end = time.monotonic() + seconds - 2
        while time.monotonic() < end:
            found |= accused(server)
            time.sleep(1)
    return busy.outcome.rps, found


def is_guilty_named(server: Server) -> bool:
    with load.background(server.url(), CONNECTIONS, 2 * GUILTY_CALLS):
        for _ in range(GUILTY_CALLS):
            get(server, BLOCK)
    return any(CULPRIT in name for name in accused(server))


def main() -> None:
    options = arguments()
    jar = options.demo_jar or peers.build_demo(peers.Toolchain(options.jdk, None, [], None))
    command = [str(options.jdk / "bin/java"), peers.HEAP, "-jar", str(jar), *peers.spring_arguments(),
               "--management.endpoint.loopline.access=unrestricted"]
    server = Server(pinned(options.core, *command), options.log)
    try:
        server.await_ready()
        load.closed_loop(server.url(), CONNECTIONS, options.warmup)
        accused(server)
        server.await_settled()
        forget(server)
        time.sleep(60)  # until lints speak of nothing before
        known = accused(server)
        before = len(alarms(options.log))
        with crowd(options.core, options.hogs, options.duration + 120):
            rate, found = innocents(server, options.duration)
            wrong = alarms(options.log)[before:]
            named = is_guilty_named(server)
        right = any(CULPRIT in line for line in alarms(options.log)[before:])
    finally:
        server.stop()
    print(f"{rate:.0f} requests/s in a crowd; alarms: {before} in the warm-up, {len(wrong)} in the crowd; "
          f"accused: {sorted(found - known) or 'nobody'}; who blocked was {'named' if named else 'NOT NAMED'} and "
          f"{'logged' if right else 'NOT LOGGED'}")
    print("\n".join(wrong))
    sys.exit(bool(wrong or found - known or not named or not right))


if __name__ == "__main__":
    main()
