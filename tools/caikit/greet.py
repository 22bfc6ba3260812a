#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Asks a caikit runtime for a greeting, with what the server tells of itself: greet.py ADDRESS MODEL NAME.

Tries once: a server that cannot be reached is an error at once.
"""

import sys

import grpc
from google.protobuf import descriptor_pool, message_factory
from grpc_reflection.v1alpha import proto_reflection_descriptor_database as reflection

address, model, name = sys.argv[1:]
with grpc.insecure_channel(address) as channel:
    pool = descriptor_pool.DescriptorPool(reflection.ProtoReflectionDescriptorDatabase(channel))
    service = pool.FindServiceByName("caikit.runtime.Greeting.GreetingService")
    method = service.methods_by_name["GreetingTaskPredict"]
    request, reply = (message_factory.GetMessageClass(kind) for kind in (method.input_type, method.output_type))
    call = channel.unary_unary(
        f"/{service.full_name}/{method.name}", request.SerializeToString, reply.FromString
    )
    greeting = call(request(name=name), timeout=10, metadata=[("mm-model-id", model)])
    print(greeting.pid, greeting.text)
