#!/usr/bin/env python3
"""Builds the image of demo-app/Dockerfile without Docker, runs it as Kubernetes would, and stops it under load.

Needs Linux, root, Debian's buildah, Python 3.11, a JDK 25, Helm as helm/check fetches it, and the demo's jar. The base of
the image is made by jlink. The container is a chroot with a mount namespace of its own: user 65532, a root that cannot be
written to, 256 MB of memory, and the configuration that the chart renders.

    mvn -q -pl demo-app -am package -DskipTests && helm/integration/image.py
"""

import argparse
import contextlib
import glob
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import chart
import clients

ROOT = pathlib.Path(__file__).resolve().parents[2]
BASE = "localhost/loopline-base"
IMAGE = "localhost/loopline-demo-app"
USER = 65532
MODULES = "java.se,jdk.jfr,jdk.management,jdk.naming.dns,jdk.unsupported,jdk.zipfs"
LIBRARIES = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "ld-linux-x86-64.so.2",
             "ld-linux-aarch64.so.1", "libz.so.1"]


def run(*command, **options):
    return subprocess.run(list(map(str, command)), check=True, text=True, **options)


def buildah(*command, **options):
    return run("buildah", "--storage-driver", "vfs", *command, **options)


def capture(*command):
    return buildah(*command, stdout=subprocess.PIPE).stdout.strip()


def find_jdk25():
    for java in sorted(glob.glob("/usr/lib/jvm/*/bin/javac")):
        home = pathlib.Path(java).parents[1]
        release = home / "release"
        if release.exists() and re.search(r'JAVA_VERSION="25[."]', release.read_text()):
            return home
    sys.exit("There is no JDK 25 in /usr/lib/jvm")


def make_base(work):
    """A root directory with a Java runtime and the C library, and nothing else: no shell either."""
    tree = work / "base"
    jdk = find_jdk25()
    run(jdk / "bin/jlink", "--add-modules", MODULES, "--strip-debug", "--no-man-pages", "--no-header-files",
        "--generate-cds-archive", "--output", tree / "opt/java")
    for name in LIBRARIES:
        for found in glob.glob("/lib/*-linux-gnu/" + name) + glob.glob("/lib64/" + name):
            target = tree / found.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.realpath(found), target)
    for directory in ("tmp", "proc", "sys/fs/cgroup", "dev", "etc/loopline"):
        (tree / directory).mkdir(parents=True)
    (tree / "tmp").chmod(0o1777)
    (tree / "etc/passwd").write_text("root:x:0:0::/:/\n")
    # As Kubernetes has it; without it the JVM waits ten seconds for the name of the host
    (tree / "etc/hosts").write_text("127.0.0.1 localhost %s\n" % socket.gethostname())
    container = capture("from", "scratch")
    buildah("copy", "-q", container, tree, "/", stdout=subprocess.DEVNULL)
    buildah("config", "--env", "PATH=/opt/java/bin", "--env", "LANG=C.UTF-8", container)
    buildah("commit", "-q", "--rm", container, BASE, stdout=subprocess.DEVNULL)


def build():
    built = subprocess.run(
        ["buildah", "--storage-driver", "vfs", "bud", "--isolation", "chroot", "--layers=false", "--pull-never",
         "--build-arg", "BASE=" + BASE, "-t", IMAGE, str(ROOT / "demo-app")],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if built.returncode:
        sys.exit(built.stdout)


@contextlib.contextmanager
def memory_limit(megabytes):
    """A control group, of version 1 or 2, that a process joins by writing its id to a file."""
    parent = pathlib.Path("/sys/fs/cgroup/memory")
    old = parent.is_dir()
    group = (parent if old else parent.parent) / ("loopline-%d" % os.getpid())
    group.mkdir()
    try:
        (group / ("memory.limit_in_bytes" if old else "memory.max")).write_text(str(megabytes << 20))
        yield group / "cgroup.procs"
    finally:
        group.rmdir()


class Container:
    """The image's own entry point, on its own root."""

    def __init__(self, tree, image, group, directory, java_options=""):
        self.port, self.management = clients.free_ports(2)
        assert image["User"] == "%d:%d" % (USER, USER), image["User"]
        configuration = directory / "application.yaml"
        configuration.write_text(chart.configuration({
            "containerPort": self.port, "management.port": self.management,
            "config.server.address": "127.0.0.1", "config.management.server.address": "127.0.0.1"}))
        environment = dict(each.split("=", 1) for each in image["Env"])
        environment["JAVA_TOOL_OPTIONS"] += " " + java_options
        environment["SPRING_CONFIG_ADDITIONAL_LOCATION"] = "file:/etc/loopline/"
        mounts = """
            echo $$ > {group}
            mount --bind {tree} {tree}
            mount -t tmpfs -o mode=1777,size=64m tmpfs {tree}/tmp
            mount -t proc proc {tree}/proc
            mount --rbind /sys/fs/cgroup {tree}/sys/fs/cgroup
            mount --bind {configuration} {tree}/etc/loopline
            mount -o remount,bind,ro {tree}
            exec env PATH=/opt/java/bin /usr/bin/unshare --root={tree} --wd={directory} \\
                --setgid={user} --setuid={user} "$@"
            """.format(group=group, tree=tree, configuration=directory, directory=image["WorkingDir"], user=USER)
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-ec", mounts, "sh"] + image["Entrypoint"],
            env=environment | {"PATH": os.environ["PATH"]}, stdout=self.log, stderr=subprocess.STDOUT)

    def about(self, name):
        return pathlib.Path("/proc/%d/%s" % (self.process.pid, name)).read_text()

    def output(self):
        self.log.seek(0)
        return self.log.read()

    def kill(self):
        self.process.kill()
        self.process.wait()


