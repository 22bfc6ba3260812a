# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The mode of tools/bench for what makes instances and changes outlive the daemon: shims and the state on the disk."""

import pathlib
import statistics
import time

import building
from bars import Bar
from client import Client
from machine import resident
from messages import CREATE, DELETE, START, STOP, names
from report import Group, Row
from servers import Server, rounds

# The daemon that keeps no state.
BASE = "no-state"

ROWS = [
    Row("rss", "idle: RSS", "MiB", 1),
    Row("main_p50", "StartBackend until main of the program: p50", "ms", 2),
    Row("main_p99", "StartBackend until main of the program: p99", "ms", 2),
    Row("limited_p50", "the same with limits, nice and cpus: p50", "ms", 2),
    Row("pss", "PSS per shim, 20 of them", "kB", 0),
    Row("create_p50", "CreateBackend, one after the other: p50", "ms", 2),
    Row("create_p99", "CreateBackend, one after the other: p99", "ms", 2),
    Row("create_64", "CreateBackend, 64 at once, until all are answered", "ms", 2),
]

BARS = [
    Bar("idle RSS with state, MiB", "backendd", "rss", most=15),
    Bar("PSS per shim, kB", "backendd", "pss", most=300),
    Bar("CreateBackend until it is answered, p50, ms", "backendd", "create_p50", most=5),
]

CONFIGURATION = """
backends:
  - name: plain
    type: PROCESS
    config: {{command: ["{program}", "{folder}/{server}-plain"], started_after: 1ms}}
  - name: limited
    type: PROCESS
    config:
      command: ["{program}", "{folder}/{server}-limited"]
      started_after: 1ms
      limits: {{nice: 1, cpus: [0], resources: {{nofile: 1000}}}}
"""
SLEEPER = """
  - name: sleeper-{number}
    type: PROCESS
    config: {{command: [sleep, "1000000"], started_after: 1ms}}
"""
SHIMS = 20
STARTS = 20
CREATIONS = 100
AT_ONCE = 64


def servers(arguments, folder):
    building.build_c("first-words", [building.SOURCES / "first-words.c"], ["-D_GNU_SOURCE"])
    program = str(arguments.backendd or building.build_backendd())
    made = []
    for name, state in [(BASE, "none"), ("backendd", "{socket}.state")]:
        command = [program, "--socket", "{socket}", "--state-directory", state, "--config", "{socket}.yaml"]
        made.append(Server(name, command, folder))
    return made


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def first_words(file):
    """What the program wrote. A backend can count as started before the main function of its program begins."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if file.exists() and file.read_text().endswith("\n"):
            return int(file.read_text())
        time.sleep(0.001)
    raise SystemExit(f"bench: the program did not write {file}")


def starts(client, server, name):
    """Milliseconds from the request for a start until the program's main function."""
    values = []
    file = pathlib.Path(f"{server.folder}/{server.name}-{name}")
    for _ in range(STARTS):
        file.unlink(missing_ok=True)
        begin = time.monotonic_ns()
        client.call(START, names(name))
        values.append((first_words(file) - begin) / 1e6)
        client.call(STOP, names(name))
    return values


def shims(server):
    children = pathlib.Path(f"/proc/{server.process.pid}/task").glob("*/children")
    return [int(pid) for file in children for pid in file.read_text().split()]


def proportional(pid):
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def creations(client, number):
    each = [client.call(CREATE, names(f"one-{number}-{index}", "LOCAL")) for index in range(CREATIONS)]
    begin = time.monotonic_ns()
    for index in range(AT_ONCE):
        client.send(CREATE, names(f"many-{number}-{index}", "LOCAL"))
    for _ in range(AT_ONCE):
        client.receive()
    together = (time.monotonic_ns() - begin) / 1e6
    for index in range(CREATIONS):
        client.call(DELETE, names(f"one-{number}-{index}"))
    for index in range(AT_ONCE):
        client.call(DELETE, names(f"many-{number}-{index}"))
    return each, together


def measured(server, number):
    client = Client(server.socket)
    values = starts(client, server, "plain")
    limited = starts(client, server, "limited")
    each, together = creations(client, number)
    return {
        "main_p50": statistics.median(values), "main_p99": percentile(values, 0.99),
        "limited_p50": statistics.median(limited), "create_p50": statistics.median(each),
        "create_p99": percentile(each, 0.99), "create_64": together,
    }


def measure(made, arguments, _samples, _cpus):
    for server in made:
        text = CONFIGURATION.format(program=building.BUILD / "first-words", folder=server.folder, server=server.name)
        text += "".join(SLEEPER.format(number=number) for number in range(SHIMS))
        (server.folder / f"{server.name}.sock.yaml").write_text(text)
        server.start()
    # What only the start needs is given back by then.
    time.sleep(3)
    for server in made:
        server.add(rss=resident(server.process.pid) / 1024)
    for number in rounds(arguments.rounds):
        for server in made:
            # The programs that it starts count as others, so that no sample is dropped.
            server.add(**measured(server, number))
    for server in made:
        client = Client(server.socket)
        for index in range(SHIMS):
            client.call(START, names(f"sleeper-{index}"))
        for pid in shims(server):
            server.add(pss=proportional(pid))


def groups(made):
    return [Group("shims and the state on the disk", ROWS, made, "backendd", BASE)]
