"""Whole processes and what they cost, children included."""
import os
import subprocess
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """CPU is user + system seconds, the peak resident set is in bytes, read counts bytes of read calls."""

    cpu: float
    wall: float
    rss: int
    read: int


def run(command, stdout, environment=None):
    """Runs a command to its end and returns its cost. Its output goes to a file."""
    pid, began = os.getpid(), time.monotonic()
    read_before = _read_bytes(pid)
    with open(stdout, "w") as out:
        process = subprocess.Popen(command, stdout=out, env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    if process.returncode != 0:
        raise SystemExit(f"failed with exit code {process.returncode}: {' '.join(map(str, command))}")
    # Linux adds what a child has read to its parent when the parent has waited for it.
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, _read_bytes(pid) - read_before)


def _read_bytes(pid):
    try:
        with open(f"/proc/{pid}/io") as io:
            return int(next(line for line in io if line.startswith("rchar")).split()[1])
    except OSError:
        return 0
