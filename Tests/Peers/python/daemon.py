#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The life of a backend, its start lock and its events, against backendd. Prints a line for each step."""

import os
import sys

import peer
import ttrpc_client

NAME = f"python-peer-{os.getpid()}"
TYPES = "backends.v1.BackendTypeService/"
CONFIG = "backends.v1.BackendConfigService/"
LIFECYCLE = "backends.v1.LifecycleService/"
CONTEXT = "backends.v1.RuntimeContextService/"
OBSERVE = "backends.v1.ObserveService/"


def call(client, path, request=None):
    return client.call(path, request, timeout=peer.LIMIT)


def refused(client, code, path, request):
    """The error of a call that must be refused with a reason of the daemon."""
    error = peer.fails(code, call, client, path, request)
    peer.equal(error.domain, "backends.v1")
    peer.equal(bool(error.reason), True)
    return error


def server_info(client):
    info = call(client, OBSERVE + "GetServerInfo")
    peer.equal("ttrpc" in info.protocols, True)
    peer.equal(info.socket_path == "" or os.path.samefile(info.socket_path, client.path), True)


def list_types(client):
    types = {kind.name: kind for kind in call(client, TYPES + "ListBackendTypes").types}
    peer.equal("LOCAL" in types, True)
    peer.equal(bool(types["LOCAL"].summary), True)


def create(client):
    request = {"name": NAME, "type": "LOCAL", "config": {"greeting": "hello", "list": [1, None, True, {"deep": 0.5}]}}
    backend = call(client, CONFIG + "CreateBackend", request).backend
    peer.equal((backend.name, backend.type, backend.started), (NAME, "LOCAL", False))
    peer.equal(dict(backend.config)["greeting"], "hello")
    refused(client, 6, CONFIG + "CreateBackend", request)


def refuse_bad_names(client):
    refused(client, 3, CONFIG + "CreateBackend", {"name": "Not A Name", "type": "LOCAL"})
    refused(client, 5, CONFIG + "CreateBackend", {"name": NAME + "-x", "type": "NO_SUCH_TYPE"})
    refused(client, 5, CONFIG + "GetBackend", {"name": NAME + "-x"})


def merge_from_two_owners(client):
    def register(owner, config):
        request = {"name": NAME, "owner": owner, "config": config}
        return call(client, CONFIG + "RegisterConfig", request)

    peer.equal(register("first", {"greeting": "good day", "first": 1}).changed, True)
    second = register("second", {"second": 2, "list": None})
    peer.equal(dict(second.backend.config), {"greeting": "good day", "first": 1, "second": 2})
    peer.equal(register("second", {"second": 2}).changed, False)
    conflict = {"name": NAME, "owner": "second", "config": {"first": 3}}
    peer.equal(refused(client, 10, CONFIG + "RegisterConfig", conflict).reason, "CONFIG_CONFLICT")


def hold_start_lock(client):
    with client.open(LIFECYCLE + "HoldStartLock", timeout=peer.LIMIT) as lock:
        lock.send({"name": NAME})
        token = lock.receive().acquired.token
        peer.equal(refused(client, 10, LIFECYCLE + "StartBackend", {"name": NAME}).reason, "START_LOCK_HELD")
        with ttrpc_client.Client(client.contract, client.path) as other:
            with other.open(LIFECYCLE + "HoldStartLock", timeout=peer.LIMIT) as second:
                second.send({"name": NAME})
                peer.equal(peer.fails(10, second.receive).reason, "START_LOCK_HELD")
        started = call(client, LIFECYCLE + "StartBackend", {"name": NAME, "lock_token": str(token)})
        peer.equal((started.backend.started, started.already_started), (True, False))
        lock.close_send()
        peer.equal(lock.receive(), None)
    peer.equal(call(client, LIFECYCLE + "StartBackend", {"name": NAME}).already_started, True)


def refuse_config_while_started(client):
    request = {"name": NAME, "owner": "first", "config": {"first": 4}}
    peer.equal(refused(client, 9, CONFIG + "RegisterConfig", request).reason, "BACKEND_STARTED")
    request["apply"] = "CONFIG_APPLY_NEXT_START"
    peer.equal(call(client, CONFIG + "RegisterConfig", request).staged, True)


def handle_contexts(client):
    context = {"http": {"method": "POST", "target": "/api/v1/task", "headers": [{"name": "X-Tenant", "value": "a"}]}}
    request = {"model_id": "model", "context": context, "backends": [NAME]}
    answer = call(client, CONTEXT + "HandleRuntimeContext", request)
    peer.equal([(result.backend, result.outcome) for result in answer.results], [(NAME, 2)])
    with client.open(CONTEXT + "StreamRuntimeContexts", timeout=peer.LIMIT) as stream:
        for number in range(10):
            stream.send({"id": str(number), "request": request})
        stream.close_send()
        answers = list(stream)
    peer.equal([answer.id for answer in answers], list(range(10)))
    peer.equal({answer.response.results[0].backend for answer in answers}, {NAME})


def watch_a_stop(client):
    with client.open(OBSERVE + "WatchBackends", timeout=peer.LIMIT) as events:
        snapshot = events.receive().snapshot
        peer.equal(NAME in [backend.name for backend in snapshot.backends], True)
        peer.equal(call(client, LIFECYCLE + "StopBackend", {"name": NAME}).backend.started, False)
        states = []
        while not states or states[-1] != 1:
            message = events.receive()
            changes = [event.change for event in (message, *message.following)]
            states += [change.new_state for change in changes if change.backend == NAME]
        peer.equal(states[-1], 1)


def start_with_what_was_staged(client):
    backend = call(client, LIFECYCLE + "StartBackend", {"name": NAME}).backend
    peer.equal(dict(backend.config)["first"], 4)
    peer.equal(call(client, LIFECYCLE + "StopBackend", {"name": NAME}).already_stopped, False)


def delete(client):
    call(client, CONFIG + "DeleteBackend", {"name": NAME})
    refused(client, 5, CONFIG + "GetBackend", {"name": NAME})
    names = [backend.name for backend in call(client, CONFIG + "ListBackends").backends]
    peer.equal(NAME in names, False)


CASES = [
    server_info,
    list_types,
    create,
    refuse_bad_names,
    merge_from_two_owners,
    hold_start_lock,
    refuse_config_while_started,
    handle_contexts,
    watch_a_stop,
    start_with_what_was_staged,
    delete,
]

if __name__ == "__main__":
    sys.exit(peer.main(__doc__, CASES))
