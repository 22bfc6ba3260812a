# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""A client on grpcio that is used like ttrpc_client.Client, so that the same cases run over both protocols."""

import contextlib
import queue

import grpc
import peer
import ttrpc_client

# Channels to one target would share their connection otherwise.
OPTIONS = [("grpc.use_local_subchannel_pool", 1)]


def call_error(contract, error):
    """What the peers of every protocol raise, of what grpcio raises; with the details in the trailing metadata."""
    code, message = error.code().value[0], error.details() or ""
    packed = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
    if packed is None:
        return ttrpc_client.CallError(code, message)
    status = contract.message("google.rpc.Status").FromString(packed)
    peer.equal((status.code, status.message), (code, message))
    return ttrpc_client.CallError(code, message, [contract.unpack(detail) for detail in status.details])


@contextlib.contextmanager
def errors(contract):
    try:
        yield
    except grpc.RpcError as error:
        raise call_error(contract, error) from error


def stub(channel, contract, path):
    """What makes the calls of a method, on a channel of either kind."""
    method = contract.method(path)
    kind = "_".join("stream" if streams else "unary" for streams in (method.client_streaming, method.server_streaming))
    request, response = contract.message(method.request), contract.message(method.response)
    return getattr(channel, kind)(f"/{path}", request.SerializeToString, response.FromString)


class Client:
    """A channel to a gRPC server on a Unix socket; `options` of its calls are grpcio's."""

    def __init__(self, contract, path):
        self.contract = contract
        self.path = path
        self.channel = grpc.insecure_channel(f"unix:{path}", OPTIONS)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.channel.close()

    def call(self, path, request=None, *, timeout=peer.LIMIT, **options):
        """Makes a unary call and returns its answer."""
        return self.call_with_metadata(path, request, timeout=timeout, **options)[0]

    def call_with_metadata(self, path, request=None, *, timeout=peer.LIMIT, **options):
        """The answer of a unary call, its initial and its trailing metadata."""
        message = self.contract.build(self.contract.method(path).request, request)
        with errors(self.contract):
            answer, call = stub(self.channel, self.contract, path).with_call(message, timeout=timeout, **options)
            return answer, call.initial_metadata(), call.trailing_metadata()

    def send_all(self, path, requests, **options):
        """Makes a client-streaming call of these messages and returns its answer.

        grpcio 1.85 loses the option `compression` of such a call unless it blocks.
        """
        with errors(self.contract):
            return stub(self.channel, self.contract, path)(iter(requests), timeout=peer.LIMIT, **options)

    def call_unknown(self, path):
        """Calls a method that is in no contract, with an empty message."""
        with errors(self.contract):
            return self.channel.unary_unary(f"/{path}")(b"", timeout=peer.LIMIT)

    def open(self, path, request=None, *, timeout=peer.LIMIT, **options):
        """Opens a streaming call; only one with a single request takes `request`."""
        return Stream(self, path, request, timeout, options)


class Stream:
    """A call that is under way; `call` is grpcio's object for it. Leaving its `with` block cancels it."""

    def __init__(self, client, path, request, timeout, options):
        self._contract = client.contract
        self._method = client.contract.method(path)
        self._waiting = queue.SimpleQueue()
        function = stub(client.channel, client.contract, path)
        if self._method.client_streaming:
            requests = iter(self._waiting.get, None)
        else:
            requests = client.contract.build(self._method.request, request)
        begin = function if self._method.server_streaming else function.future
        self.call = begin(requests, timeout=timeout, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close_send()
        self.call.cancel()

    def __iter__(self):
        while (message := self.receive()) is not None:
            yield message

    def send(self, message=None):
        """Sends one message."""
        self._waiting.put(self._contract.build(self._method.request, message))

    def close_send(self):
        """Says that no more messages come."""
        self._waiting.put(None)

    def receive(self):
        """The next answer, or None after the last one."""
        with errors(self._contract):
            return next(self.call, None) if self._method.server_streaming else self.call.result()

    def finish(self):
        """Ends sending and returns the one answer of a client-streaming call."""
        self.close_send()
        return self.receive()
