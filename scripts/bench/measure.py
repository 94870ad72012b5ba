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


class Watched:
    """A process that runs until it is stopped. Its output goes to a file; its cost is known after the end."""

    def __init__(self, command, stdout, environment):
        self.command, self.stdout, self.environment = command, stdout, environment
        self.cost = None

    def __enter__(self):
        self.began = time.monotonic()
        with open(self.stdout, "w") as out:
            self.process = subprocess.Popen(self.command, stdout=out, stderr=subprocess.STDOUT,
                                            env={**os.environ, **self.environment})
        return self

    def so_far(self):
        """What it has cost up to now, children not included."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        with open(f"/proc/{self.process.pid}/status") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
        cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return Cost(cpu, time.monotonic() - self.began, peak * 1024, _read_bytes(self.process.pid))

    def stop(self, signal):
        """Asks it to end, and waits until it has."""
        read = _read_bytes(self.process.pid)
        self.process.send_signal(signal)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.cost = Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - self.began, usage.ru_maxrss * 1024, read)

    def __exit__(self, *_):
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait()


def _read_bytes(pid):
    try:
        with open(f"/proc/{pid}/io") as io:
            return int(next(line for line in io if line.startswith("rchar")).split()[1])
    except OSError:
        return 0
