# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""A ttrpc client for Python that needs only the standard library and protobuf.

    contract = Contract.compile("protos")
    with Client(contract, "/run/backendd/backendd.sock") as client:
        reply = client.call("backends.v1.LifecycleService/StartBackend", {"name": "local"}, timeout=5)
        with client.open("backends.v1.LifecycleService/HoldStartLock") as lock:
            lock.send({"name": "local"})
            print(lock.receive().acquired.token)

Requests are messages or dictionaries in protobuf's JSON form. A call that fails raises `CallError`; a connection that
ends raises `ConnectionLost`; the call may or may not have run. A client belongs to one thread; its streams may be
interleaved.
"""

import collections
import pathlib
import socket
import struct
import subprocess
import time

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

# A frame is this header and `length` bytes: length, stream ID, type, flags.
HEADER = struct.Struct(">IIBB")
MAX_LENGTH = 4 << 20
REQUEST, RESPONSE, DATA = 1, 2, 3
REMOTE_CLOSED, REMOTE_OPEN, NO_DATA = 1, 2, 4

# Messages that wait in one stream while another one is read.
MAX_WAITING = 4096

CODES = (
    "OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED "
    "RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED"
).split()


class ConnectionLost(Exception):
    """The connection ended before the answer came."""


class CallError(Exception):
    """The status that a call ended with.

    `code` is the number and `name` the word of the gRPC status code. `reason`, `domain` and `metadata` come from the
    status's google.rpc.ErrorInfo and are empty without one; `details` holds every detail that the contract knows.
    """

    def __init__(self, code, message, details=()):
        self.code = code
        self.name = CODES[code] if 0 <= code < len(CODES) else str(code)
        self.message = message
        self.details = list(details)
        info = next((part for part in self.details if part.DESCRIPTOR.full_name == "google.rpc.ErrorInfo"), None)
        self.reason = info.reason if info is not None else ""
        self.domain = info.domain if info is not None else ""
        self.metadata = dict(info.metadata) if info is not None else {}
        super().__init__(f"{self.name}{' ' + self.reason if self.reason else ''}: {message}")


Method = collections.namedtuple("Method", "service name request response client_streaming server_streaming")


def compile_protos(folder):
    """The serialized descriptor set of every .proto file below a folder, by `protoc`."""
    root = pathlib.Path(folder)
    files = sorted(str(path.relative_to(root)) for path in root.rglob("*.proto"))
    command = ["protoc", "-I.", "--include_imports", "--descriptor_set_out=/dev/stdout", *files]
    return subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE).stdout


class Contract:
    """The messages and methods of a set of .proto files."""

    def __init__(self, descriptor_set):
        """Takes a serialized google.protobuf.FileDescriptorSet with its imports, ttrpc/ttrpc.proto among them."""
        self._pool = descriptor_pool.DescriptorPool()
        self._methods = {}
        for file in descriptor_pb2.FileDescriptorSet.FromString(descriptor_set).file:
            self._pool.Add(file)
            for service in file.service:
                for method in service.method:
                    full_name = f"{file.package}.{service.name}"
                    self._methods[f"{full_name}/{method.name}"] = Method(
                        full_name,
                        method.name,
                        method.input_type.lstrip("."),
                        method.output_type.lstrip("."),
                        method.client_streaming,
                        method.server_streaming,
                    )

    @classmethod
    def compile(cls, folder):
        """Compiles every .proto file below a folder; needs `protoc`."""
        return cls(compile_protos(folder))

    def method(self, path):
        """The method of a path such as "backends.v1.LifecycleService/StartBackend"."""
        return self._methods[path]

    def message(self, full_name):
        """The class of the message of this name."""
        descriptor = self._pool.FindMessageTypeByName(full_name)
        if hasattr(message_factory, "GetMessageClass"):
            return message_factory.GetMessageClass(descriptor)
        return message_factory.MessageFactory(self._pool).GetPrototype(descriptor)

    def build(self, full_name, value):
        """A message of this name: `value` itself, what a dictionary describes, or an empty one for None."""
        if value is None:
            return self.message(full_name)()
        if isinstance(value, dict):
            return json_format.ParseDict(value, self.message(full_name)(), descriptor_pool=self._pool)
        return value

    def unpack(self, packed):
        """The message in a google.protobuf.Any, or the Any itself when the contract does not know it."""
        name = packed.type_url.rpartition("/")[2]
        try:
            return self.message(name).FromString(packed.value)
        except KeyError:
            return packed


class Client:
    """A connection to a ttrpc server on a Unix socket."""

    def __init__(self, contract, path):
        self.contract = contract
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(path)
        except OSError:
            self._socket.close()
            raise
        self._received = bytearray()
        self._next_id = 1
        self._waiting = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the connection and with it every call that is under way."""
        self._socket.close()

    def call(self, path, request=None, *, timeout=None, metadata=()):
        """Makes a unary call and returns its answer.

        `timeout` is in seconds, measured by both sides; `metadata` holds (key, value) pairs.
        """
        method = self.contract.method(path)
        payload = self.contract.build(method.request, request).SerializeToString()
        with self._open(method, 0, payload, timeout, metadata) as stream:
            return stream.receive()

    def open(self, path, request=None, *, timeout=None, metadata=()):
        """Opens a streaming call; only one with a single request takes `request`."""
        method = self.contract.method(path)
        if method.client_streaming:
            return self._open(method, REMOTE_OPEN, b"", timeout, metadata)
        payload = self.contract.build(method.request, request).SerializeToString()
        return self._open(method, REMOTE_CLOSED, payload, timeout, metadata)

    def _open(self, method, flags, payload, timeout, metadata):
        envelope = self.contract.message("ttrpc.Request")(service=method.service, method=method.name, payload=payload)
        if timeout is not None:
            envelope.timeout_nano = int(timeout * 1e9)
        for key, value in metadata:
            envelope.metadata.add(key=key, value=value)
        stream_id = self._next_id
        self._send(stream_id, REQUEST, flags, envelope.SerializeToString())
        self._next_id += 2
        self._waiting[stream_id] = collections.deque()
        deadline = time.monotonic() + timeout if timeout is not None else None
        return Stream(self, method, stream_id, flags == REMOTE_OPEN, deadline)

    def _send(self, stream_id, kind, flags, body):
        if len(body) > MAX_LENGTH:
            raise CallError(8, f"cannot send a message of {len(body)} bytes: at most {MAX_LENGTH} fit")
        try:
            self._socket.settimeout(None)
            self._socket.sendall(HEADER.pack(len(body), stream_id, kind, flags) + body)
        except OSError as error:
            raise ConnectionLost(f"cannot send to the server: {error.strerror}") from error

    def _forget(self, stream_id):
        self._waiting.pop(stream_id, None)

    def _next_frame(self, stream_id, deadline):
        """The next frame of this stream; those of other streams wait for their readers."""
        mine = self._waiting[stream_id]
        while not mine:
            other, kind, flags, body = self._read_frame(deadline)
            queue = self._waiting.get(other)
            if queue is None:
                continue
            if len(queue) == MAX_WAITING:
                raise CallError(8, f"{MAX_WAITING} messages wait in stream {other}: read it")
            queue.append((kind, flags, body))
        return mine.popleft()

    def _read_frame(self, deadline):
        self._fill(HEADER.size, deadline)
        length, stream_id, kind, flags = HEADER.unpack_from(self._received)
        self._fill(HEADER.size + length, deadline)
        body = bytes(self._received[HEADER.size : HEADER.size + length])
        del self._received[: HEADER.size + length]
        return stream_id, kind, flags, body

    def _fill(self, count, deadline):
        while len(self._received) < count:
            try:
                remaining = None if deadline is None else deadline - time.monotonic()
                if remaining is not None and remaining <= 0:
                    raise TimeoutError
                self._socket.settimeout(remaining)
                chunk = self._socket.recv(1 << 16)
            except TimeoutError as error:
                raise CallError(4, "the deadline passed before the server answered") from error
            except OSError as error:
                raise ConnectionLost(f"cannot read from the server: {error.strerror}") from error
            if not chunk:
                raise ConnectionLost("the server closed the connection")
            self._received += chunk


