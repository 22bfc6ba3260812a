// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "message_decode.h"

#include "message_fast.h"
#include "message_walk.h"

/// Makes the struct of the whole message, and behind it the copy that is read.
static bool start(message_walk *walk, const uint8_t *bytes, size_t count) {
    const message_table *table = walk->table;
    if (table->cost > walk->budget) {
        walk->finding = (message_finding){MESSAGE_OVER_BUDGET, table->descriptor->name, NULL};
        return false;
    }
    walk->budget -= table->cost;
    char *message = message_arena_alloc_uncounted(walk->arena, table->size + count + PADDING);
    if (message == NULL) {
        walk->finding = (message_finding){MESSAGE_NO_MEMORY, table->descriptor->name, NULL};
        return false;
    }
    start_struct(message, table);
    uint8_t *copy = (uint8_t *)message + table->size;
    if (count > 0) {
        memcpy(copy, bytes, count);
    }
    memset(copy + count, 0, PADDING);
    walk->message = message;
    walk->at = copy;
    walk->end = copy + count;
    return true;
}

message_finding message_decode(
    message_arena *arena, const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t count,
    void **message) {
    const message_table *table = message_table_of(descriptor);
    if (table == NULL || count > SIZE_MAX / 2) {
        return (message_finding){MESSAGE_NO_MEMORY, descriptor->name, NULL};
    }
    message_arena before = *arena;
    message_walk walk;
    walk.arena = arena;
    walk.table = table;
    walk.message = NULL;
    walk.budget = arena->limit;
    walk.frame = walk.frames;
    walk.frame->seen = 0;
    walk.finding = (message_finding){MESSAGE_OK, NULL, NULL};
    walk.is_undecodable = false;
    bool is_read = start(&walk, bytes, count);
    void *root = walk.message;
    is_read = is_read && message_read(&walk);
    if (is_read && walk.is_undecodable) {
        walk.finding = (message_finding){MESSAGE_UNDECODABLE, descriptor->name, NULL};
    }
    if (walk.finding.fault != MESSAGE_OK) {
        message_arena_restore(arena, &before);
    } else {
        *message = root;
    }
    return walk.finding;
}
