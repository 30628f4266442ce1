"""Loads a server with wrk (as fast as it answers) or h2load (at a fixed rate)."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import parse
from parse import Load

PACKAGES = {"wrk": "wrk", "h2load": "nghttp2-client"}

CLIENTS = Path(__file__).resolve().parent / "clients"
SIBLINGS = CLIENTS / "Siblings.java"
ALTERNATING = CLIENTS / "alternating.lua"
POLITE = CLIENTS / "polite.lua"

# How long an answer may take before it counts as an error.
ANSWER_TIMEOUT = 10

# What a tool may need beyond its duration.
GRACE = ANSWER_TIMEOUT + 15


def missing_tools() -> list[str]:
    return [f"{tool} (Debian package {package})" for tool, package in PACKAGES.items() if not shutil.which(tool)]


def closed_loop(url: str, connections: int, seconds: float) -> Load:
    """Each connection sends its next request when it has the answer to its last."""
    return parse.wrk(_output(_wrk(url, connections, seconds), seconds))


def http2(url: str, connections: int, streams: int, seconds: float) -> Load:
    """Each stream of each connection, as fast as it is answered."""
    command = ["h2load", "-t1", f"-c{connections}", f"-m{streams}", f"-D{max(1, round(seconds))}", url]
    return parse.h2load(_output(command, seconds), "")


def siblings(jdk: Path, url: str, connections: int, streams: int, others: int, path: str,
             seconds: float) -> tuple[Load, Load]:
    """Streams that ask for / and others that share their connections and ask for something else."""
    command = [str(jdk / "bin/java"), str(SIBLINGS), url.rstrip("/"), str(connections), str(streams), str(others), path,
               str(max(1, round(seconds)))]
    return parse.siblings(_output(command, seconds))


def open_loop(url: str, connections: int, rate: int, seconds: float) -> Load:
    """Requests are sent at a fixed rate, evenly spread over the connections, however slowly they are answered."""
    # Connections start one after another, so that they do not all send in the same millisecond.
    starts_per_period, period = max(1, round(rate / 1000)), max(1, round(1000 / rate))
    with tempfile.TemporaryDirectory() as directory:
        log = Path(directory, "requests.tsv")
        command = ["h2load", "--h1", "-t1", f"-c{connections}", f"-n{round(rate * seconds)}",
                   f"--rps={rate / connections}", f"--rate={starts_per_period}", f"--rate-period={period}ms",
                   f"--connection-inactivity-timeout={ANSWER_TIMEOUT}s", f"--log-file={log}", url]
        output = _output(command, seconds)
        return parse.h2load(output, log.read_text() if log.exists() else "")


class Background:
    """A closed loop that runs beside another load; its outcome is there when the block is left."""

    outcome: Load


@contextlib.contextmanager
def background(url: str, connections: int, seconds: float, *options: str) -> Iterator[Background]:
    beside = Background()
    tool, *arguments = _wrk(url, connections, seconds)
    process = subprocess.Popen([tool, *options, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True)
    try:
        yield beside
        beside.outcome = parse.wrk(process.communicate(timeout=seconds + GRACE)[0])
    finally:
        process.kill()
        process.wait()


class Crowd:
    """A closed loop that waits when it is refused. Its outcome is there when the block is left, which ends it."""

    outcome: parse.Crowd

    def __init__(self, process: subprocess.Popen[str]):
        self._process = process

    def is_there(self) -> bool:
        return self._process.poll() is None


@contextlib.contextmanager
def crowd(url: str, connections: int, longest: float) -> Iterator[Crowd]:
    tool, *arguments = _wrk(url, connections, longest)
    process = subprocess.Popen([tool, "-s", str(POLITE), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True)
    beside = Crowd(process)
    try:
        yield beside
        process.send_signal(signal.SIGINT)
        beside.outcome = parse.crowd(process.communicate(timeout=GRACE)[0])
    finally:
        process.kill()
        process.wait()


def _wrk(url: str, connections: int, seconds: float) -> list[str]:
    return ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", f"--timeout={ANSWER_TIMEOUT}s",
            "--latency", url]


def _output(command: list[str], seconds: float) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=seconds + GRACE).stdout