class Stream:
    """A call that is under way. Iterating it yields the answers; leaving its `with` block abandons it."""

    def __init__(self, client, method, stream_id, may_send, deadline):
        self._client = client
        self._method = method
        self._id = stream_id
        self._may_send = may_send
        self._deadline = deadline
        self._ended = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __iter__(self):
        while (message := self.receive()) is not None:
            yield message

    def send(self, message=None):
        """Sends one message."""
        body = self._client.contract.build(self._method.request, message).SerializeToString()
        self._client._send(self._id, DATA, 0, body)

    def close_send(self):
        """Says that no more messages come."""
        if self._may_send and not self._ended:
            self._client._send(self._id, DATA, REMOTE_CLOSED | NO_DATA, b"")
        self._may_send = False

    def receive(self):
        """The next answer, or None after the last one."""
        if self._ended:
            return None
        try:
            kind, flags, body = self._client._next_frame(self._id, self._deadline)
        except CallError:
            self.close()
            raise
        if kind == RESPONSE:
            return self._response(body)
        if kind != DATA:
            raise ConnectionLost(f"the server sent a frame of the unknown type {kind}")
        if flags & REMOTE_CLOSED:
            self._end()
        if not flags & NO_DATA:
            return self._message(body)
        return self.receive()

    def finish(self):
        """Ends sending and returns the one answer of a client-streaming call."""
        self.close_send()
        return self.receive()

    def close(self):
        """Abandons the call: what still comes is dropped. ttrpc has no cancellation; the server sees the half close."""
        if self._ended:
            return
        try:
            self.close_send()
        except ConnectionLost:
            pass
        self._end()

    def _end(self):
        self._ended = True
        self._client._forget(self._id)

    def _response(self, body):
        self._end()
        response = self._client.contract.message("ttrpc.Response").FromString(body)
        if response.status.code != 0:
            details = [self._client.contract.unpack(detail) for detail in response.status.details]
            raise CallError(response.status.code, response.status.message, details)
        return None if self._method.server_streaming else self._message(response.payload)

    def _message(self, body):
        return self._client.contract.message(self._method.response).FromString(body)
