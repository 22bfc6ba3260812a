// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Decodes a message with both decoders and compares what they find, their structs, what is packed from them, and the
/// memory of the arena; and what is written with what is packed. Returns NULL if all is equal, otherwise what is not.
const char *compare_decoders(
    const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t count, size_t limit);

/// Whether the last message was accepted, and for another one the fault.
extern int last_fault;

/// Whether two structs are equal with everything that their pointers lead to, byte for byte.
bool structs_equal(const ProtobufCMessage *a, const ProtobufCMessage *b);
