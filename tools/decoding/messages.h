// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

/// Every message type of the generated code; made by tools/decode-proof.
extern const ProtobufCMessageDescriptor *const message_types[];
extern const size_t message_type_count;

enum { LARGEST_MESSAGE = 1 << 17 };

/// An encoded message.
typedef struct wire {
    uint8_t bytes[LARGEST_MESSAGE];
    size_t count;
} wire;

/// The next of a sequence of random numbers, and one of those below `end`.
uint64_t draw(uint64_t *seed);
uint64_t draw_below(uint64_t *seed, uint64_t end);

/// Makes a message: valid but for a few. Its fields come in any order, as lists or packed, with tags and lengths that
/// are longer than they need be, and with fields that the type does not have.
void make_message(uint64_t *seed, const ProtobufCMessageDescriptor *descriptor, wire *out);

/// Damages a message; `other` is one that parts come from.
void mutate_message(uint64_t *seed, wire *message, const wire *other);
