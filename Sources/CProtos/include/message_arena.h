// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#pragma once

#include <stddef.h>

/// Memory for the decoded form of one message: handed out from a block, taken back all at once.
///
/// What does not fit the block comes from larger chunks, which the reset frees. The reset also makes the block larger
/// for the next message, up to a bound. Nothing is zeroed.
typedef struct message_arena {
    /// The next allocation, and the end of what can be handed out here without a look at the limit.
    unsigned char *at;
    unsigned char *end;
    /// The start of the allocations that `total` does not count, and the end of the memory that they are in.
    unsigned char *start;
    unsigned char *chunk_end;
    /// What was handed out since the last reset before `start` was set.
    size_t total;
    /// What may be handed out, and how much more for the copies of encoded messages.
    size_t limit;
    size_t uncounted;
    unsigned char *block;
    size_t capacity;
    void *overflow;
    /// How many messages are around the one that is being stored.
    int depth;
} message_arena;

/// Returns NULL when there is no memory.
message_arena *message_arena_create(size_t limit);
void message_arena_destroy(message_arena *arena);
void message_arena_reset(message_arena *arena);

/// What to do when there is not enough memory before the end.
void *message_arena_alloc_more(message_arena *arena, size_t size);

/// 16-byte aligned memory until the next reset; NULL past the limit.
static inline void *message_arena_alloc(message_arena *arena, size_t size) {
    if (size == 0 || size > (size_t)(arena->end - arena->at)) {
        return message_arena_alloc_more(arena, size);
    }
    unsigned char *memory = arena->at;
    // The end is aligned, too.
    arena->at += (size + 15) & ~(size_t)15;
    return memory;
}

/// What was handed out since the last reset.
static inline size_t message_arena_total(const message_arena *arena) {
    return arena->total + (size_t)(arena->at - arena->start);
}

/// Memory that does not count against the limit; NULL when there is none.
void *message_arena_alloc_uncounted(message_arena *arena, size_t size);

/// Hands out what is before the end, which was written already; it does not count against the limit.
void message_arena_take_end(message_arena *arena, size_t size);

/// Takes back what was handed out since the arena was as in `before`, a copy of it.
void message_arena_restore(message_arena *arena, const message_arena *before);
