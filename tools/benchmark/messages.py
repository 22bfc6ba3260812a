# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""The messages that the tools for measuring send, encoded."""

HANDLE = "backends.v1.RuntimeContextService/HandleRuntimeContext"
STREAM = "backends.v1.RuntimeContextService/StreamRuntimeContexts"
RESOLVE = "backends.v1.ModelService/ResolveModel"
LOAD_MODEL = "backends.v1.ModelService/LoadModel"
GET = "backends.v1.BackendConfigService/GetBackend"
LIST = "backends.v1.BackendConfigService/ListBackends"
CREATE = "backends.v1.BackendConfigService/CreateBackend"
DELETE = "backends.v1.BackendConfigService/DeleteBackend"
START = "backends.v1.LifecycleService/StartBackend"
STOP = "backends.v1.LifecycleService/StopBackend"
RESTART = "backends.v1.LifecycleService/RestartBackend"
LOCK = "backends.v1.LifecycleService/HoldStartLock"
WATCH = "backends.v1.ObserveService/WatchBackends"
HEALTH = "grpc.health.v1.Health/Check"

MODEL = "flan-t5-small-caikit"
# In a ttrpc frame, a request of this size makes 624 bytes.
USUAL_SIZE = 554

# What a caikit runtime is asked with; the last header is filled up to the size of the message.
HEADERS = [
    ("user-agent", "grpc-python/1.62.1 grpc-c/39.0.0 (linux; chttp2)"),
    ("mm-model-id", MODEL),
    ("x-request-id", "7c0a3b1e-4f55-4f0a-9d1c-2f6f0f5a9e11"),
    ("accept-encoding", "identity, deflate, gzip"),
    ("x-user", "service-account-inference"),
    ("x-tenant", "research"),
    ("x-route-to", "text-generation-0"),
    ("x-b3-traceid", "463ac35c9f6413ad48485a3953bb6124"),
    ("x-b3-spanid", "a2fb4a1d1a96d312"),
    ("traceparent", ""),
]
GRPC_METHOD = "/caikit.runtime.Nlp.NlpService/TextGenerationTaskPredict"
PEER = "ipv4:127.0.0.1:50712"


def varint(value):
    result = bytearray()
    while value > 127:
        result.append(value & 127 | 128)
        value >>= 7
    return bytes(result) + bytes([value])


def field(number, content):
    """A field of the kind string, bytes or message."""
    content = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(content)) + content


def flag(number, value=1):
    """A field of the kind bool, enum or integer."""
    return varint(number << 3) + varint(value)


def names(*words):
    """A message whose fields 1, 2, … are strings."""
    return b"".join(field(number + 1, word) for number, word in enumerate(words))


def structure(values):
    """A google.protobuf.Struct of strings and of such mappings."""

    def value(content):
        return field(5, structure(content)) if isinstance(content, dict) else field(3, content)

    return b"".join(field(1, field(1, key) + field(2, value(content))) for key, content in values.items())


def context_of(headers, method=GRPC_METHOD):
    """A HandleRuntimeContextRequest."""
    entries = b"".join(field(3, field(1, key) + field(2, value)) for key, value in headers)
    return field(1, MODEL) + field(2, field(1, field(1, method) + field(2, PEER) + entries))


def context_request(size=USUAL_SIZE):
    """A HandleRuntimeContextRequest of this size; one that is too small for the ten headers has none."""

    def encoded(filling):
        zeros = "0" * filling
        return context_of([*HEADERS[:-1], (HEADERS[-1][0], zeros)]) if has_headers else context_of([], "/" + zeros)

    has_headers = len(context_of(HEADERS)) <= size
    filling = 0
    # A larger filling may need longer lengths around it.
    for _ in range(4):
        filling = max(0, filling + size - len(encoded(filling)))
    return encoded(filling)


def stream_request():
    """A small StreamRuntimeContextsRequest, whose context has no headers."""
    return flag(1) + field(2, context_of([]))


def resolve_request(model, has_context=False):
    """A ResolveModelRequest that starts, loads and waits; the model may run in the caller's process."""
    context = context_request()[len(field(1, MODEL)) :] if has_context else b""
    return field(1, model) + context + flag(4) + flag(5) + flag(6)


def lock_request(name, seconds):
    """A HoldStartLockRequest that waits."""
    return field(1, name) + field(2, flag(1, seconds))
