"""Connections that wait, and what they cost the server."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import parse
import proc
from servers import HELLO, ServerFailure

JCMD_TIMEOUT = 60

# What else this process may have open.
SPARE_FILES = 200


@contextlib.contextmanager
def connections(port: int, count: int) -> Iterator[list[socket.socket]]:
    """Opens keep-alive connections that have each been answered once."""
    proc.allow_files(count + SPARE_FILES)
    with contextlib.ExitStack() as stack:
        sockets = []
        for _ in range(count):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = b""
            while not answer.endswith(HELLO):
                received = connection.recv(4096)
                if not received:
                    raise ServerFailure("closed a connection before it answered")
                answer += received
            sockets.append(connection)
        yield sockets


def closed(sockets: list[socket.socket]) -> int:
    """How many of the connections the server has closed."""
    return sum(1 for connection in sockets if _is_closed(connection))


def live_heap(jdk: Path, pid: int) -> int:
    """Bytes reachable in a JVM."""
    # The first collection finds what is unreachable, the second frees what cleaners and finalizers held.
    _jcmd(jdk, pid, "GC.run")
    time.sleep(0.5)
    return parse.live_bytes(_jcmd(jdk, pid, "GC.class_histogram"))


def _jcmd(jdk: Path, pid: int, command: str) -> str:
    return subprocess.run([str(jdk / "bin/jcmd"), str(pid), command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=JCMD_TIMEOUT).stdout


def _is_closed(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
