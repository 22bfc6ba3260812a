// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "message_write.h"

#include "message_walk.h"

/// So that what is seldom called keeps no register of the loop over the fields.
#define NOINLINE __attribute__((noinline))

/// A tag and a number.
enum { LONGEST_HEAD = 16 };

/// The buffer that is filled from its end: the rest of what the arena hands out, and when that is full, one of its own.
typedef struct writer {
    message_arena *arena;
    uint8_t *start, *end;
} writer;

/// Makes room for more bytes. Returns where they end, NULL without memory.
static NOINLINE uint8_t *enlarge(writer *writer, uint8_t *at, size_t more) {
    size_t count = (size_t)(writer->end - at), size = 2 * (count + more) + 256;
    uint8_t *larger = message_arena_alloc_uncounted(writer->arena, size);
    if (larger == NULL) {
        return NULL;
    }
    // The arena may have had more than it handed out within its limit.
    memmove(larger + size - count, at, count);
    writer->start = larger;
    writer->end = larger + size;
    return writer->end - count;
}

INLINE uint8_t *make_room(writer *writer, uint8_t *at, size_t more) {
    return __builtin_expect((size_t)(at - writer->start) >= more, 1) ? at : enlarge(writer, at, more);
}

// What follows writes before `at`, where there is room, and returns where that starts.

INLINE uint8_t *write_varint(uint8_t *at, uint64_t value) {
    if (value < 0x80) {
        *--at = (uint8_t)value;
        return at;
    }
    // Seven bits per byte, rounded up, without a division.
    unsigned size = ((63 - (unsigned)__builtin_clzll(value)) * 9 + 73) / 64;
    at -= size;
    uint8_t *to = at;
    for (; value >= 0x80; value >>= 7) {
        *to++ = (uint8_t)(value | 0x80);
    }
    *to = (uint8_t)value;
    return at;
}

INLINE uint8_t *write_tag(uint8_t *at, const table_field *field, unsigned wire) {
    return write_varint(at, (field->tag & ~UINT32_C(7)) | wire);
}

/// A number in its struct or list.
INLINE uint64_t load_number(const char *value, unsigned kind) {
    switch (kind) {
    case INT64:
    case SINT64:
    case FIXED64:
        return load64(value);
    default:
        return load32(value);
    }
}

/// A number without its tag.
INLINE uint8_t *write_number(uint8_t *at, unsigned kind, uint64_t value, const ProtobufCFieldDescriptor *descriptor) {
    uint32_t word;
    switch (kind) {
    case FIXED32:
        word = load_fixed32((const uint8_t *)&(uint32_t){(uint32_t)value});
        return memcpy(at - sizeof word, &word, sizeof word);
    case FIXED64:
        value = load_fixed64((const uint8_t *)&value);
        return memcpy(at - sizeof value, &value, sizeof value);
    case SINT32:
        return write_varint(at, (uint32_t)value << 1 ^ (uint32_t)-(uint32_t)(value >> 31));
    case SINT64:
        return write_varint(at, value << 1 ^ (0 - (value >> 63)));
    case BOOL:
        return write_varint(at, value != 0);
    case INT32:
        // A negative number has ten bytes.
        if (value > INT32_MAX && descriptor->type != PROTOBUF_C_TYPE_UINT32) {
            value |= UINT64_C(0xFFFFFFFF) << 32;
        }
        return write_varint(at, value);
    default:
        return write_varint(at, value);
    }
}

/// A number with its tag.
INLINE uint8_t *write_field(
    writer *writer, uint8_t *at, const table_field *field, unsigned kind, uint64_t value,
    const ProtobufCFieldDescriptor *descriptor) {
    at = make_room(writer, at, LONGEST_HEAD);
    if (at == NULL) {
        return NULL;
    }
    return write_tag(write_number(at, kind, value, descriptor), field, message_wire_types[kind]);
}

