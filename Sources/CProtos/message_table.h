// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_LENGTH = 2, WIRE_FIXED32 = 5 };

/// How a value is read and stored.
enum { INT32 = 1, SINT32, INT64, SINT64, BOOL, FIXED32, FIXED64, TEXT, BYTES, MESSAGE };
/// Added to it: what the message has of the field.
enum { IN_ONEOF = 16, IN_LIST = 32, REQUIRED = 48, VALUE = 15, PLACE = 48, KINDS = 64 };

enum { WRITTEN_LIST = 11 };

/// The wire type of a value, and its size in a struct or a list.
extern const uint8_t message_wire_types[], message_value_sizes[];

/// A field for the decoder.
typedef struct table_field {
    /// Reads the field if its first byte is `tag`; see message_fast.h.
    const void *handler;
    const struct message_table *sub;
    /// The number of the field, and the wire type of a value: of a list that can be packed, of the packed one.
    uint32_t tag;
    /// What is stored at `quantifier`: the number of a field in a oneof, otherwise 1.
    uint32_t presence;
    /// Where the value is, or the pointer to the list, and where the length of the list, the case of the oneof or the
    /// presence is. For a field without one of those both are the same: what is stored there is overwritten.
    uint16_t offset, quantifier;
    /// A value and a place.
    uint8_t kind;
    /// The size of the largest value in the oneof.
    uint8_t union_size;
    /// The bit that notes that the field came, for a singular message and a required field.
    uint8_t bit;
    /// For the writer: the kind of a field that is sent when it is not 0 or empty, `WRITTEN_LIST`, or 0 for others.
    uint8_t written_as;
} table_field;

/// What the decoder knows of a message type. Its fields and its image follow it.
typedef struct message_table {
    const ProtobufCMessageDescriptor *descriptor;
    /// The struct of a message without fields, as large as what is allocated for it.
    const unsigned char *image;
    size_t size;
    /// What a message counts against the budget without its fields, and with the field that it is in.
    size_t cost, field_cost;
    /// The bits of the required fields without a default.
    uint64_t required;
    /// Every field, in the order of the descriptor.
    table_field *fields;
    struct message_table *next;
    /// One less than the number of entries in `by_number`, times 32.
    unsigned mask;
    unsigned count;
    /// The index of each field with a number that is in `by_number`, otherwise of none.
    uint8_t indices[16];
    /// The fields with numbers under 16 by their number.
    table_field by_number[];
} message_table;

enum { NO_INDEX = 255 };

/// The table of a message type, which is made when it is first asked for and never freed. NULL if memory runs out, or
/// if a table cannot hold the type. Any thread may call it.
const message_table *message_table_of(const ProtobufCMessageDescriptor *descriptor);
