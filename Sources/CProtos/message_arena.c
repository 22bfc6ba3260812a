// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "message_arena.h"

#include <stdint.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 64 * 1024, ALIGNMENT = 16 };

/// In front of every allocation that has its own memory.
typedef struct overflow_header {
    struct overflow_header *next;
    uint64_t padding;
} overflow_header;

_Static_assert(sizeof(overflow_header) == ALIGNMENT, "what follows the header is aligned");

static void *allocate(void *context, size_t size) {
    return message_arena_alloc(context, size);
}

static void forget(void *context, void *pointer) {
    (void)context;
    (void)pointer;
}

message_arena *message_arena_create(size_t limit) {
    message_arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL) {
        return NULL;
    }
    arena->allocator = (ProtobufCAllocator){.alloc = allocate, .free = forget, .allocator_data = arena};
    arena->limit = limit;
    return arena;
}

static void free_overflow(message_arena *arena) {
    overflow_header *header = arena->overflow;
    while (header != NULL) {
        overflow_header *next = header->next;
        free(header);
        header = next;
    }
    arena->overflow = NULL;
}

void message_arena_destroy(message_arena *arena) {
    free_overflow(arena);
    free(arena->block);
    free(arena);
}

void message_arena_reset(message_arena *arena) {
    if (arena->overflow != NULL) {
        free_overflow(arena);
        size_t wanted = arena->capacity == 0 ? FIRST_BLOCK : arena->capacity;
        while (wanted < arena->total && wanted < LARGEST_BLOCK) {
            wanted *= 2;
        }
        if (wanted > arena->capacity) {
            free(arena->block);
            arena->block = malloc(wanted);
            arena->capacity = arena->block == NULL ? 0 : wanted;
        }
    }
    arena->used = 0;
    arena->total = 0;
    arena->exhausted = false;
}

void *message_arena_alloc(message_arena *arena, size_t size) {
    if (size > arena->limit || arena->total > arena->limit - size) {
        arena->exhausted = true;
        return NULL;
    }
    size_t rounded = (size + (ALIGNMENT - 1)) & ~(size_t)(ALIGNMENT - 1);
    if (rounded <= arena->capacity - arena->used) {
        void *pointer = arena->block + arena->used;
        arena->used += rounded;
        arena->total += rounded;
        return pointer;
    }
    // Most arenas need no more than the first block, so an arena of one use takes memory once.
    if (arena->block == NULL && rounded <= FIRST_BLOCK && (arena->block = malloc(FIRST_BLOCK)) != NULL) {
        arena->capacity = FIRST_BLOCK;
        arena->used = rounded;
        arena->total += rounded;
        return arena->block;
    }
    overflow_header *header = malloc(rounded + sizeof *header);
    if (header == NULL) {
        arena->exhausted = true;
        return NULL;
    }
    header->next = arena->overflow;
    arena->overflow = header;
    arena->total += rounded;
    return header + 1;
}
