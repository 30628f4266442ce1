#!/usr/bin/env python3
"""
Loads a handler that does nothing wrong while its process is stopped, continued and made to collect garbage, and fails if
anything is called a culprit in the log.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import load
import peers
from servers import Server

CONNECTIONS = 64

# What the log says of every culprit, see StallMessage
ALARM = "No other connection waits for it"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--duration", type=int, default=60, help="seconds")
    parser.add_argument("--warmup", type=int, default=30, help="seconds, as a handler's first requests load classes")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds that the process is stopped, every other second")
    parser.add_argument("--jdk", type=Path, default=peers.default_jdk())
    parser.add_argument("--demo-jar", type=Path, help="instead of building the demo application")
    parser.add_argument("--log", type=Path, default=Path("false_alarms.log"), help="output of the demo application")
    return parser.parse_args()


def disturb(jdk: Path, pid: int, seconds: float, pause: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        os.kill(pid, signal.SIGSTOP)
        time.sleep(pause)
        os.kill(pid, signal.SIGCONT)
        subprocess.run([str(jdk / "bin/jcmd"), str(pid), "GC.run"], stdout=subprocess.DEVNULL, check=True)
        time.sleep(1)


def alarms(log: Path) -> list[str]:
    return [line for line in log.read_text(errors="replace").splitlines() if ALARM in line]


def main() -> None:
    options = arguments()
    jar = options.demo_jar or peers.build_demo(peers.Toolchain(options.jdk, None, [], None))
    server = Server([str(options.jdk / "bin/java"), peers.HEAP, "-jar", str(jar), *peers.spring_arguments()], options.log)
    try:
        server.await_ready()
        load.closed_loop(server.url(), CONNECTIONS, options.warmup)
        before = len(alarms(options.log))
        with load.background(server.url(), CONNECTIONS, options.duration) as busy:
            time.sleep(options.duration / 2)
            undisturbed = len(alarms(options.log))
            disturb(options.jdk, server.pid, options.duration / 2, options.pause)
        server.await_settled()
    finally:
        server.stop()
    found = alarms(options.log)
    print(f"{busy.outcome.rps:.0f} requests/s; alarms: {before} in the warm-up, {undisturbed - before} under load, "
          f"{len(found) - undisturbed} while stopped and continued")
    print("\n".join(found[before:]))
    sys.exit(len(found) > before)


if __name__ == "__main__":
    main()
