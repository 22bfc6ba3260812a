#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The backendd authors
"""Encodes every message of a descriptor set with every field set, by Python's protobuf.

    protoc -I protos --include_imports --descriptor_set_out=SET FILE...
    encode_reference.py SET                 prints the lines
    encode_reference.py SET --check FILE    exits 1 when FILE holds other lines

A line is `full.message.Name hex`, or `full.message.Name#member hex` for each member of a message that has a oneof: that
member is the one that is set. A message of no bytes has a line of its name alone. Nested messages have lines of their
own, map entries have none. Lines are sorted bytewise, encoded deterministically: fields by number, map entries by key.

The rule. `fill(message, depth, index)` starts with depth 0 and index 0; n is the number of a field, i the index:

    a singular field     takes value(field, i), with the index i of the message it is in
    a repeated field     has two elements, value(field, 0) and value(field, 1)
    a map                has two entries, for i = 0 and 1: key value(key field, i) and value value(value field, i);
                         n is there the number of the map field itself, not the 1 and 2 of the entry's fields
    a oneof              at depth 0 the member that the line names; below it the member at position i modulo the count
                         of members, in the order of declaration. The line of a message with several oneofs names a member
                         of one of them; the others take the member at position 0
    bool                 true
    string               "s<n>.<i> ü", for example "s3.0 ü"
    bytes                the four bytes n, i, 0x00, 0xff
    int32 sint32 sfixed32          n * 1000 + 7 + i, negated when n >= 3
    int64 sint64 sfixed64          n * 10_000_000_000 + 7 + i, negated when n >= 3
    uint32 fixed32                 4_000_000_000 + n + i
    uint64 fixed64                 10_000_000_000_000_000_000 + n + i
    double float         n + 0.5 + i
    an enum              the value declared last
    a message            present; fill(it, depth + 1, i). At depth 3 nothing in it is set. A map adds no depth
"""

import argparse
import os
import sys

# The default implementation has an order of its own for the entries of maps.
os.environ["PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"] = "python"

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor as Field

DEPTH = 3

SCALARS = {
    Field.TYPE_BOOL: lambda n, i: True,
    Field.TYPE_STRING: lambda n, i: f"s{n}.{i} ü",
    Field.TYPE_BYTES: lambda n, i: bytes([n, i, 0x00, 0xFF]),
    Field.TYPE_DOUBLE: lambda n, i: n + 0.5 + i,
    Field.TYPE_FLOAT: lambda n, i: n + 0.5 + i,
}
SCALARS.update(
    dict.fromkeys(
        (Field.TYPE_INT32, Field.TYPE_SINT32, Field.TYPE_SFIXED32),
        lambda n, i: (n * 1000 + 7 + i) * (-1 if n >= 3 else 1),
    )
)
SCALARS.update(
    dict.fromkeys(
        (Field.TYPE_INT64, Field.TYPE_SINT64, Field.TYPE_SFIXED64),
        lambda n, i: (n * 10_000_000_000 + 7 + i) * (-1 if n >= 3 else 1),
    )
)
SCALARS.update(dict.fromkeys((Field.TYPE_UINT32, Field.TYPE_FIXED32), lambda n, i: 4_000_000_000 + n + i))
SCALARS.update(
    dict.fromkeys((Field.TYPE_UINT64, Field.TYPE_FIXED64), lambda n, i: 10_000_000_000_000_000_000 + n + i)
)


def scalar(field, number, index):
    if field.type == Field.TYPE_ENUM:
        return field.enum_type.values[-1].number
    return SCALARS[field.type](number, index)


def is_map(field):
    return field.type == Field.TYPE_MESSAGE and field.message_type.GetOptions().map_entry


def is_repeated(field):
    # Older versions of protobuf have only the label, newer ones only the property.
    return field.is_repeated if hasattr(field, "is_repeated") else field.label == Field.LABEL_REPEATED


def fill_map(container, field, depth):
    key, value = field.message_type.fields_by_name["key"], field.message_type.fields_by_name["value"]
    for index in (0, 1):
        name = scalar(key, field.number, index)
        if value.type == Field.TYPE_MESSAGE:
            fill(container[name], depth + 1, index)
        else:
            container[name] = scalar(value, field.number, index)


def fill_repeated(container, field, depth):
    for index in (0, 1):
        if field.type == Field.TYPE_MESSAGE:
            fill(container.add(), depth + 1, index)
        else:
            container.append(scalar(field, field.number, index))


def fill_singular(message, field, depth, index):
    if field.type == Field.TYPE_MESSAGE:
        part = getattr(message, field.name)
        part.SetInParent()
        fill(part, depth + 1, index)
    else:
        setattr(message, field.name, scalar(field, field.number, index))


def fill(message, depth, index, member=None):
    if depth == DEPTH:
        return
    for field in message.DESCRIPTOR.fields:
        oneof = field.containing_oneof
        if oneof is not None:
            chosen = oneof.fields[index % len(oneof.fields)]
            if member is not None and member.containing_oneof is oneof:
                chosen = member
            if field.name != chosen.name:
                continue
        if is_map(field):
            fill_map(getattr(message, field.name), field, depth)
        elif is_repeated(field):
            fill_repeated(getattr(message, field.name), field, depth)
        else:
            fill_singular(message, field, depth, index)


def descriptors(containers):
    for descriptor in containers:
        if not descriptor.GetOptions().map_entry:
            yield descriptor
            yield from descriptors(descriptor.nested_types)


def message_class(pool, descriptor):
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


def lines(serialized_set):
    files = descriptor_pb2.FileDescriptorSet.FromString(serialized_set).file
    pool = descriptor_pool.DescriptorPool()
    for file in files:
        pool.Add(file)
    for file in files:
        top = pool.FindFileByName(file.name).message_types_by_name.values()
        for descriptor in descriptors(top):
            members = [field for oneof in descriptor.oneofs for field in oneof.fields]
            for member in members or [None]:
                message = message_class(pool, descriptor)()
                fill(message, 0, 0, member)
                case = f"#{member.name}" if member is not None else ""
                encoded = message.SerializeToString(deterministic=True)
                yield f"{descriptor.full_name}{case} {encoded.hex()}".rstrip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("descriptor_set", metavar="SET")
    parser.add_argument("--check", metavar="FILE", help="compare with FILE and print nothing when it is current")
    arguments = parser.parse_args()
    with open(arguments.descriptor_set, "rb") as file:
        text = "".join(f"{line}\n" for line in sorted(lines(file.read()), key=str.encode))
    if arguments.check is None:
        sys.stdout.write(text)
        return 0
    with open(arguments.check, encoding="utf-8") as file:
        if file.read() == text:
            return 0
    print(f"{arguments.check} does not match the contract; run tools/payloads", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
