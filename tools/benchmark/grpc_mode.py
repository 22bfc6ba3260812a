# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The mode of tools/bench for gRPC: grpc-c++ is what backendd is compared with, h2load makes the load."""

import re
import resource
import shlex
import shutil
import subprocess
import sys

from servers import BUILD, ROOT, SOURCES, backendd_command, build_c, numbers, output, processor_time, resident, run

HEAD = "HandleRuntimeContext over gRPC, 559-byte body"

# The server that the others are divided by.
BASE = "grpc-c++"

URL = "http://localhost/backends.v1.RuntimeContextService/HandleRuntimeContext"
REQUEST = BUILD / "grpc-request"

# The loads: key, connections, calls under way on each.
LOADS = [("single", 1, 1), ("pipelined", 1, 64), ("many", 64, 1)]

# What is measured: key, words, unit, digits.
ROWS = [
    ("single_mean", "1 connection × 1 under way: mean", "µs", 1),
    ("single_cpu", "1 connection × 1: server CPU", "µs/call", 2),
    ("pipelined_rate", "1 connection × 64 under way: calls", "/s", 0),
    ("pipelined_cpu", "1 connection × 64: server CPU", "µs/call", 2),
    ("pipelined_client", "1 connection × 64: h2load's CPU", "µs/call", 2),
    ("pipelined_mean", "1 connection × 64: mean", "µs", 0),
    ("many_rate", "64 connections × 1: calls", "/s", 0),
    ("many_cpu", "64 connections × 1: server CPU", "µs/call", 2),
    ("many_client", "64 connections × 1: h2load's CPU", "µs/call", 2),
    ("many_mean", "64 connections × 1: mean", "µs", 0),
    ("loaded_rss", "RSS after the load", "MiB", 1),
]

# The bars of backendd: words, key, the server that the value is divided by, required bar, aim. Negative: a minimum.
# With 64 connections h2load has no CPU left for twice the calls of grpc-c++.
BARS = [
    ("calls/s, 64 under way, ÷ grpc-c++", "pipelined_rate", BASE, -1.5, -2),
    ("calls/s, 64 connections, ÷ grpc-c++", "many_rate", BASE, -1.5, None),
    ("server CPU per call, 64 under way, ÷ grpc-c++", "pipelined_cpu", BASE, 0.5, None),
    ("server CPU per call, 64 connections, ÷ grpc-c++", "many_cpu", BASE, 0.5, None),
]

MICROSECONDS = {"us": 1, "ms": 1e3, "s": 1e6}


def build_grpc_cpp():
    """The server on grpc-c++ and the program that checks an answer; built again only if their sources have changed."""
    sources = SOURCES / "grpc-cpp"
    programs = [BUILD / "grpc-cpp-server", BUILD / "grpc-cpp-check"]
    protos = ["backends/v1/runtime_context.proto", "google/rpc/status.proto"]
    inputs = [*sources.iterdir(), *(ROOT / "protos" / proto for proto in protos)]
    newest = max(path.stat().st_mtime for path in inputs)
    if all(program.exists() and program.stat().st_mtime > newest for program in programs):
        return
    print("building the server on grpc-c++", file=sys.stderr)
    generated = BUILD / "grpc-cpp"
    generated.mkdir(exist_ok=True)
    plugin = shutil.which("grpc_cpp_plugin")
    run(
        ["protoc", "-I.", f"--cpp_out={generated}", f"--grpc_out={generated}", f"--plugin=protoc-gen-grpc={plugin}"]
        + protos,
        cwd=ROOT / "protos",
    )
    config = output(["pkg-config", "--cflags", "--libs", "grpc++", "protobuf"]).split()
    flags = ["-O2", "-std=c++17", "-Wall", "-Wextra", f"-I{generated}"]
    for program in programs:
        source = sources / f"{program.name.removeprefix('grpc-cpp-')}.cc"
        run(["g++", *flags, "-o", program, source, *sorted(generated.rglob("*.cc")), *config])


def commands(arguments):
    """The servers to measure: name to command."""
    run([ROOT / "tools" / "prerequisites", "bench", "bench-grpc"])
    build_c()
    build_grpc_cpp()
    with open(REQUEST, "wb") as file:
        run([BUILD / "load", "--request"], stdout=file)
    result = {BASE: [str(BUILD / "grpc-cpp-server"), "{socket}"], **backendd_command(arguments)}
    for peer in arguments.peer:
        name, _, command = peer.partition("=")
        if not command:
            raise SystemExit(f"bench: no gRPC peer is called {name}: say {name}=COMMAND")
        result[name] = shlex.split(command)
    return result


def check(server):
    """Makes one call, which must end with OK; returns the size of the answer's message as it is framed."""
    try:
        return 5 + int(numbers(output([BUILD / "grpc-cpp-check", server.socket, REQUEST]))["reply"])
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"bench: {server.name} does not answer as it should") from error


def h2load(server, cpu, connections, in_flight, *options):
    """What h2load prints."""
    command = ["taskset", "-c", cpu, "h2load", "-B", f"unix:{server.socket}", "-c", connections, "-m", in_flight]
    command += ["-d", REQUEST, "-H", "content-type: application/grpc", "-H", "te: trailers", *options, URL]
    return output(command)


def parse(text, server, answer_size):
    """The calls of a run of h2load and their mean latency. Every call must have had its answer.

    h2load shows no trailers, but a call that fails has no message, and would be missing from the bytes.
    """
    calls = int(re.search(r"(\d+) succeeded, 0 failed, 0 errored, 0 timeout", text)[1])
    data = int(re.search(r"\((\d+)\) data$", text, re.MULTILINE)[1])
    mean, unit = re.search(r"time for request:\s+\S+\s+\S+\s+([\d.]+)(us|ms|s)\s", text).groups()
    if calls == 0 or data < calls * answer_size:
        raise SystemExit(f"bench: calls of {server.name} failed:\n{text}")
    return calls, float(mean) * MICROSECONDS[unit]


def own_processor_time():
    """What programs that have ended have run, in microseconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1e6


def measure_load(server, arguments, cpu, load):
    key, connections, in_flight = load
    answer_size = check(server)
    warmup = f"{max(1, round(arguments.warmup * 1000))}ms"
    duration = max(1, round(arguments.duration * 1000))
    h2load(server, cpu, connections, in_flight, "-D", warmup)
    before, own = processor_time(server), own_processor_time()
    text = h2load(server, cpu, connections, in_flight, "-D", f"{duration}ms")
    used, own = processor_time(server) - before, own_processor_time() - own
    calls, mean = parse(text, server, answer_size)
    values = {"rate": calls * 1000 / duration, "cpu": used / calls, "client": own / calls, "mean": mean}
    server.add(**{f"{key}_{name}": value for name, value in values.items()})


def measure(servers, arguments, cpus):
    for server in servers.values():
        server.start()
        check(server)
        server.pin(cpus[0])
    for number in range(arguments.rounds):
        print(f"round {number + 1} of {arguments.rounds}", file=sys.stderr)
        for load in LOADS:
            for server in servers.values():
                measure_load(server, arguments, cpus[-1], load)
        for server in servers.values():
            server.add(loaded_rss=resident(server) / 1024)
