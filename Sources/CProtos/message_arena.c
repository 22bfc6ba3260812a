// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "message_arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

// A proof of the decoder makes them small.
#ifndef MESSAGE_ARENA_FIRST_BLOCK
#define MESSAGE_ARENA_FIRST_BLOCK 4096
#endif
#ifndef MESSAGE_ARENA_CHUNK
#define MESSAGE_ARENA_CHUNK (64 * 1024)
#endif

/// What is larger than `ALONE` has its own memory, so a chunk that is given up for the next has less than that left.
enum { ALIGNMENT = 16, FIRST_BLOCK = MESSAGE_ARENA_FIRST_BLOCK, CHUNK = MESSAGE_ARENA_CHUNK, ALONE = CHUNK / 8 };

/// In front of everything that comes from malloc beside the block.
typedef struct overflow_header {
    struct overflow_header *next;
    uint64_t padding;
} overflow_header;

_Static_assert(sizeof(overflow_header) == ALIGNMENT, "what follows the header is aligned");

/// The block of an arena that has none.
static unsigned char no_block[1];

static size_t aligned(size_t size) {
    return (size + (ALIGNMENT - 1)) & ~(size_t)(ALIGNMENT - 1);
}

/// What the limit leaves.
static size_t left(const message_arena *arena) {
    size_t limit = arena->limit > SIZE_MAX - arena->uncounted ? SIZE_MAX : arena->limit + arena->uncounted;
    size_t total = message_arena_total(arena);
    return total < limit ? limit - total : 0;
}

static void set_end(message_arena *arena) {
    size_t room = (size_t)(arena->chunk_end - arena->at), allowed = left(arena) & ~(size_t)(ALIGNMENT - 1);
    arena->end = arena->at + (room < allowed ? room : allowed);
}

/// Hands out from this memory from now on.
static void use(message_arena *arena, unsigned char *memory, size_t size) {
    arena->total = message_arena_total(arena);
    arena->at = arena->start = memory;
    arena->chunk_end = memory + size;
    set_end(arena);
}

static void use_block(message_arena *arena) {
    use(arena, arena->block == NULL ? no_block : arena->block, arena->capacity);
}

message_arena *message_arena_create(size_t limit) {
    message_arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL) {
        arena->limit = limit;
        arena->at = arena->start = no_block;
        use_block(arena);
    }
    return arena;
}

static void free_overflow(message_arena *arena, const void *last) {
    overflow_header *header = arena->overflow;
    while (header != last) {
        overflow_header *next = header->next;
        free(header);
        header = next;
    }
    arena->overflow = header;
}

void message_arena_destroy(message_arena *arena) {
    free_overflow(arena, NULL);
    free(arena->block);
    free(arena);
}

void message_arena_reset(message_arena *arena) {
    if (arena->overflow != NULL) {
        free_overflow(arena, NULL);
        size_t total = message_arena_total(arena), wanted = arena->capacity == 0 ? FIRST_BLOCK : arena->capacity;
        while (wanted < total && wanted < CHUNK) {
            wanted *= 2;
        }
        if (wanted > arena->capacity) {
            free(arena->block);
            arena->block = malloc(wanted);
            arena->capacity = arena->block == NULL ? 0 : wanted;
        }
    }
    arena->uncounted = 0;
    arena->at = arena->start;
    arena->total = 0;
    use_block(arena);
}

void message_arena_restore(message_arena *arena, const message_arena *before) {
    free_overflow(arena, before->overflow);
    unsigned char *block = arena->block;
    size_t capacity = arena->capacity;
    *arena = *before;
    arena->block = block;
    arena->capacity = capacity;
    if (before->block == NULL) {
        use_block(arena);
    }
}

/// Memory from malloc until the reset.
static unsigned char *overflow(message_arena *arena, size_t size) {
    overflow_header *header = malloc(size + sizeof *header);
    if (header == NULL) {
        return NULL;
    }
    header->next = arena->overflow;
    arena->overflow = header;
    return (unsigned char *)(header + 1);
}

/// Makes the memory that is handed out from the next one.
static bool use_next(message_arena *arena, size_t needed) {
    // Most arenas need no more than the first block, so an arena of one use takes memory once.
    if (arena->block == NULL && needed <= FIRST_BLOCK) {
        arena->block = malloc(FIRST_BLOCK);
        arena->capacity = arena->block == NULL ? 0 : FIRST_BLOCK;
        use_block(arena);
        return arena->block != NULL;
    }
    unsigned char *chunk = overflow(arena, CHUNK);
    if (chunk == NULL) {
        return false;
    }
    use(arena, chunk, CHUNK);
    return true;
}

/// Memory of an aligned size, whatever the limit is.
static void *take(message_arena *arena, size_t needed) {
    bool fits = needed <= (size_t)(arena->chunk_end - arena->at);
    if (!fits && needed > ALONE && (arena->block != NULL || needed > FIRST_BLOCK)) {
        void *memory = overflow(arena, needed);
        arena->total += memory == NULL ? 0 : needed;
        set_end(arena);
        return memory;
    }
    if (!fits && !use_next(arena, needed)) {
        return NULL;
    }
    unsigned char *memory = arena->at;
    arena->at += needed;
    set_end(arena);
    return memory;
}

void *message_arena_alloc_more(message_arena *arena, size_t size) {
    return size > left(arena) ? NULL : take(arena, aligned(size == 0 ? 1 : size));
}

void *message_arena_alloc_uncounted(message_arena *arena, size_t size) {
    size_t needed = aligned(size);
    arena->uncounted += needed;
    if (arena->end != arena->chunk_end || needed > (size_t)(arena->end - arena->at)) {
        return take(arena, needed);
    }
    // The end stays the same, as the limit is not near.
    unsigned char *memory = arena->at;
    arena->at += needed;
    return memory;
}

void message_arena_take_end(message_arena *arena, size_t size) {
    size = aligned(size);
    arena->end -= size;
    arena->chunk_end = arena->end;
    arena->total += size;
    arena->uncounted += size;
}
