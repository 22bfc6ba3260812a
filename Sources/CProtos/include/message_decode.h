// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include "message_arena.h"

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
    /// A tag or a length has more bytes than protobuf-c takes, or a required field is missing.
    MESSAGE_UNDECODABLE,
    /// There was no memory for it, or the arena has too little left.
    MESSAGE_NO_MEMORY,
} message_fault;

/// What a decoder found. The names belong to descriptors, which are never freed; NULL if there is none.
typedef struct message_finding {
    message_fault fault;
    const char *message;
    const char *field;
} message_finding;

/// Decodes a message into protobuf-c's structs, and refuses what protobuf-c would take without a limit or a check: its
/// nesting, its strings, its size when decoded.
///
/// The arena's limit is the budget of the message. The encoded message, which is copied once, and the outermost struct
/// do not count: strings and bytes are parts of that copy. So they are not to be written to, and not aligned. All other
/// memory that is written to is within the budget. What a list of numbers has for elements to come is not written to
/// before they are paid for; it is at most eight times as large as the encoded message. Unknown fields are left out. Of
/// a message that is refused nothing stays in the arena.
message_finding message_decode(
    message_arena *arena, const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t count,
    void **message);
