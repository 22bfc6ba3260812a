# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The mode of tools/bench for ttrpc: a plain C server is the limit, containerd's Go server a peer."""

import os
import shlex
import subprocess
import sys
import time

from servers import (
    BUILD,
    ROOT,
    SOURCES,
    backendd_command,
    build_c,
    numbers,
    processor_time,
    resident,
    run,
)

HEAD = "HandleRuntimeContext, 624-byte frame"

# The server that the others are divided by.
BASE = "C"

# What is measured: key, words, unit, digits.
ROWS = [
    ("one_cpu_p50", "one CPU, 1 call under way: p50", "µs", 1),
    ("one_cpu_p99", "one CPU, 1 call under way: p99", "µs", 1),
    ("two_cpu_p50", "two CPUs, 1 call under way: p50", "µs", 1),
    ("two_cpu_p99", "two CPUs, 1 call under way: p99", "µs", 1),
    ("pipelined_rate", "1 connection × 64 under way: calls", "/s", 0),
    ("pipelined_cpu", "1 connection × 64: server CPU", "µs/call", 2),
    ("pipelined_p99", "1 connection × 64: p99", "µs", 0),
    ("many_rate", "64 connections × 1: calls", "/s", 0),
    ("many_cpu", "64 connections × 1: server CPU", "µs/call", 2),
    ("many_p99", "64 connections × 1: p99", "µs", 0),
    ("start_ms", "start to first reply", "ms", 1),
    ("idle_rss", "idle RSS", "MiB", 1),
    ("loaded_rss", "RSS after the load", "MiB", 1),
    ("connection_rss", "RSS per idle connection", "KiB", 1),
    ("idle_cpu", "CPU while idle", "µs/s", 0),
]

# The bars of backendd: words, key, the server that the value is divided by, required bar, aim. Negative: a minimum.
BARS = [
    ("server CPU per call, 64 under way, ÷ C", "pipelined_cpu", "C", 2.0, 1.5),
    ("p50 on one CPU ÷ C", "one_cpu_p50", "C", 1.6, 1.4),
    ("start to first reply, ms", "start_ms", None, 10, 8),
    ("idle RSS, MiB", "idle_rss", None, 14, 12),
    ("RSS per idle connection, KiB", "connection_rss", None, None, 4),
    ("CPU while idle, µs/s", "idle_cpu", None, None, 0),
    ("calls/s, 64 under way, ÷ C", "pipelined_rate", "C", None, -0.7),
    ("calls/s, 64 under way, ÷ ttrpc-go", "pipelined_rate", "ttrpc-go", None, -4),
    ("calls/s, 64 connections, ÷ ttrpc-go", "many_rate", "ttrpc-go", None, -3),
    ("p50 on one CPU ÷ ttrpc-go", "one_cpu_p50", "ttrpc-go", None, 0.4),
]


def build_ttrpc_go():
    """containerd's ttrpc server, from the Debian package golang-github-containerd-ttrpc-dev."""
    environment = dict(os.environ, GO111MODULE="off", GOPATH="/usr/share/gocode")
    run(["go", "build", "-o", BUILD / "ttrpc-go-server", "."], cwd=SOURCES / "ttrpc-go", env=environment)
    return [str(BUILD / "ttrpc-go-server"), "{socket}"]


def measure_round(server, arguments, cpus):
    """One round of every load on one server."""
    common = ["--duration", arguments.duration, "--warmup", arguments.warmup]
    here, there = cpus[0], cpus[-1]
    server.pin(here)
    result = server.load(*common, "--cpu", here)
    server.add(one_cpu_p50=result["p50_us"], one_cpu_p99=result["p99_us"])
    result = server.load(*common, "--cpu", there)
    server.add(two_cpu_p50=result["p50_us"], two_cpu_p99=result["p99_us"])
    result = server.load(*common, "--cpu", there, "--in-flight", 64)
    server.add(pipelined_rate=result["rate"], pipelined_cpu=result["server_cpu_us"], pipelined_p99=result["p99_us"])
    result = server.load(*common, "--cpu", there, "--connections", 64)
    server.add(many_rate=result["rate"], many_cpu=result["server_cpu_us"], many_p99=result["p99_us"])
    server.add(loaded_rss=result["rss_kib"] / 1024)


def measure_idle(server, connections):
    """After one call: memory, and CPU in two seconds; then memory with connections that do nothing."""
    server.load("--connections", 1, "--hold")
    idle = resident(server)
    before = processor_time(server)
    time.sleep(2)
    server.add(idle_cpu=(processor_time(server) - before) / 2)
    held = server.load("--connections", connections, "--hold")
    server.add(idle_rss=idle / 1024, connection_rss=(held["rss_kib"] - idle) / connections)


def measure_start(server, times):
    for _ in range(times):
        number = len(server.values.get("start_ms", []))
        socket = server.folder / f"{server.name}-start-{number}.sock"
        with open(server.log, "ab") as log:
            command = [BUILD / "load", "--socket", socket, "--start", "--", *server.argv(socket)]
            server.add(start_ms=numbers(run(command, stdout=subprocess.PIPE, stderr=log).stdout)["start_ms"])


def commands(arguments):
    """The servers to measure: name to command."""
    run([ROOT / "tools" / "prerequisites", "bench", *(["test"] if "ttrpc-go" in arguments.peer else [])])
    build_c()
    result = {"C": [str(BUILD / "limit-server"), "{socket}"], **backendd_command(arguments)}
    for peer in arguments.peer:
        name, _, command = peer.partition("=")
        if not command and name != "ttrpc-go":
            raise SystemExit(f"bench: no peer is called {name}: say {name}=COMMAND")
        result[name] = shlex.split(command) if command else build_ttrpc_go()
    return result


def measure(servers, arguments, cpus):
    for server in servers.values():
        server.start()
        measure_idle(server, arguments.connections)
    for number in range(arguments.rounds):
        print(f"round {number + 1} of {arguments.rounds}", file=sys.stderr)
        for server in servers.values():
            measure_round(server, arguments, cpus)
            measure_start(server, 3)
