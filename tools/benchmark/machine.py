# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""What the kernel says about the machine and its processes."""

import os
import pathlib
import platform
import resource
import subprocess
import time

TICK = 1 / os.sysconf("SC_CLK_TCK")


def busy_time():
    """The seconds that all CPUs have run something, or have waited for the host of a virtual machine."""
    words = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _, _, irq, softirq, steal = map(int, words[:8])
    return (user + nice + system + irq + softirq + steal) * TICK


def processor_time(pid):
    """The seconds that all threads of a process have run, including those that have ended."""
    # The clock of a process, as clock_getcpuclockid(3) makes it.
    return time.clock_gettime(~pid << 3 | 2)


def own_time():
    """The seconds that this process has run, and those of its children that have ended."""
    ours, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return ours.ru_utime + ours.ru_stime + theirs.ru_utime + theirs.ru_stime


def resident(pid):
    """The resident memory of a process in KiB."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def processor_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def commit(folder):
    words = ["git", "-C", str(folder), "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(words, check=False, text=True, capture_output=True).stdout.strip()


def facts(folder):
    """What the figures depend on, for a report."""
    return {
        "commit": commit(folder),
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "kernel": platform.release(),
        "processor": processor_name(),
        "processors": len(os.sched_getaffinity(0)),
        "descriptors": resource.getrlimit(resource.RLIMIT_NOFILE)[1],
    }


class Foreign:
    """The CPU time that others use while some processes, and children of this one that end meanwhile, run."""

    def __init__(self, pids):
        self.pids = pids
        self.start = self.times()

    def times(self):
        return time.monotonic(), busy_time(), sum(map(processor_time, self.pids)) + own_time()

    def share(self):
        """Their share of one CPU since the start, less what the kernel's rounding can be."""
        elapsed, busy, ours = (now - then for now, then in zip(self.times(), self.start))
        return max(0.0, (busy - ours - 2 * TICK) / elapsed)
