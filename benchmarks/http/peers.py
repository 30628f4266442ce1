"""Who takes part: how each peer is built and which command starts it."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
JVM_FOLDER = Path("/usr/lib/jvm")
BUILD_TIMEOUT = 900
HEAP = "-Xmx512m"
HYPER_PACKAGES = ("librust-hyper-dev librust-hyper+server-dev librust-hyper+http1-dev "
                  "librust-hyper+tcp-dev librust-tokio-dev")

# The others are compared with this one.
BASELINE = "webflux"

# What a Spring application does about handlers that block if it is only told to.
VIRTUAL_THREADS_BASELINE = "webflux-virtual-threads"
VIRTUAL_THREADS = "--spring.threads.virtual.enabled=true"

DEFAULT_PEERS = ("loopline", BASELINE, "mvc-virtual-threads", "hyper")
HELLO_PEERS = ("loopline", BASELINE, VIRTUAL_THREADS_BASELINE, "mvc-virtual-threads", "helidon", "vertx", "reactor-netty",
               "hyper")

HEALTH = "/actuator/health"
SPRING_HTTP2 = ("--server.http2.enabled=true",)


class Unavailable(Exception):
    """The peer cannot take part, and why."""


@dataclass(frozen=True)
class Peer:
    name: str
    # Builds what is needed and returns the command, with `{port}` for the port.
    build: Callable[[], list[str]]
    # The JDK it runs on, if it does.
    jdk: Path | None = None
    # What a health probe asks for.
    health: str = "/"
    # Arguments that switch HTTP/2 on, if it can.
    http2: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Toolchain:
    jdk: Path | None
    jdk25: Path | None
    jvm_args: list[str]
    demo_jar: Path | None


def all_peers(tools: Toolchain, variants: dict[str, list[str]]) -> list[Peer]:
    """Loopline, its variants and its rivals. A variant is the demo with more arguments."""
    demo = functools.cache(lambda: tools.demo_jar or build_demo(tools))

    def demo_with(*arguments: str) -> Callable[[], list[str]]:
        return lambda: [*java(tools.jdk, tools, "--jdk"), "-jar", str(demo()), *spring_arguments(), *arguments]

    def stock_with_virtual_threads() -> list[str]:
        # Older JDKs ignore the switch
        return [*java(tools.jdk25, tools, "--jdk25"), "-jar", str(demo()), *spring_arguments(), "--loopline.enabled=false",
                VIRTUAL_THREADS]

    return [
        Peer("loopline", demo_with(), tools.jdk, HEALTH, SPRING_HTTP2),
        *(Peer(name, demo_with(*arguments), tools.jdk, HEALTH, SPRING_HTTP2) for name, arguments in variants.items()),
        Peer(BASELINE, demo_with("--loopline.enabled=false"), tools.jdk, HEALTH, SPRING_HTTP2),
        Peer(VIRTUAL_THREADS_BASELINE, stock_with_virtual_threads, tools.jdk25, HEALTH, SPRING_HTTP2),
        Peer("mvc-virtual-threads", lambda: mvc(tools), tools.jdk25, http2=SPRING_HTTP2),
        Peer("helidon", lambda: jar("helidon", tools.jdk25, tools, "--jdk25"), tools.jdk25),
        Peer("vertx", lambda: jar("vertx", tools.jdk, tools, "--jdk"), tools.jdk),
        Peer("reactor-netty", lambda: jar("reactor-netty", tools.jdk, tools, "--jdk"), tools.jdk),
        Peer("hyper", hyper),
    ]


def build_demo(tools: Toolchain) -> Path:
    maven(ROOT / "pom.xml", tools.jdk, "-pl", "demo-app", "-am")
    return ROOT / "demo-app/target/loopline-demo-app.jar"


def mvc(tools: Toolchain) -> list[str]:
    command = java(tools.jdk25, tools, "--jdk25")
    maven(HERE / "peers/mvc/pom.xml", tools.jdk25)
    # Tomcat would close a connection after 100 requests; no other peer does.
    return [*command, "-jar", str(HERE / "peers/mvc/target/mvc-peer.jar"), *spring_arguments(),
            VIRTUAL_THREADS, "--server.tomcat.max-keep-alive-requests=-1", "--server.tomcat.keep-alive-timeout=10m",
            "--server.tomcat.max-connections=20000", "--server.tomcat.accept-count=4096"]


def jar(name: str, jdk: Path | None, tools: Toolchain, option: str) -> list[str]:
    command = java(jdk, tools, option)
    maven(HERE / f"peers/{name}/pom.xml", jdk)
    return [*command, "-jar", str(HERE / f"peers/{name}/target/{name}-peer.jar"), "{port}"]


def hyper() -> list[str]:
    folder = HERE / "peers/hyper"
    try:
        run(["cargo", "build", "--release", "--quiet"], folder)
    except Unavailable as failure:
        raise Unavailable(f"{failure} (needs the Debian packages {HYPER_PACKAGES})") from failure
    return [str(folder / "target/release/hyper-peer"), "{port}"]


def java(jdk: Path | None, tools: Toolchain, option: str) -> list[str]:
    if jdk is None or not (jdk / "bin/java").exists():
        raise Unavailable(f"no JDK {f'at {jdk}' if jdk else 'found'}, see {option}")
    return [str(jdk / "bin/java"), HEAP, *tools.jvm_args]


def with_jvm_arguments(peer: Peer, command: list[str], arguments: Iterable[str]) -> list[str]:
    """The same command with more arguments of the JVM, if it is one. Those of the toolchain have the last word."""
    return [*command[:2], *arguments, *command[2:]] if peer.jdk else command


def spring_arguments() -> list[str]:
    return ["--server.port={port}", "--server.address=127.0.0.1"]


def maven(pom: Path, jdk: Path | None, *arguments: str) -> None:
    environment = {**os.environ, "JAVA_HOME": str(jdk)} if jdk else None
    run(["mvn", "-q", "-B", "-ntp", "-DskipTests", "-f", str(pom), *arguments, "package"], ROOT, environment)


def run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    try:
        done = subprocess.run(command, cwd=folder, env=environment, timeout=BUILD_TIMEOUT, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise Unavailable(f"{command[0]}: {failure}") from failure
    if done.returncode:
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()] or ["no message"]
        reason = next((line for line in lines if "error" in line.lower()), lines[-1])
        raise Unavailable(f"{command[0]} failed: {reason}")


def default_jdk() -> Path | None:
    found = shutil.which("java")
    return Path(found).resolve().parent.parent if found else None


def find_jdk(feature: int) -> Path | None:
    """The first JDK of that feature release below the system's JVM folder."""
    for release in sorted(JVM_FOLDER.glob("*/release")):
        if f'JAVA_VERSION="{feature}' in release.read_text() and (release.parent / "bin/java").exists():
            return release.parent
    return None
