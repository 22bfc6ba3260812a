// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include "message_arena.h"

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

/// Encodes a message as `protobuf_c_message_pack` does, in one walk: from its last field to its first, so that every
/// length is known when it is written.
///
/// The bytes are in the arena, beside its limit. NULL if memory runs out, or if messages are nested deeper than 100.
const uint8_t *message_write(message_arena *arena, const ProtobufCMessage *message, size_t *count);
