"""Clients that count what they asked for and what they got."""

import http.client
import json
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request


THINKING = 0.01  # seconds between an answer and the next request, so that the clients leave the machine to the servers


class Clients:
    """Threads that each keep one connection and send request after request on it.

    A client that is told "Connection: close" stops, as a load balancer stops sending to a server that says so: what
    it asked for until then must have been answered. With `come_back` it goes on with a new connection; with `once` it
    sends a single request: an answer that began before the shutdown could not say "close".
    """

    def __init__(self, port, paths, come_back=False, once=False):
        self.port = port
        self.come_back = come_back
        self.once = once
        self.answered = 0
        self.told_to_close = 0
        self.failures = []
        self.stopped = threading.Event()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._run, args=(path,), daemon=True) for path in paths]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        self.stopped.set()
        return self.join()

    def join(self, timeout=60):
        for thread in self.threads:
            thread.join(timeout)
        if any(thread.is_alive() for thread in self.threads):
            self.failures.append("a client got no answer for %d s" % timeout)
        return self

    def _run(self, path):
        while not self.stopped.is_set():
            try:
                if self._use_connection(path) and not self.come_back:
                    return
            except (OSError, http.client.HTTPException) as failure:
                with self.lock:
                    self.failures.append("%s: %r" % (path, failure))
                if not self.come_back:
                    return
                time.sleep(0.1)

    def _use_connection(self, path):
        """Returns whether the server asked to close."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while not self.stopped.is_set():
                connection.request("GET", path)
                response = connection.getresponse()
                body = response.read()
                closes = response.will_close
                with self.lock:
                    self.told_to_close += closes
                    if response.status == 200 and body:
                        self.answered += 1
                    else:
                        self.failures.append("%s: %d" % (path, response.status))
                if closes or self.once:
                    return True
                self.stopped.wait(THINKING)
        finally:
            connection.close()
        return False


def clean_up_when_stopped():
    """Leaves by way of every "finally" when the script is told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped"))


def status(port, path):
    """The status of an answer, or None where there is none."""
    try:
        with urllib.request.urlopen("http://127.0.0.1:%d%s" % (port, path), timeout=5) as response:
            return response.status
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return None


def fetch(port, path):
    with urllib.request.urlopen("http://127.0.0.1:%d%s" % (port, path), timeout=30) as response:
        return response.read().decode()


def metric(port, name):
    return json.loads(fetch(port, "/actuator/metrics/" + name))["measurements"][0]["value"]


def await_status(port, path, wanted, seconds=90):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if status(port, path) == wanted:
            return
        time.sleep(0.02)
    raise SystemExit("%s on port %d is not %s within %d s" % (path, port, wanted, seconds))


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
