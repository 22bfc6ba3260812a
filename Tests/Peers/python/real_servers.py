# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Model runtimes as they are built today: a grpcio server and a FastAPI server, each to be run in a process of its own.

Each hands the context object of every request it gets to the daemon before it answers; what it sent and what the daemon
answered is its answer, as JSON, so that the caller sees both.
"""

import concurrent.futures
import json
import socket

import fastapi
import grpc
import peer  # noqa: F401  (puts ttrpc_client on the path)
import ttrpc_client
import uvicorn
from google.protobuf import json_format

METHOD = "/caikit.runtime.Nlp.NlpService/TextGenerationTaskPredict"
TARGET = "/api/v1/task/text-generation"
MODEL_HEADER = "mm-model-id"

# grpcio gives a call without a deadline one far in the future.
NO_DEADLINE = 100 * 365 * 24 * 3600


def from_grpc(contract, method, context):
    """A RuntimeContext of grpcio's ServicerContext, which does not know its own method."""
    message = contract.message("backends.v1.RuntimeContext")()
    message.grpc.method = method
    message.grpc.peer = context.peer()
    for key, value in context.invocation_metadata():
        entry = message.grpc.metadata.add(key=key)
        if key.endswith("-bin"):
            entry.binary = value
        else:
            entry.text = value
    remaining = context.time_remaining()
    if remaining is not None and remaining < NO_DEADLINE:
        message.grpc.time_remaining.FromNanoseconds(int(remaining * 1e9))
    return message


def from_http(contract, request):
    """A RuntimeContext of Starlette's Request, which FastAPI hands to its endpoints."""
    message = contract.message("backends.v1.RuntimeContext")()
    message.http.method = request.method
    query = request.scope["query_string"].decode("latin-1")
    message.http.target = request.scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
    for name, value in request.headers.raw:
        message.http.headers.add(name=name.decode("latin-1"), value=value.decode("latin-1"))
    if request.client is not None:
        message.http.client_address = f"{request.client.host}:{request.client.port}"
    message.http.version = request.scope["http_version"]
    return message


def dispatch(contract, daemon, model_id, context):
    """Sends a context to the daemon, on a connection of this thread; returns both sides as JSON."""
    request = contract.build("backends.v1.HandleRuntimeContextRequest", {"modelId": model_id})
    request.context.CopyFrom(context)
    with ttrpc_client.Client(contract, daemon) as client:
        answer = client.call("backends.v1.RuntimeContextService/HandleRuntimeContext", request, timeout=peer.LIMIT)
    return {"sent": json_format.MessageToDict(request), "answer": json_format.MessageToDict(answer)}


class Runtime(grpc.GenericRpcHandler):
    """Serves every unary method there is."""

    def __init__(self, contract, daemon):
        self.contract = contract
        self.daemon = daemon

    def service(self, handler_call_details):
        method = handler_call_details.method
        return grpc.unary_unary_rpc_method_handler(lambda _, context: self.predict(method, context))

    def predict(self, method, context):
        message = from_grpc(self.contract, method, context)
        model_id = dict(context.invocation_metadata())[MODEL_HEADER]
        return json.dumps(dispatch(self.contract, self.daemon, model_id, message)).encode()


def application(contract, daemon):
    app = fastapi.FastAPI()

    @app.post(TARGET)
    def text_generation(request: fastapi.Request, body: dict):
        return dispatch(contract, daemon, body["model_id"], from_http(contract, request))

    return app


def serve_grpc(pipe, descriptor_set, daemon, path):
    """Serves on a free TCP port and on a Unix socket, says the port, and ends when the pipe does."""
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers([Runtime(ttrpc_client.Contract(descriptor_set), daemon)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.add_insecure_port(f"unix:{path}")
    server.start()
    pipe.send(port)
    wait_for_end(pipe)
    server.stop(None).wait()


def serve_http(pipe, descriptor_set, daemon, path):
    """The same for HTTP."""
    app = application(ttrpc_client.Contract(descriptor_set), daemon)
    inet = socket.create_server(("127.0.0.1", 0))
    unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    unix.bind(path)
    unix.listen()

    class Announcing(uvicorn.Server):
        async def startup(self, sockets=None):
            await super().startup(sockets)
            pipe.send(inet.getsockname()[1])

    server = Announcing(uvicorn.Config(app, log_level="error"))
    with concurrent.futures.ThreadPoolExecutor(1) as waiter:
        waiter.submit(lambda: (wait_for_end(pipe), setattr(server, "should_exit", True)))
        server.run(sockets=[inet, unix])


def wait_for_end(pipe):
    try:
        pipe.recv()
    except EOFError:
        pass
