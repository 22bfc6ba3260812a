# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The main mode of tools/bench: HandleRuntimeContext on the daemon and on other servers, over both protocols."""

import contextlib
import time

import building
import peers
from bars import Bar, counted
from machine import processor_time, resident
from messages import STREAM, stream_request
from report import Group, Row
from servers import Server, daemon, rounds

ROWS = [
    Row("one_cpu_p50", "one CPU, 1 call in flight: p50", "µs", 1),
    Row("one_cpu_p99", "one CPU, 1 call in flight: p99", "µs", 1),
    Row("two_cpu_p50", "two CPUs, 1 call in flight: p50", "µs", 1),
    Row("two_cpu_p99", "two CPUs, 1 call in flight: p99", "µs", 1),
    Row("pipelined_rate", "1 connection × 64 in flight: calls", "/s", 0),
    Row("pipelined_cpu", "1 connection × 64: server CPU", "µs/call", 2),
    Row("pipelined_p99", "1 connection × 64: p99", "µs", 0),
    Row("many_rate", "64 connections × 1: calls", "/s", 0),
    Row("many_cpu", "64 connections × 1: server CPU", "µs/call", 2),
    Row("many_p99", "64 connections × 1: p99", "µs", 0),
    Row("stream_rate", "1 stream × 64 in flight: small messages", "/s", 0),
    Row("stream_cpu", "1 stream × 64: server CPU", "µs/message", 2),
    Row("start_ms", "start to first reply", "ms", 1),
    Row("idle_rss", "idle RSS", "MiB", 1),
    Row("loaded_rss", "RSS after the load", "MiB", 1),
    Row("connection_rss", "RSS per idle connection", "KiB", 2),
    Row("idle_cpu", "CPU when idle", "µs/s", 0),
]

OURS = {"ttrpc": "backendd", "grpc": "backendd-grpc"}
TITLES = {"ttrpc": ("HandleRuntimeContext over ttrpc, 624-byte frame", "C"),
          "grpc": ("HandleRuntimeContext over gRPC, 554-byte message", "grpc-c++")}

# Seconds until what only the start or calls needed is given back.
SETTLING = 3

BARS = [
    Bar("instructions per call, ttrpc, ÷ C", value=counted("ttrpc HandleRuntimeContext", "C HandleRuntimeContext"), most=0.7),
    Bar("server CPU per call, 64 in flight, ÷ C", "backendd", "pipelined_cpu", "C", most=1.0),
    Bar("server CPU per call, 64 in flight, ÷ floor", "backendd", "pipelined_cpu", "floor", most=2.0),
    Bar("calls/s, 64 in flight, ÷ C", "backendd", "pipelined_rate", "C", least=0.9),
    Bar("calls/s, 64 in flight, ÷ ttrpc-go", "backendd", "pipelined_rate", "ttrpc-go", least=8),
    Bar("server CPU per call, 64 connections, ÷ C", "backendd", "many_cpu", "C", most=1.25),
    Bar("p50 on one CPU ÷ C", "backendd", "one_cpu_p50", "C", most=1.15),
    Bar("small messages/s on a stream ÷ ttrpc-go", "backendd", "stream_rate", "ttrpc-go", least=8),
    Bar("gRPC calls/s, 64 in flight, ÷ grpc-c++", "backendd-grpc", "pipelined_rate", "grpc-c++", least=3),
    Bar("gRPC calls/s, 64 connections, ÷ grpc-c++", "backendd-grpc", "many_rate", "grpc-c++", least=3),
    Bar("gRPC server CPU per call, 64 in flight, ÷ grpc-c++", "backendd-grpc", "pipelined_cpu", "grpc-c++", most=0.33),
    Bar("gRPC server CPU per call, 64 connections, ÷ grpc-c++", "backendd-grpc", "many_cpu", "grpc-c++", most=0.33),
    Bar("start to first reply, ms", "backendd", "start_ms", most=6),
    Bar("idle RSS, MiB", "backendd", "idle_rss", most=12),
    Bar("RSS per idle connection, ttrpc, KiB", "backendd", "connection_rss", most=1),
    Bar("RSS per idle connection, gRPC, KiB", "backendd-grpc", "connection_rss", most=6),
]


