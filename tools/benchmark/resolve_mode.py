# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The mode of tools/bench for ResolveModel: daemons alike, of which one handles contexts and the others resolve."""

import sys

from servers import BUILD, ROOT, backendd_command, build_c, run

HEAD = "ResolveModel of a loaded model"

# The daemon that only handles contexts.
BASE = "HandleRuntimeContext"
# What the others are asked: ResolveModel, and ResolveModel with that context, which does the work of both.
CALLS = {BASE: [], "backendd": ["--resolve", "plain"], "with context": ["--resolve", "context"]}

ROWS = [
    ("one_cpu_p50", "one CPU, 1 call under way: p50", "µs", 1),
    ("one_cpu_p99", "one CPU, 1 call under way: p99", "µs", 1),
    ("pipelined_rate", "1 connection × 64 under way: calls", "/s", 0),
    ("pipelined_cpu", "1 connection × 64: server CPU", "µs/call", 2),
    ("many_rate", "64 connections × 1: calls", "/s", 0),
    ("many_cpu", "64 connections × 1: server CPU", "µs/call", 2),
]

BARS = [("server CPU per call, 64 under way, ÷ HandleRuntimeContext", "pipelined_cpu", BASE, 1.3, None)]

# A process for each model, which listens and answers nothing; the first call starts the backend and loads the model.
CONFIGURATION = """
backends:
  - name: servers
    type: PROCESS
    config:
      command:
        - python3
        - -c
        - "import socket, sys, time; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); time.sleep(1e6)"
        - ${SOCKET}
      scope: model
      models: ["*"]
"""


def commands(arguments):
    run([ROOT / "tools" / "prerequisites", "bench"])
    build_c()
    configuration = BUILD / "models.yaml"
    configuration.write_text(CONFIGURATION)
    command = [*backendd_command(arguments)["backendd"], "--config", str(configuration)]
    return dict.fromkeys(CALLS, command)


def measure_round(server, arguments, cpus):
    common = [*CALLS[server.name], "--duration", arguments.duration, "--warmup", arguments.warmup]
    server.pin(cpus[0])
    result = server.load(*common, "--cpu", cpus[0])
    server.add(one_cpu_p50=result["p50_us"], one_cpu_p99=result["p99_us"])
    result = server.load(*common, "--cpu", cpus[-1], "--in-flight", 64)
    server.add(pipelined_rate=result["rate"], pipelined_cpu=result["server_cpu_us"])
    result = server.load(*common, "--cpu", cpus[-1], "--connections", 64)
    server.add(many_rate=result["rate"], many_cpu=result["server_cpu_us"])


def measure(servers, arguments, cpus):
    for server in servers.values():
        server.start()
        # All have a model loaded, so that they are alike.
        server.load("--resolve", "plain", "--hold")
    for number in range(arguments.rounds):
        print(f"round {number + 1} of {arguments.rounds}", file=sys.stderr)
        for server in servers.values():
            measure_round(server, arguments, cpus)
