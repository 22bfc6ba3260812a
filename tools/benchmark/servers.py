# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""What the modes of tools/bench share: server processes, what they use, and tables."""

import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "tools" / "benchmark"
BUILD = ROOT / ".build-bench"
SWIFT_BUILD = ROOT / ".build-static"


def run(command, **options):
    return subprocess.run([str(part) for part in command], check=True, text=True, stdin=subprocess.DEVNULL, **options)


def output(command):
    return run(command, stdout=subprocess.PIPE).stdout


def build_c():
    """The load generator and the limit."""
    protos = ROOT / "Sources" / "CProtos"
    config = output(["pkg-config", "--cflags", "--libs", "libprotobuf-c"]).split()
    flags = ["-O2", "-std=gnu11", "-Wall", "-Wextra", f"-I{protos / 'include'}"]
    BUILD.mkdir(exist_ok=True)
    for name, sources in [
        ("load", sorted(SOURCES.glob("load*.c"))),
        ("limit-server", [SOURCES / "limit-server.c"]),
    ]:
        run(["cc", *flags, "-o", BUILD / name, *sources, *sorted(protos.rglob("*.c")), *config])


def build_backendd():
    print("building backendd, release", file=sys.stderr)
    command = ["swift", "build", "-c", "release", "--product", "backendd", "--static-swift-stdlib"]
    command += ["--scratch-path", SWIFT_BUILD]
    run(command, cwd=ROOT, stdout=sys.stderr)
    return SWIFT_BUILD / "release" / "backendd"


def backendd_command(arguments):
    """The name and the command of the daemon that is asked for, if any."""
    if arguments.no_backendd:
        return {}
    if not arguments.backendd:
        run([ROOT / "tools" / "prerequisites", "build"])
    return {"backendd": [str(arguments.backendd or build_backendd()), "--socket", "{socket}", "--state-directory", "none"]}


class Server:
    """A server process on a socket of its own; `{socket}` in its command stands for the path."""

    def __init__(self, name, command, folder):
        self.name = name
        self.command = command
        self.folder = folder
        self.log = folder / f"{name}.log"
        self.process = None
        self.values = {}

    def argv(self, socket):
        return [part.replace("{socket}", str(socket)) for part in self.command]

    def start(self):
        self.socket = self.folder / f"{self.name}.sock"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.argv(self.socket), stdout=log, stderr=log)
        deadline = time.monotonic() + 10
        while not self.socket.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"bench: {self.name} does not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.01)

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def pin(self, cpu):
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            os.sched_setaffinity(int(task), {cpu})

    def load(self, *options):
        command = [BUILD / "load", "--socket", self.socket, "--server", self.process.pid, *options]
        try:
            return numbers(output(command))
        except subprocess.CalledProcessError as error:
            log = self.log.read_text(errors="replace")[-2000:]
            raise SystemExit(f"bench: the load on {self.name} failed: {error.stdout}\n{log}") from error

    def add(self, **values):
        for key, value in values.items():
            self.values.setdefault(key, []).append(value)

    def median(self, key):
        values = self.values.get(key)
        return statistics.median(values) if values else None


def numbers(line):
    return {key: float(value) for key, value in (pair.split("=") for pair in line.split())}


def resident(server):
    for line in pathlib.Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def processor_time(server):
    """What all threads have run, those that have ended too, in microseconds."""
    # The clock of a process, as clock_getcpuclockid(3) makes it.
    return time.clock_gettime_ns(~server.process.pid << 3 | 2) / 1000


def table(head, rows):
    """Rows of strings in columns; the first column is left-aligned, the others right-aligned."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        others = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join([row[0].ljust(widths[0]), *others]).rstrip())


def print_results(title, rows_of_mode, servers, base):
    """The medians of every server, and their ratios to those of one of them."""
    others = [server for name, server in servers.items() if name != base]
    head = [title, *servers, *(f"{server.name} ÷ {base}" for server in others)]
    rows = []
    for key, words, unit, digits in rows_of_mode:
        row = [f"{words}, {unit}" if unit[0] != "/" else f"{words}{unit}"]
        row += [f"{server.median(key):,.{digits}f}" for server in servers.values()]
        value = servers[base].median(key)
        row += [f"{server.median(key) / value:.2f}" if value > 0.05 else "-" for server in others]
        rows.append(row)
    table(head, rows)


def verdict(value, bar):
    if bar is None:
        return "", True
    met = value >= -bar if bar < 0 else value <= bar
    return f"{'≥' if bar < 0 else '≤'} {abs(bar):g} {'met' if met else 'MISSED'}", met


def print_bars(bars, servers):
    """Says whether every required bar is met."""
    rows, good = [], True
    for words, key, base, required, aim in bars:
        if base is not None and base not in servers:
            continue
        value = servers["backendd"].median(key) / (servers[base].median(key) if base else 1)
        first, met = verdict(value, required)
        good = good and met
        rows.append([words, f"{value:.2f}", first, verdict(value, aim)[0]])
    print()
    table(["bars of backendd", "measured", "required", "aim"], rows)
    return good
