#!/usr/bin/env python3
"""Lets a real Prometheus scrape the demo under mixed load, and asks it everything that the dashboard and the rules ask.

Every panel and every recording rule must return data, every alert must evaluate, native histograms must say what classic ones
do, and promtool must have nothing to say of our meters. Takes a minute and a half. Needs Linux,
Python 3.11, Debian's prometheus, a JDK and the demo's jar.

    mvn -q -pl demo-app -am package -DskipTests && helm/integration/prometheus.py
"""

import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

import clients

ROOT = pathlib.Path(__file__).resolve().parents[2]
JAR = ROOT / "demo-app/target/loopline-demo-app.jar"
CHART = ROOT / "helm/loopline-app"
LOAD = {"/": 6, "/block?ms=100": 4, "/burn?ms=20": 1, "/sleep?ms=100": 4, "/fan-out": 2, "/proxy?path=/": 1}
SECONDS = 75

# What Grafana puts in: all namespaces, jobs and instances, and four times the scrape interval.
VARIABLES = {"$namespace": ".*", "$job": ".*", "$instance": ".*", "$__rate_interval": "20s"}

CONFIG = """
global:
  scrape_interval: 5s
  evaluation_interval: 5s
rule_files: [%s]
scrape_configs:
  - job_name: demo
    metrics_path: /actuator/prometheus
    static_configs:
      - targets: ["127.0.0.1:%d"]
"""


class Prometheus:

    def __init__(self, work, demo_port, *options):
        self.port, = clients.free_ports(1)
        work.mkdir()
        config = work / "prometheus.yml"
        rules = work / "rules.yaml"
        rules.write_text((CHART / "rules/loopline.yaml").read_text().replace('namespace="NAMESPACE", job="JOB"', 'job="demo"'))
        config.write_text(CONFIG % (rules, demo_port))
        self.process = subprocess.Popen(
            ["prometheus", "--config.file=%s" % config, "--storage.tsdb.path=%s" % (work / "data"),
             "--web.listen-address=127.0.0.1:%d" % self.port, *options],
            stdout=subprocess.DEVNULL, stderr=(work / "prometheus.log").open("w"))

    def get(self, path):
        return json.loads(clients.fetch(self.port, "/api/v1/" + path))["data"]

    def values(self, expression):
        """What an expression returns, but for values that are no numbers."""
        found = self.get("query?" + urllib.parse.urlencode({"query": expression}))["result"]
        return [each for each in found if not math.isnan(float(each["value"][1]))]


def panels():
    """The title and the expression of every query of the dashboard."""
    for panel in json.loads((CHART / "dashboards/loopline.json").read_text())["panels"]:
        for target in panel.get("targets", []):
            expression = target["expr"]
            if "container_" in expression:
                continue  # cAdvisor's, which only a cluster has
            for name, value in VARIABLES.items():
                expression = expression.replace(name, value)
            yield panel["title"], expression


def check(prometheus):
    failures = []
    count = 0
    for title, expression in panels():
        count += 1
        if not prometheus.values(expression):
            failures.append("panel \"%s\" has no data: %s" % (title, expression))
    rules = [rule for group in prometheus.get("rules")["groups"] for rule in group["rules"]]
    for rule in rules:
        if rule["health"] != "ok":
            failures.append("%s %s is %s: %s" % (rule["type"], rule["name"], rule["health"], rule.get("lastError")))
        elif rule["type"] == "recording" and not prometheus.values(rule["name"]):
            failures.append("recording %s has no data" % rule["name"])
    firing = [rule["name"] for rule in rules if rule["type"] == "alerting" and rule["state"] != "inactive"]
    print("%d panel queries, %d rules; pending or firing: %s" % (count, len(rules), ", ".join(firing) or "none"))
    return failures if count and rules else ["nothing was asked"]


def complaints(port):
    """What promtool has to say of our meters; Micrometer's own are not all to its taste."""
    scrape = clients.fetch(port, "/actuator/prometheus")
    linter = subprocess.run(["promtool", "check", "metrics"], input=scrape, capture_output=True, text=True)
    lines = (linter.stdout + linter.stderr).splitlines()
    return [line for line in lines if line.startswith("loopline_") or "error" in line]


def main():
    if not shutil.which("prometheus"):
        print("== skipped: prometheus is in Debian's package of that name")
        return []
    clients.clean_up_when_stopped()
    work = pathlib.Path(tempfile.mkdtemp(prefix="loopline-prometheus-"))
    port, = clients.free_ports(1)
    started = []
    try:
        demo = subprocess.Popen(["java", "-Xmx256m", "-jar", JAR, "--server.port=%d" % port],
                                stdout=(work / "demo.log").open("w"), stderr=subprocess.STDOUT)
        started.append(demo)
        clients.await_status(port, "/actuator/health", 200)
        prometheus = Prometheus(work / "classic", port)
        started.append(prometheus.process)
        native = Prometheus(work / "native", port, "--enable-feature=native-histograms")
        started.append(native.process)
        load = clients.Clients(port, [path for path, count in LOAD.items() for _ in range(count)]).start()
        time.sleep(SECONDS)
        failures = check(prometheus) + complaints(port)
        if not native.values("histogram_quantile(0.99, rate(loopline_poll_time_seconds[20s]))"):
            failures.append("there are no native histograms")
        return failures + load.stop().failures
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(30)
        shutil.rmtree(work)


if __name__ == "__main__":
    problems = main()
    print("\n".join(problems) if problems else "passed")
    sys.exit(bool(problems))