def servers(arguments, folder):
    """The servers that were asked for: those of each protocol, and the daemon among them."""
    given = dict(words.split("=", 1) for words in arguments.peer)
    made = []
    path = None if arguments.no_backendd else arguments.backendd or building.build_backendd()
    for protocol in arguments.protocols:
        for name in peers.chosen(protocol, arguments.peers):
            command = peers.command(protocol, name, given)
            streams = name == "ttrpc-go" and peers.go_streams() or name in arguments.streaming
            made.append(Server(name, command, folder, protocol, streams))
        if path:
            made.append(Server(OURS[protocol], daemon(path), folder, protocol, streams=protocol == "ttrpc"))
    return made


def latency(server, key, options):
    result = server.load(*options)
    return {f"{key}_p50": result["p50_us"], f"{key}_p99": result["p99_us"]}


def throughput(server, key, options, **call):
    result = server.load(*options, **call)
    values = {"rate": result["rate"], "cpu": result["server_cpu_us"], "p99": result["p99_us"]}
    return {f"{key}_{name}": value for name, value in values.items()}


def loads(common, cpus):
    """What is measured in each round: functions of a server that return values."""
    here, there = cpus[0], cpus[-1]
    apart = [*common, "--cpu", there]
    return [
        lambda server: latency(server, "one_cpu", [*common, "--cpu", here]),
        lambda server: latency(server, "two_cpu", apart),
        lambda server: throughput(server, "pipelined", [*apart, "--in-flight", 64]),
        lambda server: throughput(server, "many", [*apart, "--connections", 64]),
        lambda server: throughput(
            server, "stream", [*apart, "--in-flight", 64, "--shape", "stream"], method=STREAM, message=stream_request())
        if server.streams else {},
    ]


def measure_idle(made):
    """After one call: memory, and CPU for a while."""
    for server in made:
        server.load("--calls", 1)
    before = {server: processor_time(server.process.pid) for server in made}
    time.sleep(SETTLING)
    for server in made:
        used = processor_time(server.process.pid) - before[server]
        server.add(idle_cpu=used * 1e6 / SETTLING, idle_rss=resident(server.process.pid) / 1024)


def memory_with(made, connections):
    """The memory of each server with connections that have made one call each."""
    with contextlib.ExitStack() as stack:
        for server in made:
            stack.enter_context(server.held("--connections", connections, "--calls", 1, "--duration", 60))
        time.sleep(SETTLING)
        return {server: resident(server.process.pid) for server in made}


def measure_connections(made, connections):
    """Memory per connection: the difference between some and many, so that what all share does not count."""
    some = max(1, connections // 10)
    before, after = memory_with(made, some), memory_with(made, connections)
    for server in made:
        server.add(connection_rss=(after[server] - before[server]) / (connections - some))


def measure(made, arguments, samples, cpus):
    common = ["--duration", arguments.duration, "--warmup", arguments.warmup]
    for server in made:
        server.start()
    measure_idle(made)
    measure_connections(made, arguments.connections)
    for server in made:
        server.pin({cpus[0]})
    for _ in rounds(arguments.rounds):
        for load in loads(common, cpus):
            for server in made:
                server.add(**samples.take(server, lambda load=load, server=server: load(server)))
        for server in made:
            server.add(loaded_rss=resident(server.process.pid) / 1024)
            for _ in range(3):
                server.add(start_ms=samples.take(server, server.start_time))


def groups(made):
    """The tables: the servers of each protocol, each with the daemon's and that which it is compared with."""
    for protocol, (title, base) in TITLES.items():
        chosen = [server for server in made if server.protocol == protocol]
        if chosen:
            yield Group(title, ROWS, chosen, OURS[protocol], base)