static uint8_t *write_bytes(writer *writer, uint8_t *at, const table_field *field, const void *bytes, size_t count) {
    at = make_room(writer, at, count + LONGEST_HEAD);
    if (at == NULL) {
        return NULL;
    }
    at -= count;
    if (count > 0) {
        memcpy(at, bytes, count);
    }
    return write_tag(write_varint(at, count), field, WIRE_LENGTH);
}

static uint8_t *write_text(writer *writer, uint8_t *at, const table_field *field, const char *text) {
    return write_bytes(writer, at, field, text, text == NULL ? 0 : strlen(text));
}

static uint8_t *write_fields(
    writer *writer, uint8_t *at, const char *message, const message_table *table, unsigned depth);

static uint8_t *write_message(
    writer *writer, uint8_t *at, const table_field *field, const char *message, unsigned depth) {
    // What was written may move, not its size.
    size_t behind = (size_t)(writer->end - at);
    if (message != NULL) {
        at = write_fields(writer, at, message, field->sub, depth + 1);
    }
    if (at != NULL) {
        at = make_room(writer, at, LONGEST_HEAD);
    }
    if (at == NULL) {
        return NULL;
    }
    return write_tag(write_varint(at, (size_t)(writer->end - at) - behind), field, WIRE_LENGTH);
}

/// A value that is present, with its tag.
static uint8_t *write_value(
    writer *writer, uint8_t *at, const table_field *field, const ProtobufCFieldDescriptor *descriptor,
    const char *value, unsigned depth) {
    unsigned kind = field->kind & VALUE;
    ProtobufCBinaryData data;
    switch (kind) {
    case TEXT:
        return write_text(writer, at, field, load_pointer(value));
    case BYTES:
        memcpy(&data, value, sizeof data);
        return write_bytes(writer, at, field, data.data, data.len);
    case MESSAGE:
        return write_message(writer, at, field, load_pointer(value), depth);
    }
    return write_field(writer, at, field, kind, load_number(value, kind), descriptor);
}

static NOINLINE uint8_t *write_list(
    writer *writer, uint8_t *at, const table_field *field, const ProtobufCFieldDescriptor *descriptor,
    const char *message, unsigned depth) {
    unsigned kind = field->kind & VALUE;
    size_t count = load_size(message + field->quantifier), size = message_value_sizes[kind];
    const char *array = load_pointer(message + field->offset);
    if ((descriptor->flags & PROTOBUF_C_FIELD_FLAG_PACKED) == 0) {
        while (count > 0 && at != NULL) {
            count--;
            at = write_value(writer, at, field, descriptor, array + count * size, depth);
        }
        return at;
    }
    size_t behind = (size_t)(writer->end - at);
    if (count == 0) {
        return at;
    }
    while (count > 0 && at != NULL) {
        count--;
        at = make_room(writer, at, LONGEST_HEAD);
        at = at == NULL ? NULL : write_number(at, kind, load_number(array + count * size, kind), descriptor);
    }
    at = at == NULL ? NULL : make_room(writer, at, LONGEST_HEAD);
    if (at == NULL) {
        return NULL;
    }
    return write_tag(write_varint(at, (size_t)(writer->end - at) - behind), field, WIRE_LENGTH);
}

