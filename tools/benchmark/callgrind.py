# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Counts the instructions of calls with valgrind's callgrind."""

import re

from building import run
from servers import Server

# What a timer runs meanwhile only adds, so that the lowest of several counts is taken.
REPEATS = 3


class CountedServer(Server):
    """A server under callgrind."""

    def __init__(self, name, command, folder):
        self.output = folder / f"{name}.callgrind"
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.output}"]
        # Swift's hash tables are the same in each run then.
        super().__init__(name, [*valgrind, *command], folder, environment={"SWIFT_DETERMINISTIC_HASHING": "1"})
        self.dumps = 0

    def dumped(self):
        """The instructions since the last dump."""
        run(["vgdb", f"--pid={self.process.pid}", "dump"], capture_output=True)
        self.dumps += 1
        file = self.output.with_name(f"{self.output.name}.{self.dumps}")
        total = int(re.search(r"^totals: (\d+)$", file.read_text(), re.MULTILINE)[1])
        file.unlink()
        return total

    def count(self, protocol, batch, calls, warmup, **call):
        """The instructions per call, of calls in batches of this size; the first calls, which fill caches, do not count."""
        self.protocol = protocol
        options = ["--in-flight", batch, "--batches", "--duration", 60]
        self.load("--calls", warmup, *options, **call)
        self.dumped()
        # The difference of two loads, so that connecting does not count.
        short = max(batch, calls // 16)
        totals = {}
        for _ in range(REPEATS):
            for number in (short, short + calls):
                self.load("--calls", number, *options, **call)
                totals.setdefault(number, []).append(self.dumped())
        return (min(totals[short + calls]) - min(totals[short])) / calls
