# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""What `tools/bench --curves` measures: each curve, and the case at each of its points."""

import dataclasses
import resource
from collections.abc import Callable
from typing import NamedTuple

from messages import (
    HANDLE, LOAD_MODEL, LOCK, RESOLVE, RESTART, context_request, field, flag, lock_request, names, resolve_request,
)

LIMITS = "limits: {connections: 65536, streams_per_connection: 65536}\n"
# The largest message is that of a frame of 4 MiB, less the envelope.
LARGEST = (4 << 20) - 1024


@dataclasses.dataclass
class Case:
    """A daemon and the load on it."""

    options: list
    method: str = HANDLE
    message: bytes = dataclasses.field(default_factory=context_request)
    configuration: str = LIMITS
    environment: dict = dataclasses.field(default_factory=dict)
    # Calls that are made before, of methods and messages.
    before: list = dataclasses.field(default_factory=list)
    # The number of clients that watch meanwhile.
    watchers: int = 0
    protocols: tuple = ("ttrpc", "grpc")
    # Whether the daemon has a CPU of its own; otherwise it has all.
    is_pinned: bool = True


class Curve(NamedTuple):
    name: str
    # The words of the axis, and what is called.
    axis: str
    called: str
    points: list
    few: list
    case: Callable


def most_connections():
    """The daemon keeps a quarter of its descriptors, and counts each connection twice."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1] * 3 // 4 // 2 - 100


def up_to(limit, *points):
    """The points, with the largest that is possible in place of those that are not."""
    return sorted({min(point, limit) for point in points})


def backends(count):
    """Each serves a model of its own."""
    entries = [f"  - {{name: local-{number}, type: LOCAL, config: {{models: [model-{number}]}}}}\n" for number in range(count)]
    message = resolve_request(f"model-{count - 1}")
    return Case(["--in-flight", 64], RESOLVE, message, LIMITS + "backends:\n" + "".join(entries))


def models(count):
    configuration = "backends:\n  - {name: remote, type: REMOTE, config: {connection: {hostname: 'model.example:8033'}}}\n"
    loads = [(LOAD_MODEL, field(1, f"model-{number}") + flag(3)) for number in range(count)]
    return Case(["--in-flight", 64], RESOLVE, resolve_request("model-0"), LIMITS + configuration, before=loads)


def waiters(count):
    return Case(
        ["--connections", count + 1, "--shape", "exchange"], LOCK, lock_request("local", 600), protocols=("ttrpc",))


CURVES = [
    Curve("connections", "connections", "HandleRuntimeContext, one call in flight on each connection",
          up_to(most_connections(), 1, 4, 16, 64, 256, 1024, 4096, 10000), [1, 64, 1024],
          lambda count: Case(["--connections", count])),
    Curve("in-flight", "calls in flight", "HandleRuntimeContext on one connection",
          [1, 4, 16, 64, 256, 1024, 4096], [1, 64, 4096], lambda count: Case(["--in-flight", count])),
    Curve("loops", "loops", "HandleRuntimeContext on 64 connections, 16 calls in flight on each; the client shares the CPUs",
          [1, 2], [1, 2], lambda count: Case(
              ["--connections", 64, "--in-flight", 16], environment={"BACKENDD_LOOPS": str(count)}, is_pinned=False)),
    Curve("size", "bytes per request", "HandleRuntimeContext with a longer header, 4 calls in flight on one connection",
          [64, 512, 4096, 32768, 262144, 1 << 20, LARGEST], [64, 32768, LARGEST],
          lambda size: Case(["--in-flight", 4], message=context_request(size))),
    Curve("backends", "backends", "ResolveModel of a model that only the last backend serves, 64 calls in flight",
          [1, 4, 16, 64, 256, 1024, 4096], [1, 64, 1024], backends),
    Curve("models", "models in a pool", "ResolveModel of one of the models of a REMOTE backend, 64 calls in flight",
          [1, 4, 16, 64, 256, 1024, 4096], [1, 64, 1024], models),
    Curve("watchers", "watchers", "RestartBackend of a LOCAL backend, one call at a time; each watcher gets its events",
          up_to(most_connections(), 1, 4, 16, 64, 256, 1024, 4000), [1, 64, 1024],
          lambda count: Case([], RESTART, names("local"), watchers=count)),
    Curve("waiters", "clients that wait for a lock", "HoldStartLock: from the request to the release, one client after the other",
          [1, 4, 16, 64, 256, 1024], [1, 16, 256], waiters),
]
