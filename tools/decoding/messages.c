// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "messages.h"

#include <stdbool.h>
#include <string.h>

/// A deep message nests as far as the deepest that is accepted, and one further.
enum { USUAL_DEPTH = 5, DEEPEST = 103, MOST_FIELDS = 256, LONGEST_VARINT = 20 };

typedef struct maker {
    uint64_t *seed;
    wire *out;
    /// How deep messages may nest, and how many of them may still be made.
    unsigned depth, left;
} maker;

uint64_t draw(uint64_t *seed) {
    uint64_t value = *seed += 0x9E3779B97F4A7C15;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return value ^ value >> 31;
}

uint64_t draw_below(uint64_t *seed, uint64_t end) {
    return draw(seed) % end;
}

static bool one_in(uint64_t *seed, uint64_t chances) {
    return draw_below(seed, chances) == 0;
}

static void put(wire *out, uint8_t byte) {
    if (out->count < LARGEST_MESSAGE) out->bytes[out->count++] = byte;
}

static void put_varint(wire *out, uint64_t value, unsigned superfluous) {
    for (; value >= 0x80; value >>= 7) put(out, (uint8_t)(value | 0x80));
    put(out, (uint8_t)(value | (superfluous > 0 ? 0x80 : 0)));
    for (; superfluous > 0; superfluous--) put(out, superfluous > 1 ? 0x80 : 0);
}

/// How many bytes more than needed; mostly none.
static unsigned superfluous(uint64_t *seed) {
    return one_in(seed, 150) ? 1 + (unsigned)draw_below(seed, one_in(seed, 3) ? 9 : 2) : 0;
}

/// Puts a length before what follows `start`.
static void put_length_before(uint64_t *seed, wire *out, size_t start) {
    // It is put at the end, and then both parts change places.
    uint8_t length[LONGEST_VARINT];
    size_t end = out->count;
    put_varint(out, end - start, superfluous(seed));
    size_t count = out->count - end;
    memcpy(length, out->bytes + end, count);
    memmove(out->bytes + start + count, out->bytes + start, end - start);
    memcpy(out->bytes + start, length, count);
}

static void put_fixed(wire *out, uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; i++) put(out, (uint8_t)(value >> 8 * i));
}

/// A number of any magnitude.
static uint64_t any_number(uint64_t *seed) {
    return draw(seed) >> draw_below(seed, 64);
}

/// The bits of a number of a fixed size; often one of the two zeros of a floating-point number.
static uint64_t any_bits(uint64_t *seed) {
    return one_in(seed, 4) ? draw_below(seed, 2) << 63 : draw(seed);
}

static size_t any_length(uint64_t *seed) {
    if (one_in(seed, 40)) return 120 + draw_below(seed, 20);
    if (one_in(seed, 4000)) return 16380 + draw_below(seed, 9);
    return draw_below(seed, one_in(seed, 4) ? 200 : 24);
}

static void put_scalar(wire *out, uint32_t value) {
    if (value < 0x80) {
        put(out, (uint8_t)value);
    } else if (value < 0x800) {
        put(out, (uint8_t)(0xC0 | value >> 6));
        put(out, (uint8_t)(0x80 | (value & 0x3F)));
    } else if (value < 0x10000) {
        put(out, (uint8_t)(0xE0 | value >> 12));
        put(out, (uint8_t)(0x80 | (value >> 6 & 0x3F)));
        put(out, (uint8_t)(0x80 | (value & 0x3F)));
    } else {
        put(out, (uint8_t)(0xF0 | value >> 18));
        put(out, (uint8_t)(0x80 | (value >> 12 & 0x3F)));
        put(out, (uint8_t)(0x80 | (value >> 6 & 0x3F)));
        put(out, (uint8_t)(0x80 | (value & 0x3F)));
    }
}

