// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include "message_walk.h"

#include <limits.h>

/// What protobuf-c takes for a tag or a length.
enum { LONGEST_PREFIX = 5 };

/// A number and the place behind it; NULL if the bytes are not a number.
typedef struct number {
    uint64_t value;
    const uint8_t *next;
} number;

static inline number read_long_varint(const uint8_t *at, const uint8_t *end) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 70 && at < end; shift += 7) {
        uint8_t byte = *at++;
        // The tenth byte has room for one bit.
        if (shift == 63 && byte > 1) {
            break;
        }
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            return (number){value, at};
        }
    }
    return (number){0, NULL};
}

/// Most tags and lengths are one byte.
INLINE number read_varint(const uint8_t *at, const uint8_t *end) {
    return at < end && *at < 0x80 ? (number){*at, at + 1} : read_long_varint(at, end);
}

/// Why the bytes are not a number.
static inline message_fault varint_fault(const uint8_t *at, const uint8_t *end) {
    return end - at < 10 ? MESSAGE_TRUNCATED : MESSAGE_BAD_VARINT;
}

/// A field that is delimited.
typedef struct field_reader {
    /// The end of its tag.
    const uint8_t *at;
    /// What is in it, without a length in front, and its end. `value` is the number of a varint.
    const uint8_t *body, *end;
    uint64_t value;
    uint32_t number;
    unsigned wire;
    /// Whether protobuf-c takes the tag and the length.
    bool is_short;
} field_reader;

/// Reads a tag. The names of a fault that is found here are those of the message.
static inline message_fault read_tag(field_reader *in, const uint8_t *at, const uint8_t *end) {
    number tag = read_varint(at, end);
    if (tag.next == NULL) {
        return varint_fault(at, end);
    }
    if (tag.value >> 3 == 0 || tag.value > UINT32_MAX) {
        return MESSAGE_BAD_FIELD_NUMBER;
    }
    *in = (field_reader){
        .at = tag.next, .number = (uint32_t)(tag.value >> 3), .wire = tag.value & 7,
        .is_short = tag.next - at <= LONGEST_PREFIX};
    return MESSAGE_OK;
}

/// Finds the value behind a tag.
static inline message_fault read_value(field_reader *in, const uint8_t *end) {
    number number = {0, in->at};
    size_t length = 0;
    switch (in->wire) {
    case WIRE_VARINT:
    case WIRE_LENGTH:
        number = read_varint(in->at, end);
        if (number.next == NULL) {
            return varint_fault(in->at, end);
        }
        break;
    case WIRE_FIXED64:
        length = 8;
        break;
    case WIRE_FIXED32:
        length = 4;
        break;
    default:
        return MESSAGE_BAD_WIRE_TYPE;
    }
    in->value = number.value;
    in->body = number.next;
    if (in->wire == WIRE_LENGTH) {
        length = number.value;
        in->is_short = in->is_short && number.next - in->at <= LONGEST_PREFIX && length <= INT_MAX;
    } else if (in->wire == WIRE_VARINT) {
        in->body = in->at;
        length = (size_t)(number.next - in->at);
    }
    if (length > (size_t)(end - in->body)) {
        return MESSAGE_TRUNCATED;
    }
    in->end = in->body + length;
    return MESSAGE_OK;
}