def check(what, holds):
    print("%-62s %s" % (what, "ok" if holds else "FAILED"), flush=True)
    if not holds:
        raise AssertionError(what)


def check_life(container, aot):
    clients.await_status(container.management, "/actuator/health/readiness", 200)
    check("AOT cache is %s" % ("used" if aot else "off"), ("app.aot" in container.about("maps")) == aot)
    check("says Hello World", clients.fetch(container.port, "/") == "Hello, World!")
    status = container.about("status")
    check("runs as user %d" % USER, re.search(r"^Uid:\s+%d\s+%d" % (USER, USER), status, re.M))
    root = [line for line in container.about("mountinfo").splitlines() if line.split()[4] == "/"]
    check("cannot write to its root", root[-1].split()[5].startswith("ro"))
    heap = clients.metric(container.management, "jvm.memory.max?tag=area:heap")
    check("sizes its heap by the limit, %d MB" % (heap / 1e6), 100e6 < heap < 140e6)
    load = clients.Clients(container.port, ["/"] * 16, come_back=True).start()
    time.sleep(5)
    load.stop()
    check("serves under load in 256 MB, %d answers" % load.answered, load.answered > 1000 and not load.failures)


def check_death(container):
    """Stops the container under load, and once more while it is at it."""
    load = clients.Clients(container.port, ["/"] * 16).start()
    slow = clients.Clients(container.port, ["/sleep?ms=9900"] * 8 + ["/block?ms=9900"] * 4).start()
    stream = clients.Clients(container.port, ["/stream?count=80&ms=150"] * 4, once=True).start()
    time.sleep(2)
    container.process.send_signal(signal.SIGTERM)
    clients.await_status(container.management, "/actuator/health/readiness", 503, 5)
    check("is not ready, but alive",
          clients.status(container.management, "/actuator/health/liveness") == 200)
    check("still accepts", clients.status(container.port, "/") == 200)
    container.process.send_signal(signal.SIGTERM)
    for name, group in (("requests", load), ("slow requests", slow), ("streams", stream)):
        group.join()
        for failure in group.failures:
            print("  " + failure)
        check("loses none of %d %s" % (group.answered, name), not group.failures and group.answered)
    check("tells every client to close", load.told_to_close == 16)
    check("exits with 143", container.process.wait(60) == 143)
    check("says how it ended", "Graceful shutdown complete" in container.output())


def lane(keep):
    work = pathlib.Path(tempfile.mkdtemp(prefix="loopline-image-"))
    name = None
    try:
        started = time.monotonic()
        make_base(work)
        build()
        print("built in %d s" % (time.monotonic() - started))
        image = json.loads(capture("inspect", "--type", "image", IMAGE))["OCIv1"]["config"]
        name = capture("from", IMAGE)
        tree = capture("mount", name)
        configuration = work / "configuration"
        configuration.mkdir()
        run("du", "-sh", os.path.join(tree, "app/app.aot"), tree)
        for aot in (True, False):
            with memory_limit(256) as group:
                container = Container(tree, image, group, configuration, "" if aot else "-XX:AOTMode=off")
                try:
                    check_life(container, aot)
                    check_death(container)
                except BaseException:
                    print(container.output())
                    raise
                finally:
                    container.kill()
    finally:
        if name:
            buildah("rm", name, stdout=subprocess.DEVNULL)
            if not keep:
                buildah("rmi", IMAGE, BASE, stdout=subprocess.DEVNULL)
        shutil.rmtree(work)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="keep the images")
    clients.clean_up_when_stopped()
    lane(parser.parse_args().keep)
