#!/usr/bin/env python3
"""Runs the shapes of Tokio's benchmarks on Loopline, its JVM rivals and Tokio; prints one table.

    benchmarks/jmh/run.py [--quick] [--only SHAPE] [--rivals RUNTIME,FORK_JOIN,...]

Needs the packaged jar (mvn -pl benchmarks/jmh -am package) and, for Tokio, cargo and Debian's librust-tokio-dev.
Median times per iteration in microseconds; the last two columns are how many times faster Loopline is.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
JAR = HERE / "target" / "jmh.jar"
RIVALS = ["RUNTIME", "FORK_JOIN", "FORK_JOIN_STAGE", "REACTOR", "NETTY", "VIRTUAL"]


def jmh(java, only, rivals, quick):
    """Returns the median per shape and rival."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        forks = ["-f", "1", "-wi", "3", "-i", "5", "-w", "500ms", "-r", "500ms"] if quick else []
        subprocess.run([java, "-jar", str(JAR), only or ".*", "-p", "rival=" + ",".join(rivals), "-rf", "json",
                        "-rff", out.name, "-foe", "false", *forks], check=True, stdout=subprocess.DEVNULL)
        results = json.load(open(out.name))
    times = {}
    for result in results:
        shape = result["benchmark"].rsplit(".", 1)[1]
        params = result.get("params", {})
        rival = params.pop("rival", "RUNTIME")
        suffix = "".join(":" + value for value in params.values())
        metric = result["primaryMetric"]
        scale = 1 if metric["scoreUnit"] == "us/op" else 0.001
        if suffix == "" and metric["scoreUnit"] == "ns/op":
            suffix, scale = ":1000", 1
        times[shape + suffix, rival] = metric["scorePercentiles"]["50.0"] * scale
    return times


def tokio(quick):
    """Returns the median per shape, or nothing where there is no cargo."""
    try:
        subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=HERE / "tokio", check=True)
    except (OSError, subprocess.CalledProcessError):
        return {}
    seconds = 1 if quick else 5
    command = [HERE / "tokio" / "target" / "release" / "tokio-twin", "", str(seconds)]
    try:
        output = subprocess.run(command, check=True, capture_output=True, timeout=40 * seconds).stdout
    except subprocess.TimeoutExpired as cut:
        output = cut.stdout or b""  # its last shape, tasks from outside beside busy ones, never ends
    lines = output.decode().splitlines()
    return {line.split()[0]: float(line.split()[1]) for line in lines}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--java", default="java")
    parser.add_argument("--only")
    parser.add_argument("--rivals", default=",".join(RIVALS))
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    rivals = options.rivals.split(",")
    times = jmh(options.java, options.only, rivals, options.quick)
    twin = tokio(options.quick)
    print("| shape | " + " | ".join(rivals) + " | TOKIO | best JVM rival / RUNTIME | TOKIO / RUNTIME |")
    print("|---" * (len(rivals) + 4) + "|")
    for shape in dict.fromkeys(key[0] for key in times):
        own = times.get((shape, "RUNTIME"))
        others = [times[shape, rival] for rival in rivals[1:] if (shape, rival) in times]
        cells = [f"{times[shape, rival]:.1f}" if (shape, rival) in times else "" for rival in rivals]
        cells.append(f"{twin[shape]:.1f}" if shape in twin else "")
        cells.append(f"{min(others) / own:.2f}" if others and own else "")
        cells.append(f"{twin[shape] / own:.2f}" if shape in twin and own else "")
        print("| " + shape + " | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
