#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Sends real contexts to backendd: a grpcio and a FastAPI server, each in its own process, get requests by real clients.

Prints a JSON line for each request: what its server made of it and what the daemon answered. With --capture DIR, writes
the RuntimeContexts that came over TCP to DIR/grpc.json and DIR/http.json.
"""

import contextlib
import json
import multiprocessing
import pathlib
import sys
import tempfile

import grpc
import httpx
import peer
import real_servers
import ttrpc_client
from google.protobuf import json_format

MODEL = "flan-t5-small-caikit"
METADATA = (
    (real_servers.MODEL_HEADER, MODEL),
    ("x-tenant", "research"),
    ("x-tenant", "second"),
    ("trace-bin", b"\x00\x01\x7f\xff"),
)
HEADERS = [
    (b"X-Tenant", b"research"),
    (b"X-Tenant", b"second"),
    (b"X-Site", "café".encode("latin-1")),
]

def over_grpc(target, timeout):
    with grpc.insecure_channel(target) as channel:
        predict = channel.unary_unary(real_servers.METHOD)
        return json.loads(predict(b"", metadata=METADATA, timeout=timeout))


def over_http(transport, port):
    with httpx.Client(transport=transport, trust_env=False, timeout=peer.LIMIT) as client:
        url = f"http://127.0.0.1:{port}{real_servers.TARGET}?stream=false&note=a%20b"
        answer = client.post(url, headers=HEADERS, json={"model_id": MODEL, "inputs": "How are you?"})
        answer.raise_for_status()
        return answer.json()


@contextlib.contextmanager
def serving(function, *arguments):
    """A server in a new process; gives its port."""
    processes = multiprocessing.get_context("spawn")
    ours, theirs = processes.Pipe()
    process = processes.Process(target=function, args=(theirs, *arguments))
    process.start()
    theirs.close()
    try:
        if not ours.poll(peer.LIMIT):
            raise peer.Failed(f"{function.__name__} does not start")
        yield ours.recv()
    finally:
        ours.close()
        process.join(peer.LIMIT)
        if process.is_alive():
            process.kill()
            process.join()


def check_grpc(result, over_unix, timeout):
    context = result["sent"]["context"]["grpc"]
    entries = [(entry["key"], entry.get("text", entry.get("binary"))) for entry in context["metadata"]]
    peer.equal(context["method"], real_servers.METHOD)
    peer.equal(context["peer"].startswith("unix:" if over_unix else "ipv4:127.0.0.1:"), True)
    peer.equal([value for key, value in entries if key == "x-tenant"], ["research", "second"])
    peer.equal([value for key, value in entries if key == "trace-bin"], ["AAF//w=="])
    peer.equal("timeRemaining" in context, timeout is not None)


def check_http(result, over_unix):
    context = result["sent"]["context"]["http"]
    headers = [(header["name"], header["value"]) for header in context["headers"]]
    peer.equal((context["method"], context["version"]), ("POST", "1.1"))
    peer.equal(context["target"], f"{real_servers.TARGET}?stream=false&note=a%20b")
    peer.equal([value for name, value in headers if name == "x-tenant"], ["research", "second"])
    peer.equal(("x-site", "café") in headers, True)
    peer.equal("clientAddress" in context, not over_unix)


def check_answer(result, backends):
    """Every backend is listed, in priority order; a LOCAL one ignores contexts."""
    peer.equal([entry["backend"] for entry in result["answer"]["results"]], [backend.name for backend in backends])
    for backend, entry in zip(backends, result["answer"]["results"]):
        if backend.type == "LOCAL":
            peer.equal(entry["outcome"], "CONTEXT_OUTCOME_IGNORED")


def capture(contract, folder, name, result):
    context = json_format.ParseDict(result["sent"]["context"], contract.message("backends.v1.RuntimeContext")())
    folder.mkdir(parents=True, exist_ok=True)
    text = json_format.MessageToJson(context, preserving_proto_field_name=True, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def requests(options, descriptor_set, folder):
    """Makes the requests; yields a name and a result for each."""
    path = f"{folder}/grpc.sock"
    with serving(real_servers.serve_grpc, descriptor_set, options.socket, path) as port:
        for name, target, timeout in [
            ("grpc", f"127.0.0.1:{port}", peer.LIMIT),
            ("grpc without a deadline", f"127.0.0.1:{port}", None),
            ("grpc over a Unix socket", f"unix:{path}", peer.LIMIT),
        ]:
            result = over_grpc(target, timeout)
            check_grpc(result, target.startswith("unix:"), timeout)
            yield name, result
    path = f"{folder}/http.sock"
    with serving(real_servers.serve_http, descriptor_set, options.socket, path) as port:
        for name, transport in [
            ("http", httpx.HTTPTransport()),
            ("http over a Unix socket", httpx.HTTPTransport(uds=path)),
        ]:
            result = over_http(transport, port)
            check_http(result, name != "http")
            yield name, result


def main():
    options = peer.arguments(__doc__.partition("\n")[0], capture="a folder to write the contexts to")
    descriptor_set = peer.descriptor_set(options)
    contract = ttrpc_client.Contract(descriptor_set)
    with ttrpc_client.Client(contract, options.socket) as client:
        backends = list(client.call("backends.v1.BackendConfigService/ListBackends", timeout=peer.LIMIT).backends)
    with tempfile.TemporaryDirectory() as folder:
        for name, result in requests(options, descriptor_set, folder):
            print(json.dumps({"request": name, **result}, ensure_ascii=False), flush=True)
            check_answer(result, backends)
            if options.capture is not None and name in ("grpc", "http"):
                capture(contract, pathlib.Path(options.capture), name, result)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (peer.Failed, ttrpc_client.CallError, ttrpc_client.ConnectionLost) as error:
        sys.exit(f"real_contexts: {error}")
