#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Takes the start lock of a backend, starts the backend with the lock's token, and releases the lock.

Needs the standard library, protobuf and protoc. Run two of these, or one beside `backendctl lock`: one waits for the
other, and the backend starts once.
"""

import argparse
import pathlib

from ttrpc_client import Client, Contract

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--socket", required=True)
parser.add_argument("--backend", required=True)
parser.add_argument("--as", dest="name", default="Python", help="the name to print")
arguments = parser.parse_args()

protos = pathlib.Path(__file__).resolve().parents[2] / "protos"
with Client(Contract.compile(protos), arguments.socket) as client:
    with client.open("backends.v1.LifecycleService/HoldStartLock", timeout=30) as lock:
        lock.send({"name": arguments.backend, "wait": "10s"})
        token = lock.receive().acquired.token
        print(f"{arguments.name:7} holds the lock, token {token}", flush=True)
        reply = client.call(
            "backends.v1.LifecycleService/StartBackend", {"name": arguments.backend, "lockToken": token}, timeout=10
        )
        done = "found the backend started" if reply.already_started else "started the backend"
        print(f"{arguments.name:7} {done} and releases the lock", flush=True)
