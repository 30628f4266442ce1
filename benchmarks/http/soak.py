#!/usr/bin/env python3
"""
Calls every endpoint of the demo application in every way at once for minutes, checks every answer, and then looks for
what is left behind: threads, memory, buffers.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import time
from pathlib import Path

import idle
import parse
import peers
from servers import Server

CLIENT = peers.HERE / "clients/Soak.java"

# What it may take until the client's last loops have ended and its JVM has started.
GRACE = 120

# Idle threads for blocking work are kept this long.
KEEP_ALIVE = 1
REST = 30

# Caches, compiled code's constants, thread-local memory: what a long run may keep that a short one did not need.
MEMORY_SLACK = 8 << 20

# Stock WebFlux loses about one in 30 000 streams that are broken off, and five minutes break off 20 000.
ENCODER_SLACK = 3


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--duration", type=int, default=300, help="seconds")
    parser.add_argument("--warmup", type=int, default=30, help="seconds of the same load before anything is counted")
    parser.add_argument("--jdk", type=Path, default=peers.default_jdk())
    parser.add_argument("--demo-jar", type=Path, help="instead of building the demo application")
    parser.add_argument("--args", default="", help="more arguments of the demo application")
    parser.add_argument("--log", type=Path, default=Path("soak.log"), help="output of the demo application")
    return parser.parse_args()


def load(jdk: Path, port: int, seconds: int) -> bool:
    done = subprocess.run([str(jdk / "bin/java"), str(CLIENT), str(port), str(seconds)], timeout=seconds + GRACE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(done.stdout, flush=True)
    return done.returncode == 0


def threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def at_rest(jdk: Path, pid: int) -> dict[str, int]:
    """What the server needs when nobody calls: the least seen within a while, as threads take their time to end."""
    # First, as being looked at costs a thread and a file for good.
    idle.live_heap(jdk, pid)
    deadline = time.monotonic() + REST
    least = {"threads": threads(pid), "files": files(pid)}
    while time.monotonic() < deadline:
        time.sleep(1)
        least = {"threads": min(least["threads"], threads(pid)), "files": min(least["files"], files(pid))}
    return {**least, "heap": idle.live_heap(jdk, pid)}


def main() -> None:
    options = arguments()
    tools = peers.Toolchain(options.jdk, None, [], options.demo_jar)
    jar = options.demo_jar or peers.build_demo(tools)
    server = Server([str(options.jdk / "bin/java"), peers.HEAP, "-Dio.netty.leakDetection.level=paranoid", "-jar", str(jar),
                     *peers.spring_arguments(), "--server.http2.enabled=true",
                     f"--loopline.blocking.keep-alive={KEEP_ALIVE}s", *shlex.split(options.args)], options.log)
    try:
        server.await_ready()
        good = load(options.jdk, server.port, options.warmup)
        before = at_rest(options.jdk, server.pid)
        good &= load(options.jdk, server.port, options.duration)
        server.await_settled()
        after = at_rest(options.jdk, server.pid)
    finally:
        server.stop()
    print(f"before {before}\nafter  {after}")
    leaked, lost_by_encoder = parse.leaks(options.log.read_text(errors="replace"))
    print(f"buffers that Spring's JSON encoder lost when a client went away, as in stock WebFlux: {lost_by_encoder}")
    findings = {
        "wrong or missing answers": not good,
        "threads left": after["threads"] > before["threads"],
        "files left": after["files"] > before["files"],
        "memory left": after["heap"] > before["heap"] + MEMORY_SLACK,
        "buffers leaked": leaked > 0 or lost_by_encoder > ENCODER_SLACK,
    }
    for finding, found in findings.items():
        print(f"{finding}: {'YES' if found else 'no'}")
    sys.exit(any(findings.values()))


if __name__ == "__main__":
    main()
