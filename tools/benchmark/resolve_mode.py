# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The mode of tools/bench for ResolveModel: daemons alike, of which one handles contexts and the others resolve."""

import building
from bars import Bar
from messages import HANDLE, MODEL, RESOLVE, context_request, resolve_request
from report import Group, Row
from servers import Server, daemon, rounds

BASE = "HandleRuntimeContext"
# What each daemon is asked; ResolveModel with that context does the work of both.
CALLS = {
    BASE: (HANDLE, context_request()),
    "backendd": (RESOLVE, resolve_request(MODEL)),
    "with context": (RESOLVE, resolve_request(MODEL, has_context=True)),
}

ROWS = [
    Row("one_cpu_p50", "one CPU, 1 call in flight: p50", "µs", 1),
    Row("one_cpu_p99", "one CPU, 1 call in flight: p99", "µs", 1),
    Row("pipelined_rate", "1 connection × 64 in flight: calls", "/s", 0),
    Row("pipelined_cpu", "1 connection × 64: server CPU", "µs/call", 2),
    Row("many_rate", "64 connections × 1: calls", "/s", 0),
    Row("many_cpu", "64 connections × 1: server CPU", "µs/call", 2),
]

BARS = [Bar("server CPU per call, 64 in flight, ÷ HandleRuntimeContext", "backendd", "pipelined_cpu", BASE, most=1.3)]

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


def servers(arguments, folder):
    configuration = folder / "models.yaml"
    configuration.write_text(CONFIGURATION)
    command = daemon(arguments.backendd or building.build_backendd(), "--config", configuration)
    return [Server(name, command, folder) for name in CALLS]


def measured(server, options, cpu, there):
    method, message = CALLS[server.name]

    def load(*more):
        return server.load(*options, *more, method=method, message=message)

    single, pipelined = load("--cpu", cpu), load("--cpu", there, "--in-flight", 64)
    many = load("--cpu", there, "--connections", 64)
    return {
        "one_cpu_p50": single["p50_us"], "one_cpu_p99": single["p99_us"],
        "pipelined_rate": pipelined["rate"], "pipelined_cpu": pipelined["server_cpu_us"],
        "many_rate": many["rate"], "many_cpu": many["server_cpu_us"],
    }


def measure(made, arguments, samples, cpus):
    options = ["--duration", arguments.duration, "--warmup", arguments.warmup]
    for server in made:
        server.start()
        # All have a model loaded, so that they are alike.
        server.load("--calls", 1, "--duration", 30, method=RESOLVE, message=resolve_request(MODEL))
        server.pin({cpus[0]})
    for _ in rounds(arguments.rounds):
        for server in made:
            server.add(**samples.take(server, lambda server=server: measured(server, options, cpus[0], cpus[-1])))


def groups(made):
    return [Group("ResolveModel of a loaded model", ROWS, made, "backendd", BASE)]