/// Whether a field that is not a list is sent. One without a presence is sent unless it is 0 or empty.
static NOINLINE bool is_sent(
    const table_field *field, const ProtobufCFieldDescriptor *descriptor, const char *message) {
    const char *value = message + field->offset, *text;
    unsigned kind = field->kind & VALUE;
    bool is_in_oneof = (field->kind & PLACE) == IN_ONEOF;
    bool is_optional = descriptor->label == PROTOBUF_C_LABEL_OPTIONAL;
    uint64_t number;
    if ((field->kind & PLACE) == REQUIRED) {
        return true;
    }
    if (is_in_oneof && load32(message + field->quantifier) != field->presence) {
        return false;
    }
    if (kind == TEXT) {
        text = load_pointer(value);
        return text != NULL && text != descriptor->default_value && (is_in_oneof || is_optional || *text != 0);
    }
    if (kind == MESSAGE) {
        return load_pointer(value) != NULL;
    }
    if (is_in_oneof || is_optional) {
        return load32(message + field->quantifier) != 0;
    }
    if (kind == BYTES) {
        return load_size(value + offsetof(ProtobufCBinaryData, len)) != 0;
    }
    number = load_number(value, kind);
    // protobuf-c compares: a zero with a sign is one.
    return number != 0 && (number != UINT64_C(1) << 31 || descriptor->type != PROTOBUF_C_TYPE_FLOAT)
           && (number != UINT64_C(1) << 63 || descriptor->type != PROTOBUF_C_TYPE_DOUBLE);
}

INLINE const ProtobufCFieldDescriptor *descriptor_of(const message_table *table, const table_field *field) {
    return &table->descriptor->fields[field - table->fields];
}

static NOINLINE uint8_t *write_unknown(writer *writer, uint8_t *at, const ProtobufCMessage *message) {
    for (unsigned i = message->n_unknown_fields; i > 0; i--) {
        const ProtobufCMessageUnknownField *unknown = &message->unknown_fields[i - 1];
        at = make_room(writer, at, unknown->len + LONGEST_HEAD);
        if (at == NULL) {
            return NULL;
        }
        at -= unknown->len;
        memcpy(at, unknown->data, unknown->len);
        at = write_varint(at, (uint64_t)unknown->tag << 3 | unknown->wire_type);
    }
    return at;
}

static uint8_t *write_fields(
    writer *writer, uint8_t *at, const char *message, const message_table *table, unsigned depth) {
    const ProtobufCMessage *base = (const ProtobufCMessage *)(const void *)message;
    if (depth > DEEPEST) {
        return NULL;
    }
    if (base->n_unknown_fields > 0) {
        at = write_unknown(writer, at, base);
    }
    for (const table_field *field = table->fields + table->count; field > table->fields && at != NULL;) {
        const char *value = message + (--field)->offset, *pointer;
        uint64_t number;
        // What is most common, and mostly absent, is looked at here.
        switch (field->written_as) {
        case TEXT:
            pointer = load_pointer(value);
            if (pointer != NULL && *pointer != 0) {
                at = write_text(writer, at, field, pointer);
            }
            break;
        case BOOL:
            if (load32(value) != 0) {
                at = write_field(writer, at, field, BOOL, 1, NULL);
            }
            break;
        case INT32:
            number = load32(value);
            if (number != 0) {
                at = write_field(writer, at, field, INT32, number, descriptor_of(table, field));
            }
            break;
        case INT64:
            number = load64(value);
            if (number != 0) {
                at = write_field(writer, at, field, INT64, number, NULL);
            }
            break;
        case MESSAGE:
            pointer = load_pointer(value);
            if (pointer != NULL) {
                at = write_message(writer, at, field, pointer, depth);
            }
            break;
        case WRITTEN_LIST:
            if (load_size(message + field->quantifier) > 0) {
                at = write_list(writer, at, field, descriptor_of(table, field), message, depth);
            }
            break;
        default:
            if (is_sent(field, descriptor_of(table, field), message)) {
                at = write_value(writer, at, field, descriptor_of(table, field), value, depth);
            }
        }
    }
    return at;
}

const uint8_t *message_write(message_arena *arena, const ProtobufCMessage *message, size_t *count) {
    const message_table *table = message_table_of(message->descriptor);
    if (table == NULL) {
        return NULL;
    }
    writer writer = {arena, arena->at, arena->end};
    uint8_t *at = write_fields(&writer, writer.end, (const char *)message, table, 0);
    if (at == NULL) {
        return NULL;
    }
    *count = (size_t)(writer.end - at);
    if (writer.start == arena->at) {
        message_arena_take_end(arena, *count);
    }
    return at;
}
