// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "oracle.h"

#include <stdbool.h>
#include <string.h>

typedef struct allocator {
    message_arena *arena;
    bool is_exhausted;
} allocator;

static void *allocate(void *context, size_t size) {
    allocator *allocator = context;
    void *memory = message_arena_alloc(allocator->arena, size);
    allocator->is_exhausted |= memory == NULL;
    // What is between the members of a struct is compared, too.
    return memory ? memset(memory, 0, size) : NULL;
}

static void forget(void *context, void *pointer) {
    (void)context;
    (void)pointer;
}

void remove_unknown(ProtobufCMessage *message) {
    message->n_unknown_fields = 0;
    message->unknown_fields = NULL;
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (field->type != PROTOBUF_C_TYPE_MESSAGE) continue;
        char *value = (char *)message + field->offset, *quantifier = (char *)message + field->quantifier_offset;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            for (size_t k = 0; k < *(size_t *)quantifier; k++) remove_unknown((*(ProtobufCMessage ***)value)[k]);
        } else if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0 || *(uint32_t *)quantifier == field->id) {
            ProtobufCMessage *sub = *(ProtobufCMessage **)value;
            if (sub) remove_unknown(sub);
        }
    }
}

message_finding oracle_decode(
    message_arena *arena, const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t count,
    void **message) {
    message_finding finding = message_check(descriptor, bytes, count, arena->limit);
    if (finding.fault != MESSAGE_OK) return finding;
    allocator state = {arena, false};
    ProtobufCAllocator allocator = {.alloc = allocate, .free = forget, .allocator_data = &state};
    *message = protobuf_c_message_unpack(descriptor, &allocator, count, bytes);
    if (*message) return finding;
    message_fault fault = state.is_exhausted ? MESSAGE_NO_MEMORY : MESSAGE_UNDECODABLE;
    return (message_finding){fault, descriptor->name, NULL};
}
