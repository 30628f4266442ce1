"""Uploads that arrive a byte per second."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator

from load import ANSWER_TIMEOUT

PATH = "/upload"

# The bytes of one second are spread over so many moments.
MOMENTS = 50


class Uploads:
    """Uploads of a number of bytes each. `errors` counts those without a good answer once they are over."""

    errors: int

    def __init__(self, sockets: list[socket.socket], size: int):
        self._sockets = sockets
        self._size = size

    def trickle(self) -> None:
        """Sends all bytes but the last of each."""
        start = time.monotonic()
        for moment in range((self._size - 1) * MOMENTS):
            time.sleep(max(0.0, start + moment / MOMENTS - time.monotonic()))
            for upload in self._sockets[moment % MOMENTS::MOMENTS]:
                _send(upload, b"x")

    def finish(self) -> None:
        for upload in self._sockets:
            _send(upload, b"x")
        self.errors = sum(not is_good(_answer(upload), self._size) for upload in self._sockets)


@contextlib.contextmanager
def uploads(port: int, count: int, size: int) -> Iterator[Uploads]:
    head = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n".encode()
    with contextlib.ExitStack() as stack:
        sockets = []
        for _ in range(count):
            upload = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=ANSWER_TIMEOUT))
            _send(upload, head)
            sockets.append(upload)
        under_way = Uploads(sockets, size)
        yield under_way
        under_way.finish()


def is_good(answer: bytes, size: int) -> bool:
    return answer.startswith(b"HTTP/1.1 200 ") and b'"bytes":%d,' % size in answer


def _send(upload: socket.socket, part: bytes) -> None:
    # One that the server has closed is known by its answer
    with contextlib.suppress(OSError):
        upload.sendall(part)


def _answer(upload: socket.socket) -> bytes:
    answer = b""
    with contextlib.suppress(OSError):
        while part := upload.recv(4096):
            answer += part
    return answer
