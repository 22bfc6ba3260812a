// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

/// Why a message is refused.
typedef enum message_fault {
    MESSAGE_OK,
    /// A tag, a length or a value goes past the end.
    MESSAGE_TRUNCATED,
    /// A varint of more than ten bytes, or of more than 64 bits.
    MESSAGE_BAD_VARINT,
    /// Field number 0, or one over the largest.
    MESSAGE_BAD_FIELD_NUMBER,
    /// A group, or a wire type that does not exist.
    MESSAGE_BAD_WIRE_TYPE,
    /// A wire type that does not fit the type of the field.
    MESSAGE_WRONG_WIRE_TYPE,
    MESSAGE_NOT_UTF8,
    MESSAGE_NUL_IN_STRING,
    MESSAGE_TOO_DEEP,
    /// A singular message that comes twice.
    MESSAGE_TWICE,
    /// The decoded form would be over the budget.
    MESSAGE_OVER_BUDGET,
} message_fault;

/// What a check found. The names belong to descriptors, which are never freed; NULL if there is none.
typedef struct message_finding {
    message_fault fault;
    const char *message;
    const char *field;
} message_finding;

/// Reads the bytes of a message once, before protobuf-c does, and refuses what protobuf-c would take without a limit or
/// a check: its nesting, its strings, its size when decoded.
message_finding message_check(
    const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t count, size_t budget);
