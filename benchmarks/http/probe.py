"""What is looked at beside a load: the health of the server, one request after the other, and its threads."""

from __future__ import annotations

import http.client
import threading
import time

import proc
from parse import percentile

# An orchestrator asks every few seconds; more often, for a percentile to mean something.
PAUSE = 0.02
GLANCE = 0.25
TIMEOUT = 10


class HealthProbe:
    """Asks from enter to exit; then `p99` is in milliseconds, none when nothing was answered."""

    p99: float | None
    failures: int

    def __init__(self, port: int, path: str):
        self._port = port
        self._path = path
        self._millis: list[float] = []
        self._failures = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> HealthProbe:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self.p99 = percentile(sorted(self._millis), 99)
        self.failures = self._failures

    def _run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        while not self._over.wait(PAUSE):
            start = time.monotonic()
            try:
                connection.request("GET", self._path)
                response = connection.getresponse()
                response.read()
                good = response.status == 200
            except (OSError, http.client.HTTPException):
                good = False
                connection.close()
            if good:
                self._millis.append(1e3 * (time.monotonic() - start))
            else:
                self._failures += 1
        connection.close()


class ThreadWatch:
    """Looks at the threads of a process from enter to exit; then `most` says how many there were at once."""

    most: int

    def __init__(self, pid: int):
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> ThreadWatch:
        self.most = proc.threads(self._pid)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(GLANCE):
            self.most = max(self.most, proc.threads(self._pid))
