#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Reads odd but legal payloads with Python's protobuf, the judge of what they mean.

    protoc -I protos --include_imports --descriptor_set_out=SET FILE...
    judge_payloads.py SET FILE            writes the verdicts into FILE
    judge_payloads.py SET FILE --check    exits 1 when FILE holds other verdicts

A line is `case full.message.Name payload verdict`, payload and verdict in hexadecimal and `-` for no bytes. The verdict is
the message as it was read, encoded deterministically and without fields that the type does not have, or `refused`. Lines
that begin with `#`, and empty ones, stay as they are.
"""

import argparse
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError


def verdict(pool, name, payload):
    descriptor = pool.FindMessageTypeByName(name)
    if hasattr(message_factory, "GetMessageClass"):
        message = message_factory.GetMessageClass(descriptor)()
    else:
        message = message_factory.MessageFactory(pool).GetPrototype(descriptor)()
    try:
        message.ParseFromString(bytes.fromhex("" if payload == "-" else payload))
    except DecodeError:
        return "refused"
    message.DiscardUnknownFields()
    return message.SerializeToString(deterministic=True).hex() or "-"


def judged(pool, text):
    for line in text.splitlines():
        if not line or line.startswith("#"):
            yield line
            continue
        case, name, payload = line.split()[:3]
        yield f"{case} {name} {payload} {verdict(pool, name, payload)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("descriptor_set", metavar="SET")
    parser.add_argument("cases", metavar="FILE")
    parser.add_argument("--check", action="store_true", help="change nothing")
    arguments = parser.parse_args()
    pool = descriptor_pool.DescriptorPool()
    with open(arguments.descriptor_set, "rb") as file:
        for part in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
            pool.Add(part)
    with open(arguments.cases, encoding="utf-8") as file:
        before = file.read()
    after = "".join(f"{line}\n" for line in judged(pool, before))
    if before == after:
        return 0
    if arguments.check:
        print(f"{arguments.cases} has different verdicts; run tools/payloads", file=sys.stderr)
        return 1
    with open(arguments.cases, "w", encoding="utf-8") as file:
        file.write(after)
    return 0


if __name__ == "__main__":
    sys.exit(main())
