#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The life of a backend by grpcio, blocking and on asyncio; grpcio's clients for health and reflection.

Prints a line for each step.
"""

import asyncio
import contextlib
import sys
import time

import daemon
import grpc
import grpc_peer
import peer
import ttrpc_client
from daemon import CONFIG, CONTEXT, LIFECYCLE, NAME, OBSERVE, call
from google.protobuf import descriptor_pool, message_factory
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

SERVICES = {
    "backends.v1.BackendTypeService",
    "backends.v1.BackendConfigService",
    "backends.v1.LifecycleService",
    "backends.v1.RuntimeContextService",
    "backends.v1.ObserveService",
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
}
SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING
SERVICE_UNKNOWN = health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
STOPPED = 1


def serves_grpc(client):
    peer.equal("grpc" in call(client, OBSERVE + "GetServerInfo").protocols, True)


def conflict_says_who(client):
    """The details of an error come in google.rpc.Status, which grpcio leaves to its callers."""
    with backend(client, f"{NAME}-conflict") as name:
        for owner in ("first", "second"):
            request = {"name": name, "owner": owner, "config": {"key": owner}}
            if owner == "first":
                call(client, CONFIG + "RegisterConfig", request)
        error = daemon.refused(client, 10, CONFIG + "RegisterConfig", request)
        peer.equal(error.reason, "CONFIG_CONFLICT")
        peer.equal("first" in error.message and "second" in error.message, True)


def deadline_exceeded(client):
    begin = time.monotonic()
    with client.open(OBSERVE + "WatchBackends", timeout=0.3) as events:
        peer.equal(events.receive().HasField("snapshot"), True)
        peer.fails(4, list, events)
    peer.equal(time.monotonic() - begin < peer.LIMIT, True)


def unimplemented(client):
    peer.fails(12, client.call_unknown, LIFECYCLE + "NoSuchMethod")
    peer.fails(12, client.call_unknown, "backends.v1.NoSuchService/StartBackend")


@contextlib.contextmanager
def backend(client, name):
    """A backend that is there for a while."""
    call(client, CONFIG + "CreateBackend", {"name": name, "type": "LOCAL"})
    try:
        yield name
    finally:
        call(client, CONFIG + "DeleteBackend", {"name": name, "force": True})


def through_asyncio(client):
    """The main path once more, by grpc.aio."""
    try:
        with grpc_peer.errors(client.contract):
            asyncio.run(asyncio.wait_for(async_life(client.contract, client.path), 2 * peer.LIMIT))
    except asyncio.TimeoutError:
        raise peer.Failed("it took too long") from None


async def async_life(contract, path):
    name = f"{NAME}-aio"
    async with grpc.aio.insecure_channel(f"unix:{path}", grpc_peer.OPTIONS) as channel:

        def begin(method, request=None, timeout=peer.LIMIT):
            function = grpc_peer.stub(channel, contract, method)
            if contract.method(method).client_streaming:
                return function(timeout=timeout)
            return function(contract.build(contract.method(method).request, request), timeout=timeout)

        created = await begin(CONFIG + "CreateBackend", {"name": name, "type": "LOCAL"})
        peer.equal((created.backend.name, created.backend.started), (name, False))
        await async_configuration(contract, begin, name)
        watch = begin(OBSERVE + "WatchBackends")
        peer.equal((await watch.read()).HasField("snapshot"), True)
        await async_start(contract, begin, name)
        context = {"http": {"method": "GET", "target": "/"}}
        request = {"model_id": "model", "context": context, "backends": [name]}
        answer = await begin(CONTEXT + "HandleRuntimeContext", request)
        peer.equal([result.backend for result in answer.results], [name])
        peer.equal((await begin(LIFECYCLE + "StopBackend", {"name": name})).backend.started, False)
        await async_changes(watch, name)
        short = begin(OBSERVE + "WatchBackends", timeout=0.3)
        await async_refused(contract, 4, async_all(short))
        await begin(CONFIG + "DeleteBackend", {"name": name})
        await async_refused(contract, 5, begin(CONFIG + "GetBackend", {"name": name}))


async def async_refused(contract, code, awaitable):
    """The error of a call that must end with this code."""
    try:
        await awaitable
    except grpc.aio.AioRpcError as error:
        result = grpc_peer.call_error(contract, error)
        peer.equal(result.code, code)
        return result
    raise peer.Failed(f"wanted the status {ttrpc_client.CODES[code]}, the call went well")


async def async_all(stream):
    return [message async for message in stream]


async def async_configuration(contract, begin, name):
    for owner, value in [("first", 1), ("second", 2)]:
        register = begin(CONFIG + "RegisterConfig", {"name": name, "owner": owner, "config": {"key": value}})
        if owner == "first":
            peer.equal((await register).changed, True)
        else:
            peer.equal((await async_refused(contract, 10, register)).reason, "CONFIG_CONFLICT")


async def async_start(contract, begin, name):
    """Starts the backend with its lock held; half close gives the lock back."""
    lock = begin(LIFECYCLE + "HoldStartLock")
    await lock.write(contract.build("backends.v1.HoldStartLockRequest", {"name": name}))
    token = (await lock.read()).acquired.token
    refused = begin(LIFECYCLE + "StartBackend", {"name": name})
    peer.equal((await async_refused(contract, 10, refused)).reason, "START_LOCK_HELD")
    started = await begin(LIFECYCLE + "StartBackend", {"name": name, "lock_token": str(token)})
    peer.equal(started.backend.started, True)
    await lock.done_writing()
    peer.equal(await lock.read(), grpc.aio.EOF)
    peer.equal(await lock.code(), grpc.StatusCode.OK)


async def async_changes(watch, name):
    states = []
    while not states or states[-1] != STOPPED:
        message = await watch.read()
        peer.equal(message is grpc.aio.EOF, False)
        changes = [event.change for event in (message, *message.following)]
        states += [change.new_state for change in changes if change.backend == name]
    watch.cancel()
    # STARTED came before, and STARTING before it.
    peer.equal([state for state in states if state in (2, 3)], [2, 3])


def health(client):
    """The server itself is there under the empty name, each backend under its own."""
    stub = health_pb2_grpc.HealthStub(client.channel)

    def check(name):
        with grpc_peer.errors(client.contract):
            return stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=peer.LIMIT).status

    peer.equal(check(""), SERVING)
    peer.fails(5, check, f"{NAME}-unknown")
    with backend(client, f"{NAME}-health") as name:
        peer.equal(check(name), NOT_SERVING)
        call(client, LIFECYCLE + "StartBackend", {"name": name})
        peer.equal(check(name), SERVING)


def health_follows_a_backend(client):
    stub = health_pb2_grpc.HealthStub(client.channel)
    name = f"{NAME}-watched"
    watch = stub.Watch(health_pb2.HealthCheckRequest(service=name), timeout=peer.LIMIT)

    seen = []

    def until(status):
        """Every message is a change, so nothing comes twice in a row."""
        while not seen or seen[-1] != status:
            answer = next(watch, None)
            peer.equal(answer is None, False)
            peer.equal(seen[-1:] == [answer.status], False)
            seen.append(answer.status)

    with grpc_peer.errors(client.contract):
        until(SERVICE_UNKNOWN)
        with backend(client, name):
            until(NOT_SERVING)
            call(client, LIFECYCLE + "StartBackend", {"name": name})
            until(SERVING)
            call(client, LIFECYCLE + "StopBackend", {"name": name})
            until(NOT_SERVING)
        until(SERVICE_UNKNOWN)
    watch.cancel()


def reflection(client):
    """Makes a call of nothing but what the server says about itself."""
    with grpc_peer.errors(client.contract):
        database = ProtoReflectionDescriptorDatabase(client.channel)
        peer.equal(SERVICES - set(database.get_services()), set())
        pool = descriptor_pool.DescriptorPool(database)
        method = pool.FindServiceByName("backends.v1.ObserveService").methods_by_name["GetServerInfo"]
        request, response = (message_factory.GetMessageClass(kind) for kind in (method.input_type, method.output_type))
        function = client.channel.unary_unary(
            f"/{method.containing_service.full_name}/{method.name}", request.SerializeToString, response.FromString
        )
        peer.equal(function(request(), timeout=peer.LIMIT).version, call(client, OBSERVE + "GetServerInfo").version)
    peer.equal(raises(KeyError, pool.FindMessageTypeByName, "backends.v1.NoSuchMessage"), True)


def raises(kind, function, *arguments):
    try:
        function(*arguments)
    except kind:
        return True
    return False


CASES = [
    *daemon.CASES,
    serves_grpc,
    conflict_says_who,
    deadline_exceeded,
    unimplemented,
    through_asyncio,
    health,
    health_follows_a_backend,
    reflection,
]

if __name__ == "__main__":
    sys.exit(peer.main(__doc__, CASES, grpc_peer.Client))
