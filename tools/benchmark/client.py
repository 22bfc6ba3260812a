# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""A client that makes single calls over ttrpc, of encoded messages."""

import socket
import struct
import time

from messages import field, names

HEADER = struct.Struct(">IIBB")
REQUEST, RESPONSE = 1, 2


class Client:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.stream = 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, method, message):
        body = names(*method.split("/")) + field(3, message)
        self.socket.sendall(HEADER.pack(len(body), self.stream, REQUEST, 0) + body)
        self.stream += 2

    def read(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise SystemExit("the daemon closed the connection")
            data += part
        return data

    def receive(self):
        """Takes an answer, which must have succeeded."""
        length, _, kind, _ = HEADER.unpack(self.read(HEADER.size))
        body = self.read(length)
        # A status comes first; without one, or with an empty one, the call has succeeded.
        if kind != RESPONSE or body[:1] == b"\x0a" and body[1:2] != b"\x00":
            raise SystemExit(f"a call failed: {body!r}")

    def call(self, method, message):
        """Makes a call and returns its milliseconds."""
        start = time.monotonic_ns()
        self.send(method, message)
        self.receive()
        return (time.monotonic_ns() - start) / 1e6
