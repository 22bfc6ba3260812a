// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "compare.h"

#include "message_write.h"
#include "oracle.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int last_fault;

/// What an arena hands out over its limit for the last allocation before it, and beside the encoded message.
enum { ROUNDING = 16, PADDING = 64 };

static bool texts_equal(const char *a, const char *b, const char *standard) {
    if ((a == NULL) != (b == NULL) || (a == standard) != (b == standard)) return false;
    return a == NULL || strcmp(a, b) == 0;
}

static bool data_equal(const ProtobufCBinaryData *a, const ProtobufCBinaryData *b) {
    if (a->len != b->len || (a->data == NULL) != (b->data == NULL)) return false;
    return a->len == 0 || memcmp(a->data, b->data, a->len) == 0;
}

/// Whether values of a type with pointers are equal.
static bool values_equal(const ProtobufCFieldDescriptor *field, const void *a, const void *b) {
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return texts_equal(*(char *const *)a, *(char *const *)b, field->default_value);
    case PROTOBUF_C_TYPE_BYTES:
        return data_equal(a, b);
    default:
        if (*(ProtobufCMessage *const *)a == NULL) return *(ProtobufCMessage *const *)b == NULL;
        return *(ProtobufCMessage *const *)b
               && structs_equal(*(ProtobufCMessage *const *)a, *(ProtobufCMessage *const *)b);
    }
}

static size_t value_size(ProtobufCType type) {
    switch (type) {
    case PROTOBUF_C_TYPE_BYTES: return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE: return sizeof(void *);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE: return 8;
    default: return 4;
    }
}

static bool has_pointers(ProtobufCType type) {
    return type == PROTOBUF_C_TYPE_STRING || type == PROTOBUF_C_TYPE_BYTES || type == PROTOBUF_C_TYPE_MESSAGE;
}

static bool lists_equal(const ProtobufCFieldDescriptor *field, size_t count, const char *a, const char *b) {
    size_t size = value_size(field->type);
    if ((a == NULL) != (b == NULL)) return false;
    if (!has_pointers(field->type)) return count == 0 || memcmp(a, b, count * size) == 0;
    for (size_t i = 0; i < count; i++) {
        // An element of a list has no default.
        ProtobufCFieldDescriptor element = *field;
        element.default_value = NULL;
        if (!values_equal(&element, a + i * size, b + i * size)) return false;
    }
    return true;
}

/// Compares what the pointers of two structs lead to, then every byte beside the pointers.
bool structs_equal(const ProtobufCMessage *a, const ProtobufCMessage *b) {
    const ProtobufCMessageDescriptor *descriptor = a->descriptor;
    if (b->descriptor != descriptor) return false;
    size_t size = descriptor->sizeof_message;
    char *rest[] = {malloc(size), malloc(size)};
    if (!rest[0] || !rest[1]) abort();
    memcpy(rest[0], a, size);
    memcpy(rest[1], b, size);
    bool equal = true;
    for (unsigned i = 0; equal && i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        const char *of_a = (const char *)a + field->offset, *of_b = (const char *)b + field->offset;
        const char *quantifier = (const char *)a + field->quantifier_offset;
        size_t pointer = 0;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t counts[2];
            memcpy(&counts[0], quantifier, sizeof(size_t));
            memcpy(&counts[1], (const char *)b + field->quantifier_offset, sizeof(size_t));
            equal = counts[0] == counts[1]
                    && lists_equal(field, counts[0], *(char *const *)of_a, *(char *const *)of_b);
            pointer = sizeof(void *);
        } else if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 && *(const uint32_t *)quantifier != field->id) {
            continue;
        } else if (has_pointers(field->type)) {
            equal = values_equal(field, of_a, of_b);
            pointer = value_size(field->type);
        }
        for (int k = 0; k < 2; k++) memset(rest[k] + field->offset, 0, pointer);
    }
    equal = equal && memcmp(rest[0], rest[1], size) == 0;
    free(rest[0]);
    free(rest[1]);
    return equal;
}

/// Whether a message is written as protobuf-c packs it, into an arena with some room or none.
static bool is_written_right(const ProtobufCMessage *message) {
    static message_arena *arena;
    static size_t limit;
    if (!arena && !(arena = message_arena_create(0))) abort();
    arena->limit = limit = (limit + 40) % 5000;
    message_arena_reset(arena);
    size_t size = protobuf_c_message_get_packed_size(message), count = 0;
    message_arena_alloc(arena, limit / 2);
    const uint8_t *written = message_write(arena, message, &count);
    uint8_t *bytes = malloc(size + 1);
    if (!bytes) abort();
    bool equal = written && count == size && protobuf_c_message_pack(message, bytes) == size
                 && memcmp(bytes, written, size) == 0;
    free(bytes);
    return equal;
}

static bool packed_equal(const ProtobufCMessage *a, const ProtobufCMessage *b) {
    size_t size = protobuf_c_message_get_packed_size(a);
    if (protobuf_c_message_get_packed_size(b) != size) return false;
    uint8_t *bytes[] = {malloc(size + 1), malloc(size + 1)};
    if (!bytes[0] || !bytes[1]) abort();
    bool equal = protobuf_c_message_pack(a, bytes[0]) == size && protobuf_c_message_pack(b, bytes[1]) == size
                 && memcmp(bytes[0], bytes[1], size) == 0;
    free(bytes[0]);
    free(bytes[1]);
    return equal;
}

static const char *compare_messages(
    message_arena *arena, message_arena *other, const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes,
    size_t count) {
    void *message = NULL, *expected = NULL;
    size_t total = message_arena_total(arena);
    message_finding found = message_decode(arena, descriptor, bytes, count, &message);
    // protobuf-c needs an address even for an empty message.
    uint8_t nothing = 0;
    message_finding wanted = oracle_decode(other, descriptor, bytes ? bytes : &nothing, count, &expected);
    last_fault = wanted.fault;
    if (found.fault != wanted.fault) return "the faults differ";
    if (found.message != wanted.message) return "the messages of the findings differ";
    if (found.field != wanted.field) return "the fields of the findings differ";
    size_t used = message_arena_total(arena) - total;
    if (found.fault != MESSAGE_OK) return used == 0 ? NULL : "a refused message left something in the arena";
    size_t most = arena->limit + ROUNDING + count + descriptor->sizeof_message + PADDING;
    if (used > most) return "too much memory was taken";
    if (!is_written_right(expected)) return "what is written differs from what is packed";
    remove_unknown(expected);
    if (!structs_equal(message, expected)) return "the structs differ";
    if (!packed_equal(message, expected)) return "the packed bytes differ";
    return NULL;
}

const char *compare_decoders(
    const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t count, size_t limit) {
    static message_arena *arena, *other;
    if (!arena) {
        arena = message_arena_create(0);
        other = message_arena_create(0);
        if (!arena || !other) abort();
    }
    arena->limit = other->limit = limit;
    message_arena_reset(arena);
    message_arena_reset(other);
    // As large as the message, so that reading behind it is noticed.
    uint8_t *copy = count == 0 ? NULL : malloc(count);
    if (count > 0) {
        if (!copy) abort();
        memcpy(copy, bytes, count);
    }
    const char *difference = compare_messages(arena, other, descriptor, copy, count);
    if (!difference && count > 0 && memcmp(copy, bytes, count) != 0) difference = "the input was written to";
    free(copy);
    return difference;
}
