#!/usr/bin/env python3
"""Measures how soon the demo answers, and how soon it is at full speed: as a plain jar, extracted, and with an AOT cache.

Needs Linux, Python 3.11, Debian's wrk, a JDK 25 and the demo's jar. The variants take turns, so that all of them see the
same weather; figures are medians.

    mvn -q -pl demo-app -am package -DskipTests && helm/integration/start_time.py
"""

import argparse
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import clients
from image import find_jdk25

ROOT = pathlib.Path(__file__).resolve().parents[2]
JAR = ROOT / "demo-app/target/loopline-demo-app.jar"
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
COMMON = ["-Xmx256m", "--enable-native-access=ALL-UNNAMED"]
TRAINING = "--demo.training.requests=4000"
SECONDS = 10


def prepare(java, work):
    """Lays the variants out; returns a command line for each."""
    extracted = work / "extracted"
    run = dict(check=True, timeout=120, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    subprocess.run([java, "-Djarmode=tools", "-jar", JAR, "extract", "--destination", extracted], **run)
    application = [*COMMON, "-jar", str(extracted / JAR.name)]
    for name, arguments in (("refresh.aot", ["-Dspring.context.exit=onRefresh"]), ("trained.aot", [])):
        trained = [] if arguments else [TRAINING]
        subprocess.run([java, "-XX:AOTCacheOutput=%s" % (work / name), *arguments, *application, "--server.port=0",
                        *trained], **run)
    return {
        "plain jar": [java, *COMMON, "-jar", str(JAR)],
        "extracted": [java, *application],
        "AOT cache, start alone": [java, "-XX:AOTCache=%s" % (work / "refresh.aot"), *application],
        "AOT cache, trained": [java, "-XX:AOTCache=%s" % (work / "trained.aot"), *application],
    }


def first_answer(port):
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 10) as connection:
                connection.sendall(REQUEST)
                if b"Hello, World!" in connection.makefile("rb").read():
                    return time.monotonic()
        except OSError:
            time.sleep(0.002)


def requests_per_second(port):
    """Second by second, from the first answer on."""
    rates = []
    for _ in range(SECONDS):
        output = subprocess.run(["wrk", "-t1", "-c16", "-d1s", "http://127.0.0.1:%d/" % port], check=True, text=True,
                                stdout=subprocess.PIPE).stdout
        rates.append(float(re.search(r"Requests/sec:\s+([0-9.]+)", output).group(1)))
    return rates


def measure(command, speed):
    port, = clients.free_ports(1)
    started = time.monotonic()
    process = subprocess.Popen([*command, "--server.port=%d" % port], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        answered = first_answer(port) - started
        memory = re.search(r"VmRSS:\s+(\d+)", pathlib.Path("/proc/%d/status" % process.pid).read_text())
        rates = requests_per_second(port) if speed else []
    finally:
        process.kill()
        process.wait()
    return answered, int(memory.group(1)) / 1024, rates


def full_speed_after(rates):
    """Seconds of load until the rate is 90 percent of what it is in the end."""
    wanted = 0.9 * statistics.median(rates[-3:])
    return next(i for i, rate in enumerate(rates) if rate >= wanted) + 1


def speed(rates):
    """The last two cells of a row."""
    if not rates:
        return "- | -"
    first, third = (statistics.median(each[i] for each in rates) for i in (0, 2))
    return "%d, %d | %d s" % (first, third, statistics.median(full_speed_after(each) for each in rates))


def main(rounds, speed_rounds):
    java = str(find_jdk25() / "bin/java")
    work = pathlib.Path(tempfile.mkdtemp(prefix="loopline-start-"))
    try:
        variants = prepare(java, work)
        results = {name: [] for name in variants}
        for i in range(rounds):
            for name, command in variants.items():
                results[name].append(measure(command, i < speed_rounds))
        sizes = {name: os.path.getsize(work / name) / 1e6 for name in ("refresh.aot", "trained.aot")}
    finally:
        shutil.rmtree(work)
    plain = statistics.median(result[0] for result in results["plain jar"])
    print("| start | first answer | of plain | memory then | rate in the 1st and 3rd second | 90 % of full speed after |")
    print("|---|---|---|---|---|---|")
    for name, runs in results.items():
        answer = statistics.median(run[0] for run in runs)
        print("| %s | %.2f s | %.2f | %d MB | %s |" % (
            name, answer, answer / plain, statistics.median(run[1] for run in runs),
            speed([run[2] for run in runs if run[2]])))
    print("Caches: %s" % ", ".join("%s %.0f MB" % each for each in sizes.items()))
    trained = statistics.median(run[0] for run in results["AOT cache, trained"])
    return trained <= 0.6 * plain


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--speed-rounds", type=int, default=2, help="rounds in which the way to full speed is measured")
    clients.clean_up_when_stopped()
    options = parser.parse_args()
    sys.exit(0 if main(options.rounds, options.speed_rounds) else 1)
