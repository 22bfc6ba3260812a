#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The cases of gRPC's interoperability tests against interop-server, by grpcio. Prints a line for each.

grpcio does not tell whether a message came compressed: the C++ peer checks that.
"""

import concurrent.futures
import os
import sys
import time

import grpc
import grpc_peer
import interop
import peer

SERVICE = interop.SERVICE
INITIAL = ("x-grpc-test-echo-initial", "test_initial_metadata_value")
TRAILING = ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab")
GZIP = grpc.Compression.Gzip


def compression_request(client, expected):
    body = interop.payload(client, interop.LARGE_REQUEST)
    message = interop.request(client, "SimpleRequest", response_size=interop.LARGE_RESPONSE, payload=body)
    message.expect_compressed.value = expected
    return message


def client_compressed_unary(client):
    """A request that only claims to be compressed is refused; then one of each."""
    peer.fails(3, client.call, SERVICE + "UnaryCall", compression_request(client, True))
    for compressed, option in [(True, GZIP), (False, None)]:
        answer = client.call(SERVICE + "UnaryCall", compression_request(client, compressed), compression=option)
        peer.equal(answer.payload.body, bytes(interop.LARGE_RESPONSE))


def server_compressed_unary(client):
    for compressed in (True, False):
        message = interop.request(client, "SimpleRequest", response_size=interop.LARGE_RESPONSE)
        message.payload.body = bytes(interop.LARGE_REQUEST)
        message.response_compressed.value = compressed
        answer = client.call(SERVICE + "UnaryCall", message)
        peer.equal(answer.payload.body, bytes(interop.LARGE_RESPONSE))


def input_request(client, body, expected):
    message = interop.request(client, "StreamingInputCallRequest")
    message.payload.body = body
    message.expect_compressed.value = expected
    return message


def client_compressed_streaming(client):
    """The last message is noise: grpcio sends what compression does not make smaller as it is."""
    probe = input_request(client, bytes(27182), True)
    peer.fails(3, client.send_all, SERVICE + "StreamingInputCall", [probe])
    requests = [probe, input_request(client, os.urandom(45904), False)]
    answer = client.send_all(SERVICE + "StreamingInputCall", requests, compression=GZIP)
    peer.equal(answer.aggregated_payload_size, 73086)


def server_compressed_streaming(client):
    message = interop.request(client, "StreamingOutputCallRequest")
    for size, compressed in [(31415, True), (92653, False)]:
        message.response_parameters.add(size=size).compressed.value = compressed
    with client.open(SERVICE + "StreamingOutputCall", message) as stream:
        peer.equal(interop.sizes(stream), [31415, 92653])


def echoed(initial, trailing):
    """Checks both kinds of metadata; others may be beside them."""
    peer.equal([value for key, value in initial if key == INITIAL[0]], [INITIAL[1]])
    peer.equal([value for key, value in trailing if key == TRAILING[0]], [TRAILING[1]])


def custom_metadata(client):
    message = interop.request(client, "SimpleRequest", response_size=interop.LARGE_RESPONSE)
    message.payload.body = bytes(interop.LARGE_REQUEST)
    metadata = (INITIAL, TRAILING)
    answer, initial, trailing = client.call_with_metadata(SERVICE + "UnaryCall", message, metadata=metadata)
    peer.equal(len(answer.payload.body), interop.LARGE_RESPONSE)
    echoed(initial, trailing)
    with client.open(SERVICE + "FullDuplexCall", metadata=metadata) as stream:
        stream.send(interop.output_request(client, [interop.LARGE_RESPONSE], interop.LARGE_REQUEST))
        peer.equal(len(stream.receive().payload.body), interop.LARGE_RESPONSE)
        stream.close_send()
        peer.equal(stream.receive(), None)
        echoed(stream.call.initial_metadata(), stream.call.trailing_metadata())


def unimplemented_service(client):
    peer.fails(12, client.call_unknown, "grpc.testing.UnimplementedService/UnimplementedCall")


def cancel_after_begin(client):
    with client.open(SERVICE + "StreamingInputCall") as stream:
        stream.call.cancel()
        peer.equal(stream.call.code(), grpc.StatusCode.CANCELLED)
    interop.empty_unary(client)


def cancel_after_first_response(client):
    with client.open(SERVICE + "FullDuplexCall") as stream:
        stream.send(interop.output_request(client, [31415], 27182))
        peer.equal(len(stream.receive().payload.body), 31415)
        stream.call.cancel()
        peer.fails(1, stream.receive)
    interop.empty_unary(client)


def timeout_on_sleeping_server(client):
    """One millisecond, while the server would wait for a minute."""
    begin = time.monotonic()
    with client.open(SERVICE + "FullDuplexCall", timeout=0.001) as stream:
        peer.fails(4, interop.slow_answer, client, stream)
    peer.equal(time.monotonic() - begin < peer.LIMIT / 2, True)
    interop.empty_unary(client)


def concurrent_large_unary(client):
    with concurrent.futures.ThreadPoolExecutor(32) as threads:
        calls = [threads.submit(interop.large_unary, client) for _ in range(1000)]
        for call in calls:
            call.result()


def cacheable_unary(client):
    """Nothing stands between that would cache: the two answers are equal all the same."""
    message = interop.request(client, "SimpleRequest", response_size=16)
    message.payload.body = str(time.monotonic_ns()).encode()
    metadata = [("x-user-ip", "1.2.3.4")]
    first, second = (client.call(SERVICE + "CacheableUnaryCall", message, metadata=metadata) for _ in range(2))
    peer.equal(len(first.payload.body), 16)
    peer.equal(first, second)


CASES = [
    *(case for case in interop.SHARED_CASES if case is not interop.cancel_after_first_response),
    client_compressed_unary,
    server_compressed_unary,
    client_compressed_streaming,
    server_compressed_streaming,
    custom_metadata,
    unimplemented_service,
    cancel_after_begin,
    cancel_after_first_response,
    timeout_on_sleeping_server,
    concurrent_large_unary,
    cacheable_unary,
]

if __name__ == "__main__":
    sys.exit(peer.main(__doc__, CASES, grpc_peer.Client))