static void put_text(uint64_t *seed, wire *out) {
    size_t length = any_length(seed), start = out->count;
    bool is_plain = !one_in(seed, 8);
    for (size_t i = 0; i < length; i++) {
        uint64_t end = is_plain || !one_in(seed, 4) ? 0x7F : one_in(seed, 2) ? 0x7FF : 0x10FFFF;
        uint32_t value = 1 + (uint32_t)draw_below(seed, end);
        put_scalar(out, value >= 0xD800 && value < 0xE000 ? 'x' : value);
    }
    // Not UTF-8, or with a NUL.
    if (one_in(seed, 600) && out->count > start) {
        uint8_t wrong = one_in(seed, 2) ? 0 : (uint8_t)(0x80 + draw_below(seed, 0x80));
        out->bytes[start + draw_below(seed, out->count - start)] = wrong;
    }
}

static void put_message(maker *maker, const ProtobufCMessageDescriptor *descriptor, unsigned depth);

static unsigned wire_type(ProtobufCType type) {
    switch (type) {
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT: return 5;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE: return 1;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE: return 2;
    default: return 0;
    }
}

/// A value without its tag.
static void put_value(maker *maker, const ProtobufCFieldDescriptor *field, unsigned depth) {
    wire *out = maker->out;
    size_t start = out->count;
    switch (wire_type(field->type)) {
    case 5: put_fixed(out, any_bits(maker->seed) >> 32, 4); return;
    case 1: put_fixed(out, any_bits(maker->seed), 8); return;
    case 0: put_varint(out, any_number(maker->seed), one_in(maker->seed, 100) ? 1 : 0); return;
    }
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        put_text(maker->seed, out);
    } else if (field->type == PROTOBUF_C_TYPE_BYTES) {
        for (size_t left = any_length(maker->seed); left > 0; left--) put(out, (uint8_t)draw(maker->seed));
    } else {
        put_message(maker, field->descriptor, depth + 1);
    }
    put_length_before(maker->seed, out, start);
}

static void put_field(maker *maker, const ProtobufCFieldDescriptor *field, unsigned depth) {
    unsigned wire = wire_type(field->type);
    bool is_list = field->label == PROTOBUF_C_LABEL_REPEATED;
    bool is_one = !is_list || maker->depth > USUAL_DEPTH;
    size_t elements = is_one ? 1 : draw_below(maker->seed, one_in(maker->seed, 12) ? 60 : 5);
    if (is_list && wire != 2 && !one_in(maker->seed, 3)) {
        put_varint(maker->out, (uint64_t)field->id << 3 | 2, superfluous(maker->seed));
        size_t start = maker->out->count;
        for (; elements > 0; elements--) put_value(maker, field, depth);
        put_length_before(maker->seed, maker->out, start);
        return;
    }
    for (; elements > 0; elements--) {
        if (field->type == PROTOBUF_C_TYPE_MESSAGE && maker->left > 0) maker->left--;
        put_varint(maker->out, (uint64_t)field->id << 3 | wire, superfluous(maker->seed));
        put_value(maker, field, depth);
    }
}

static void put_unknown(maker *maker) {
    static const unsigned wires[] = {0, 1, 2, 5};
    unsigned wire = wires[draw_below(maker->seed, 4)];
    put_varint(maker->out, (20 + draw_below(maker->seed, 3000)) << 3 | wire, superfluous(maker->seed));
    if (wire == 0) put_varint(maker->out, any_number(maker->seed), 0);
    if (wire == 1 || wire == 5) put_fixed(maker->out, draw(maker->seed), wire == 1 ? 8 : 4);
    if (wire == 2) {
        size_t start = maker->out->count;
        for (size_t left = draw_below(maker->seed, 30); left > 0; left--) put(maker->out, (uint8_t)draw(maker->seed));
        put_length_before(maker->seed, maker->out, start);
    }
}

