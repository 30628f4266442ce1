"""One server process on loopback, from its start to its end."""

from __future__ import annotations

import http.client
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

START_TIMEOUT = 60
SETTLE_TIMEOUT = 60
STOP_TIMEOUT = 15

HELLO = b"Hello, World!"


class ServerFailure(Exception):
    """The server did not start, died, or no longer answers."""


class Server:
    """A child process that serves HTTP on a free port of 127.0.0.1."""

    def __init__(self, command: list[str], log: Path):
        """`{port}` in the command stands for the port."""
        self.port = _free_port()
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen([part.replace("{port}", str(self.port)) for part in command],
                                             stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)

    @property
    def pid(self) -> int:
        return self._process.pid

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def await_ready(self) -> None:
        self._await(lambda: self._answers(timeout=1), START_TIMEOUT, "did not start")

    def await_settled(self) -> None:
        """Waits until the last load is digested: new connections are answered at once, one after another."""
        self._await(lambda: all(self._answers(timeout=0.25) for _ in range(8)), SETTLE_TIMEOUT, "did not recover")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _await(self, condition: Callable[[], bool], timeout: float, complaint: str) -> None:
        deadline = time.monotonic() + timeout
        while not condition():
            if self._process.poll() is not None:
                raise ServerFailure(f"exited with {self._process.returncode}, see {self._log}")
            if time.monotonic() > deadline:
                raise ServerFailure(f"{complaint} within {timeout} s, see {self._log}")
            time.sleep(0.1)

    def _answers(self, timeout: float) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", "/")
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if response.status != 200 or body != HELLO:
            raise ServerFailure(f"answers GET / with {response.status} {body[:40]!r}")
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
