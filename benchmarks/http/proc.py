"""What processes and the machine spend, read from /proc."""

from __future__ import annotations

import os
import resource
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def allow_files(count: int) -> None:
    """Lets this process and those that it starts from now on have so many files open, sockets included."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), max(hard, count)))
    except ValueError as refusal:
        raise OSError(f"{count} open files are not allowed, only {hard}: {refusal}") from refusal


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, all its threads."""
    # The second field is the command's name in parentheses and may hold spaces.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    utime, stime = fields[11], fields[12]
    return (int(utime) + int(stime)) / TICKS_PER_SECOND


def resident_bytes(pid: int) -> int:
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def threads(pid: int) -> int:
    """How many threads of the kernel's a process has."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[17])


def machine_seconds() -> tuple[float, float]:
    """Busy and total time of all cores. Time stolen by a hypervisor is busy: it was not ours."""
    line = Path("/proc/stat").read_text().partition("\n")[0]
    # user nice system idle iowait irq softirq steal; the guest times that follow are part of user.
    times = [int(field) for field in line.split()[1:9]]
    idle = times[3] + times[4]
    return (sum(times) - idle) / TICKS_PER_SECOND, sum(times) / TICKS_PER_SECOND


class CpuWindow:
    """Accounts CPU time between enter and exit: the server's, and the share of the machine that others took."""

    server: float
    others: float

    def __init__(self, pid: int):
        self._pid = pid

    def __enter__(self) -> CpuWindow:
        self._start = self._read()
        return self

    def __exit__(self, *_: object) -> None:
        server, own, busy, total = (end - start for end, start in zip(self._read(), self._start))
        self.server = server
        self.others = max(0.0, busy - server - own) / total if total else 0.0

    def _read(self) -> tuple[float, ...]:
        times = os.times()
        # The load generators count once they have been waited for.
        own = times.user + times.system + times.children_user + times.children_system
        return cpu_seconds(self._pid), own, *machine_seconds()
