# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The mode of tools/bench that measures how calls scale: a fresh daemon for each point of each curve."""

import contextlib
import os
import pathlib
import statistics
import sys

import building
import machine
import picture
import report
from cases import CURVES
from client import Client
from messages import WATCH
from report import Row
from servers import LoadFailed, Server, daemon

ROWS = [Row("rate", "calls", "/s", 0), Row("p99", "p99", "µs", 0), Row("cpu", "server CPU", "µs/call", 2)]
PROTOCOLS = ["ttrpc", "grpc"]


def sample(server, case, cpus, common):
    options = [*common, *case.options, *(["--cpu", cpus[-1]] if case.is_pinned else [])]
    result = server.load(*options, method=case.method, message=case.message)
    return {"rate": result["rate"], "p99": result["p99_us"], "cpu": result["server_cpu_us"]}


def prepare(server, case):
    with Client(server.socket) as client:
        for method, message in case.before:
            client.call(method, message)


def watchers(server, case, cpu):
    """Clients that watch, over ttrpc; the time is for their streams to open."""
    server.protocol = "ttrpc"
    seconds = 0.2 + case.watchers / 4000
    options = ["--connections", case.watchers, "--shape", "watch", "--duration", seconds, "--cpu", cpu]
    return server.held(*options, method=WATCH, message=b"")


def measure_point(arguments, case, samples, cpus, folder):
    """The values of each protocol at a point, by key, each a list with one value per round."""
    configuration = folder / "curve.yaml"
    configuration.write_text(case.configuration)
    command = daemon(arguments.backendd, "--config", configuration)
    server = Server("backendd", command, folder, environment=case.environment)
    server.start()
    values = {}
    common = ["--duration", arguments.duration, "--warmup", arguments.warmup]
    try:
        prepare(server, case)
        server.pin({cpus[0]} if case.is_pinned else os.sched_getaffinity(0))
        with watchers(server, case, cpus[-1]) if case.watchers else contextlib.nullcontext():
            for _ in range(arguments.rounds):
                for protocol in case.protocols:
                    server.protocol = protocol
                    result = samples.take(server, lambda: sample(server, case, cpus, common))
                    for key, value in result.items():
                        values.setdefault(protocol, {}).setdefault(key, []).append(value)
    finally:
        server.stop()
    return values


def measure_curve(arguments, curve, samples, cpus, folder):
    """The values at each point, and the points that the daemon refused, with its words."""
    points, refused = {}, {}
    for point in curve.points if arguments.points == "all" else curve.few:
        print(f"{curve.axis}: {point:,}", file=sys.stderr)
        try:
            points[point] = measure_point(arguments, curve.case(point), samples, cpus, folder)
        except LoadFailed as error:
            refused[point] = str(error).strip().splitlines()[-1]
    return {"axis": curve.axis, "called": curve.called, "points": points, "refused": refused}


def protocols_of(measured):
    return [name for name in PROTOCOLS if any(name in values for values in measured["points"].values())]


def table(measured):
    protocols = protocols_of(measured)
    head = [measured["axis"], *(f"{protocol} {row.title()}" for protocol in protocols for row in ROWS)]
    rows = []
    for point, values in measured["points"].items():
        found = [(row, values.get(protocol, {}).get(row.key)) for protocol in protocols for row in ROWS]
        rows.append([f"{point:,}", *(row.text(statistics.median(value) if value else None) for row, value in found)])
    return head, rows


def notes(measured):
    return [f"{measured['axis']} {point:,}: {words}" for point, words in measured["refused"].items()]


def charts(measured):
    """A chart per row, with the points of each protocol."""
    result = []
    for row in ROWS:
        series = []
        for protocol in protocols_of(measured):
            found = [(point, values.get(protocol, {}).get(row.key)) for point, values in measured["points"].items()]
            series.append([(point, statistics.median(value)) for point, value in found if value])
        result.append((row.title(), series))
    return result


def write(arguments, measured, samples):
    facts, summary = machine.facts(building.ROOT), samples.summary()
    if arguments.json:
        report.write_json(arguments.json, {"facts": facts, "samples": summary, "curves": measured})
    if arguments.markdown:
        parts = []
        for curve in measured.values():
            lines = "".join(f"\n{note}\n" for note in notes(curve))
            parts.append(f"## {curve['axis'].capitalize()}\n\n{curve['called']}.\n\n{report.markdown_table(*table(curve))}{lines}")
        pathlib.Path(arguments.markdown).write_text(report.markdown("Curves", facts, summary, "\n".join(parts)))
    if arguments.picture:
        rows = [(f"{curve['axis']}: {curve['called']}", charts(curve)) for curve in measured.values()]
        pathlib.Path(arguments.picture).write_text(picture.multiples(rows, ["ttrpc", "gRPC"]))


def run(arguments, samples, cpus, folder):
    unknown = set(arguments.curve) - {curve.name for curve in CURVES}
    if unknown:
        raise SystemExit(f"bench: the curves are {', '.join(curve.name for curve in CURVES)}, not {', '.join(unknown)}")
    arguments.backendd = arguments.backendd or building.build_backendd()
    chosen = [curve for curve in CURVES if not arguments.curve or curve.name in arguments.curve]
    measured = {curve.name: measure_curve(arguments, curve, samples, cpus, folder) for curve in chosen}
    for curve in measured.values():
        print(f"\n{curve['called']}")
        report.print_table(*table(curve))
        print("".join(f"{note}\n" for note in notes(curve)), end="")
    print("\n" + ", ".join(f"{name}: {value}" for name, value in samples.summary().items()))
    write(arguments, measured, samples)
    return 0