/// The fields of a message without its length.
static void put_message(maker *maker, const ProtobufCMessageDescriptor *descriptor, unsigned depth) {
    bool came[MOST_FIELDS] = {false}, is_sorted = one_in(maker->seed, 2);
    unsigned count = descriptor->n_fields < MOST_FIELDS ? descriptor->n_fields : MOST_FIELDS;
    bool is_deep = maker->depth > USUAL_DEPTH;
    for (unsigned i = 0; i < count; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if (field->label != PROTOBUF_C_LABEL_REQUIRED || one_in(maker->seed, 100)) continue;
        put_field(maker, field, depth);
        came[i] = true;
    }
    // A deep message goes on with a message, if it can.
    for (unsigned k = 0; is_deep && count > 0 && k < 8; k++) {
        unsigned i = (unsigned)draw_below(maker->seed, count);
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if (field->type != PROTOBUF_C_TYPE_MESSAGE || came[i] || depth >= maker->depth) continue;
        put_field(maker, field, depth);
        came[i] = true;
        break;
    }
    unsigned wanted = (unsigned)draw_below(maker->seed, is_deep ? 2 : one_in(maker->seed, 6) ? 20 : 6);
    for (unsigned k = 0, next = 0; count > 0 && k < wanted && next < count; k++) {
        unsigned i = is_sorted ? next : (unsigned)draw_below(maker->seed, count);
        next += is_sorted ? 1 + (unsigned)draw_below(maker->seed, 2) : 0;
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        bool is_message = field->type == PROTOBUF_C_TYPE_MESSAGE;
        bool is_twice = is_message && field->label != PROTOBUF_C_LABEL_REPEATED && came[i] && !one_in(maker->seed, 300);
        if (is_twice || (is_message && (depth >= maker->depth || maker->left == 0))) continue;
        put_field(maker, field, depth);
        came[i] = true;
        if (one_in(maker->seed, 60)) put_unknown(maker);
    }
    if (one_in(maker->seed, 60)) put_unknown(maker);
}

void make_message(uint64_t *seed, const ProtobufCMessageDescriptor *descriptor, wire *out) {
    bool is_deep = one_in(seed, 50);
    maker maker = {seed, out, is_deep ? DEEPEST : USUAL_DEPTH, is_deep ? 300 : 40};
    out->count = 0;
    put_message(&maker, descriptor, 0);
}

static void insert(wire *message, size_t at, const uint8_t *bytes, size_t count) {
    if (message->count + count > LARGEST_MESSAGE) return;
    memmove(message->bytes + at + count, message->bytes + at, message->count - at);
    memcpy(message->bytes + at, bytes, count);
    message->count += count;
}

static void erase(wire *message, size_t at, size_t count) {
    memmove(message->bytes + at, message->bytes + at + count, message->count - at - count);
    message->count -= count;
}

static void mutate_once(uint64_t *seed, wire *message, const wire *other) {
    uint8_t some[12];
    size_t at = draw_below(seed, message->count + 1), left = message->count - at, count;
    switch (draw_below(seed, left > 0 ? 9 : 2)) {
    case 0:
        // A varint of any length, or any bytes.
        count = draw_below(seed, sizeof some + 1);
        for (size_t i = 0; i < count; i++) {
            bool goes_on = i + 1 < count || one_in(seed, 2);
            some[i] = goes_on ? 0x80 | (uint8_t)draw(seed) : (uint8_t)draw_below(seed, 3);
        }
        insert(message, at, some, count);
        return;
    case 1:
        if (other->count == 0) return;
        count = draw_below(seed, other->count);
        insert(message, at, other->bytes + draw_below(seed, other->count - count), count < 300 ? count : 300);
        return;
    case 2: message->count = at; return;
    case 3: message->bytes[at] ^= (uint8_t)(1 << draw_below(seed, 8)); return;
    case 4: message->bytes[at] = (uint8_t)draw(seed); return;
    case 5: message->bytes[at] += one_in(seed, 2) ? 1 : -1; return;
    case 6: erase(message, at, draw_below(seed, left < 20 ? left + 1 : 20)); return;
    case 7:
        // Something again.
        count = draw_below(seed, left < 100 ? left + 1 : 100);
        insert(message, at, message->bytes + at, count);
        return;
    default:
        message->bytes[at] &= 0xF8;
        message->bytes[at] |= (uint8_t)draw_below(seed, 8);
    }
}

void mutate_message(uint64_t *seed, wire *message, const wire *other) {
    unsigned times = 1 + (one_in(seed, 3) ? (unsigned)draw_below(seed, 4) : 0);
    for (; times > 0; times--) mutate_once(seed, message, other);
}
