# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Answers HandleRuntimeContext by Python's grpcio: a peer of tools/bench."""

import concurrent.futures
import sys

import grpc
from backends.v1 import runtime_context_pb2 as messages
from backends.v1 import runtime_context_pb2_grpc as services


class Service(services.RuntimeContextServiceServicer):
    def HandleRuntimeContext(self, request, context):  # noqa: N802  (the name of the method in the contract)
        route = next((entry.text for entry in request.context.grpc.metadata if entry.key.lower() == "x-route-to"), None)
        outcome = messages.CONTEXT_OUTCOME_HANDLED if route == "local" else messages.CONTEXT_OUTCOME_IGNORED
        result = messages.BackendContextResult(backend="local", outcome=outcome)
        return messages.HandleRuntimeContextResponse(results=[result])


def main():
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=8))
    services.add_RuntimeContextServiceServicer_to_server(Service(), server)
    server.add_insecure_port(f"unix:{sys.argv[1]}")
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
