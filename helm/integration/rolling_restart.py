#!/usr/bin/env python3
"""Restarts two instances in turn behind a load balancer, under load, and counts the requests that fail: there are none.

Needs Debian's haproxy, Python 3.11 and the demo's jar. Everything is on the loopback interface. The instances shut down and
the load balancer probes as the chart's values.yaml says; the balancer neither retries nor sends a request elsewhere.

    mvn -q -pl demo-app -am package -DskipTests && helm/integration/rolling_restart.py
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import chart
import clients

ROOT = pathlib.Path(__file__).resolve().parents[2]
JAR = ROOT / "demo-app/target/loopline-demo-app.jar"

HAPROXY = """
global
    stats socket {directory}/stats.sock
defaults
    mode http
    retries 0
    timeout connect 5s
    timeout client 60s
    timeout server 60s
frontend service
    bind 127.0.0.1:{port}
    default_backend pods
backend pods
    option httpchk GET /actuator/health/readiness
    http-check expect status 200
    timeout check {timeout}s
    default-server check inter {period}s fall {failures} rise 1
    {servers}
"""


class Instance:

    def __init__(self, log):
        self.port, self.management = clients.free_ports(2)
        self.log = log
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["java", "-Xmx256m", "-jar", str(JAR), "--server.port=%d" % self.port,
             "--management.server.port=%d" % self.management, "--management.server.address=127.0.0.1",
             "--loopline.shutdown.delay=%ds" % chart.value("shutdown.delaySeconds"),
             "--spring.lifecycle.timeout-per-shutdown-phase=%ds" % chart.value("shutdown.drainSeconds")],
            stdout=self.log, stderr=subprocess.STDOUT)

    def await_ready(self):
        clients.await_status(self.management, "/actuator/health/readiness", 200)

    def restart(self):
        """As Kubernetes restarts a pod, with a grace period; returns how long the end took."""
        started = time.monotonic()
        self.process.terminate()
        self.process.wait(chart.value("shutdown.delaySeconds") + chart.value("shutdown.drainSeconds") + 15)
        took = time.monotonic() - started
        self.start()
        self.await_ready()
        # What the balancer takes to notice at worst
        time.sleep(chart.value("probes.readiness.periodSeconds") + 1)
        return took


def balancer(directory, port, instances):
    servers = "\n    ".join("server pod%d 127.0.0.1:%d check port %d" % (i, each.port, each.management)
                            for i, each in enumerate(instances))
    configuration = directory / "haproxy.cfg"
    configuration.write_text(HAPROXY.format(
        directory=directory, port=port, servers=servers,
        timeout=chart.value("probes.readiness.timeoutSeconds"),
        period=chart.value("probes.readiness.periodSeconds"),
        failures=chart.value("probes.readiness.failureThreshold")))
    return subprocess.Popen(["haproxy", "-db", "-q", "-f", str(configuration)])


def lane(restarts):
    directory = pathlib.Path(tempfile.mkdtemp(prefix="loopline-rolling-"))
    with open(directory / "pods.log", "w") as log:
        instances = [Instance(log), Instance(log)]
        haproxy = None
        try:
            for each in instances:
                each.await_ready()
            port, = clients.free_ports(1)
            haproxy = balancer(directory, port, instances)
            clients.await_status(port, "/", 200)
            paths = ["/"] * 12 + ["/sleep?ms=1000"] * 4 + ["/block?ms=500"] * 2 + ["/stream?count=20&ms=100"] * 2
            load = clients.Clients(port, paths, come_back=True).start()
            for i in range(restarts):
                took = instances[i % 2].restart()
                print("restart %2d: ended in %4.1f s, %7d answers so far, %d failures"
                      % (i + 1, took, load.answered, len(load.failures)), flush=True)
            load.stop()
            print("%d requests, %d failures" % (load.answered, len(load.failures)))
            for failure in load.failures[:20]:
                print("  " + failure)
            return not load.failures and load.answered > 0
        finally:
            for process in [each.process for each in instances] + [haproxy] * bool(haproxy):
                process.kill()
                process.wait()
            shutil.rmtree(directory)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--restarts", type=int, default=10)
    clients.clean_up_when_stopped()
    sys.exit(0 if lane(parser.parse_args().restarts) else 1)
