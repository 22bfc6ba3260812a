# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Counts the instructions and the allocations of calls with valgrind's callgrind."""

import dataclasses
import re

from building import run
from servers import Server

# What a timer runs meanwhile only adds, so that the lowest of several counts is taken.
REPEATS = 3


ALLOCATORS = {"malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign"}


@dataclasses.dataclass
class Counts:
    """What was counted, or its share of one call."""

    instructions: float
    allocations: float


def counts(dump):
    """What a dump of callgrind says. In it, a function's name is given once, with a number that stands for it from then on."""
    known, called, allocations = {}, None, 0
    for kind, number, name, calls in re.findall(r"^(?:(c?fn)=\((\d+)\)(?: (.*))?|calls=(\d+).*)$", dump, re.MULTILINE):
        if calls:
            allocations += int(calls) if known.get(called) in ALLOCATORS else 0
            continue
        if name:
            known[number] = name
        if kind == "cfn":
            called = number
    return Counts(int(re.search(r"^totals: (\d+)$", dump, re.MULTILINE)[1]), allocations)


class CountedServer(Server):
    """A server under callgrind."""

    def __init__(self, name, command, folder):
        self.output = folder / f"{name}.callgrind"
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.output}"]
        # Swift's hash tables are the same in each run then.
        super().__init__(name, [*valgrind, *command], folder, environment={"SWIFT_DETERMINISTIC_HASHING": "1"})
        self.dumps = 0

    def dumped(self):
        """What was counted since the last dump."""
        run(["vgdb", f"--pid={self.process.pid}", "dump"], capture_output=True)
        self.dumps += 1
        file = self.output.with_name(f"{self.output.name}.{self.dumps}")
        found = counts(file.read_text())
        file.unlink()
        return found

    def count(self, protocol, batch, calls, warmup, *options, **call):
        """What a call takes, of calls in batches of this size; the first calls, which fill caches, do not count."""
        self.protocol = protocol
        options = ["--in-flight", batch, "--batches", "--duration", 60, *options]
        self.load("--calls", warmup, *options, **call)
        self.dumped()
        # The difference of two loads, so that connecting does not count.
        short = max(batch, calls // 16)
        totals = {}
        for _ in range(REPEATS):
            for number in (short, short + calls):
                self.load("--calls", number, *options, **call)
                totals.setdefault(number, []).append(self.dumped())

        def per_call(key):
            return (min(map(key, totals[short + calls])) - min(map(key, totals[short]))) / calls

        return Counts(per_call(lambda one: one.instructions), per_call(lambda one: one.allocations))
