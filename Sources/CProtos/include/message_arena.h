// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

/// Memory for the decoded form of one message: handed out from a block, taken back all at once.
///
/// What does not fit the block comes from malloc and is freed by the reset, which also makes the block larger for the
/// next message, up to a bound. Nothing is zeroed.
typedef struct message_arena {
    /// For protobuf-c, whose free does nothing here.
    ProtobufCAllocator allocator;
    unsigned char *block;
    size_t capacity;
    size_t used;
    /// What was handed out since the last reset, block or not.
    size_t total;
    size_t limit;
    void *overflow;
    /// Whether an allocation was refused since the last reset.
    bool exhausted;
    /// How many messages are around the one that is being stored.
    int depth;
} message_arena;

/// Returns NULL when there is no memory.
message_arena *message_arena_create(size_t limit);
void message_arena_destroy(message_arena *arena);
void message_arena_reset(message_arena *arena);
/// 16-byte aligned memory until the next reset; NULL past the limit.
void *message_arena_alloc(message_arena *arena, size_t size);
