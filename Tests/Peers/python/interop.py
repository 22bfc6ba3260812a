#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The cases of gRPC's interoperability tests against interop-server, all kinds of call. Prints a line for each."""

import sys
import time

import peer

SERVICE = "grpc.testing.TestService/"
LARGE_REQUEST, LARGE_RESPONSE = 271828, 314159
REQUEST_SIZES = [27182, 8, 1828, 45904]
RESPONSE_SIZES = [31415, 9, 2653, 58979]


def payload(client, size):
    return client.contract.message("grpc.testing.Payload")(body=bytes(size))


def request(client, name, **fields):
    return client.contract.message(f"grpc.testing.{name}")(**fields)


def output_request(client, sizes, body=0, interval=0):
    message = request(client, "StreamingOutputCallRequest", payload=payload(client, body))
    for size in sizes:
        message.response_parameters.add(size=size, interval_us=interval)
    return message


def sizes(stream):
    return [len(answer.payload.body) for answer in stream]


def empty_unary(client):
    peer.equal(client.call(SERVICE + "EmptyCall", timeout=peer.LIMIT).ByteSize(), 0)


def large_unary(client):
    message = request(client, "SimpleRequest", response_size=LARGE_RESPONSE, payload=payload(client, LARGE_REQUEST))
    answer = client.call(SERVICE + "UnaryCall", message, timeout=peer.LIMIT)
    peer.equal(answer.payload.body, bytes(LARGE_RESPONSE))


def client_streaming(client):
    with client.open(SERVICE + "StreamingInputCall", timeout=peer.LIMIT) as stream:
        for size in REQUEST_SIZES:
            stream.send(request(client, "StreamingInputCallRequest", payload=payload(client, size)))
        peer.equal(stream.finish().aggregated_payload_size, 74922)


def server_streaming(client):
    message = output_request(client, RESPONSE_SIZES)
    with client.open(SERVICE + "StreamingOutputCall", message, timeout=peer.LIMIT) as stream:
        peer.equal(sizes(stream), RESPONSE_SIZES)


def ping_pong(client):
    with client.open(SERVICE + "FullDuplexCall", timeout=peer.LIMIT) as stream:
        for sent, wanted in zip(REQUEST_SIZES, RESPONSE_SIZES):
            stream.send(output_request(client, [wanted], sent))
            peer.equal(len(stream.receive().payload.body), wanted)
        stream.close_send()
        peer.equal(stream.receive(), None)


def half_duplex(client):
    with client.open(SERVICE + "HalfDuplexCall", timeout=peer.LIMIT) as stream:
        for sent, wanted in zip(REQUEST_SIZES, RESPONSE_SIZES):
            stream.send(output_request(client, [wanted], sent))
        stream.close_send()
        peer.equal(sizes(stream), RESPONSE_SIZES)


def empty_stream(client):
    with client.open(SERVICE + "FullDuplexCall", timeout=peer.LIMIT) as stream:
        stream.close_send()
        peer.equal(stream.receive(), None)


def interleaved_streams(client):
    """Two streams and a unary call share the connection."""
    with client.open(SERVICE + "FullDuplexCall") as first, client.open(SERVICE + "FullDuplexCall") as second:
        first.send(output_request(client, [1, 2]))
        second.send(output_request(client, [3]))
        empty_unary(client)
        peer.equal(len(second.receive().payload.body), 3)
        peer.equal([len(first.receive().payload.body) for _ in range(2)], [1, 2])
        for stream in (first, second):
            stream.close_send()
            peer.equal(stream.receive(), None)


def custom_metadata(client):
    key = "x-grpc-test-echo-initial"
    metadata = [(key, "test_initial_metadata_value"), (key, "second")]
    answer = client.call(SERVICE + "UnaryCall", timeout=peer.LIMIT, metadata=metadata)
    peer.equal(answer.username, "test_initial_metadata_value,second")


def echoes_status(client, message):
    wanted = {"response_status": {"code": 2, "message": message}}
    error = peer.fails(2, client.call, SERVICE + "UnaryCall", wanted, timeout=peer.LIMIT)
    peer.equal(error.message, message)
    with client.open(SERVICE + "FullDuplexCall", timeout=peer.LIMIT) as stream:
        stream.send(wanted)
        stream.close_send()
        peer.equal(peer.fails(2, stream.receive).message, message)


def status_code_and_message(client):
    echoes_status(client, "test status message")


def special_status_message(client):
    echoes_status(client, "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n")


def unimplemented_method(client):
    peer.fails(12, client.call, SERVICE + "UnimplementedCall", timeout=peer.LIMIT)


def timeout_on_sleeping_server(client):
    """One millisecond, while the server would wait for a minute. The status is to be the server's own."""
    with client.open(SERVICE + "FullDuplexCall", timeout=0.001) as stream:
        # The client's own timer waits longer, and would be seen in the error's cause.
        stream._deadline = time.monotonic() + peer.LIMIT
        error = peer.fails(4, slow_answer, client, stream)
    if isinstance(error.__cause__, TimeoutError):
        raise peer.Failed("the server did not end the call at its deadline")
    empty_unary(client)


def slow_answer(client, stream):
    stream.send(output_request(client, [31415], interval=60_000_000))
    return stream.receive()


def cancel_after_first_response(client):
    with client.open(SERVICE + "FullDuplexCall", timeout=peer.LIMIT) as stream:
        stream.send(output_request(client, [31415]))
        peer.equal(len(stream.receive().payload.body), 31415)
    empty_unary(client)


# What is the same over every protocol.
SHARED_CASES = [
    empty_unary,
    large_unary,
    client_streaming,
    server_streaming,
    ping_pong,
    half_duplex,
    empty_stream,
    interleaved_streams,
    status_code_and_message,
    special_status_message,
    unimplemented_method,
    cancel_after_first_response,
]

CASES = [*SHARED_CASES, custom_metadata, timeout_on_sleeping_server]

if __name__ == "__main__":
    sys.exit(peer.main(__doc__, CASES))
