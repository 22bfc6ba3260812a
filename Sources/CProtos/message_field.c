// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "message_text_check.h"
#include "message_walk.h"

#include <limits.h>

/// What protobuf-c takes for a tag or a length.
enum { LONGEST_PREFIX = 5 };

/// A number and the byte behind it, NULL when there is no number.
typedef struct number {
    uint64_t value;
    const uint8_t *next;
} number;

static bool refuse(message_walk *walk, message_fault fault, const table_field *field) {
    const ProtobufCMessageDescriptor *descriptor = walk->table->descriptor;
    const char *name = field == NULL ? NULL : descriptor->fields[field - walk->table->fields].name;
    walk->finding = (message_finding){fault, descriptor->name, name};
    return false;
}

static bool spend(message_walk *walk, size_t cost, const table_field *field) {
    if (cost > walk->budget) {
        return refuse(walk, MESSAGE_OVER_BUDGET, field);
    }
    walk->budget -= cost;
    return true;
}

/// Also for what there was no memory for: then the whole message has no place.
static bool lack_memory(message_walk *walk) {
    return refuse(walk, MESSAGE_NO_MEMORY, NULL);
}

static number read_varint(const uint8_t *at, const uint8_t *end) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 70 && at < end; shift += 7) {
        uint8_t byte = *at++;
        // The tenth byte has room for one bit.
        if (shift == 63 && byte > 1) {
            break;
        }
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            return (number){value, at};
        }
    }
    return (number){0, NULL};
}

/// Why there is no number.
static message_fault varint_fault(const uint8_t *at, const uint8_t *end) {
    return end - at < 10 ? MESSAGE_TRUNCATED : MESSAGE_BAD_VARINT;
}

/// A field that is delimited.
typedef struct field_reader {
    /// The end of its tag.
    const uint8_t *at;
    /// What is in it, without a length in front, and its end. `value` is the number of a varint.
    const uint8_t *body, *end;
    uint64_t value;
    uint32_t number;
    unsigned wire;
    /// Whether protobuf-c takes the tag and the length.
    bool is_short;
} field_reader;

/// Reads a tag. The names of a fault that is found here are those of the message.
static message_fault read_tag(field_reader *in, const uint8_t *at, const uint8_t *end) {
    number tag = read_varint(at, end);
    if (tag.next == NULL) {
        return varint_fault(at, end);
    }
    if (tag.value >> 3 == 0 || tag.value > UINT32_MAX) {
        return MESSAGE_BAD_FIELD_NUMBER;
    }
    *in = (field_reader){
        .at = tag.next, .number = (uint32_t)(tag.value >> 3), .wire = tag.value & 7,
        .is_short = tag.next - at <= LONGEST_PREFIX};
    return MESSAGE_OK;
}

/// Finds the value behind a tag.
static message_fault read_value(field_reader *in, const uint8_t *end) {
    number number = {0, in->at};
    size_t length = 0;
    switch (in->wire) {
    case WIRE_VARINT:
    case WIRE_LENGTH:
        number = read_varint(in->at, end);
        if (number.next == NULL) {
            return varint_fault(in->at, end);
        }
        break;
    case WIRE_FIXED64:
        length = 8;
        break;
    case WIRE_FIXED32:
        length = 4;
        break;
    default:
        return MESSAGE_BAD_WIRE_TYPE;
    }
    in->value = number.value;
    in->body = number.next;
    if (in->wire == WIRE_LENGTH) {
        length = number.value;
        in->is_short = in->is_short && number.next - in->at <= LONGEST_PREFIX && length <= INT_MAX;
    } else if (in->wire == WIRE_VARINT) {
        in->body = in->at;
        length = (size_t)(number.next - in->at);
    }
    if (length > (size_t)(end - in->body)) {
        return MESSAGE_TRUNCATED;
    }
    in->end = in->body + length;
    return MESSAGE_OK;
}

/// The field of a number, or NULL.
static const table_field *find(const message_table *table, uint32_t number) {
    if (number < sizeof table->indices) {
        unsigned index = table->indices[number];
        return index == NO_INDEX ? NULL : &table->fields[index];
    }
    unsigned low = 0, high = table->count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (table->fields[middle].tag >> 3 < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const table_field *field = &table->fields[low];
    return low < table->count && field->tag >> 3 == number ? field : NULL;
}

/// The length of a UTF-8 sequence that starts with a byte over 0x7F; 0 when it is none.
static size_t sequence_length(const uint8_t *at, size_t left) {
    uint8_t first = at[0];
    size_t length = first >= 0xC2 && first <= 0xDF ? 2 : (first & 0xF0) == 0xE0 ? 3 : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
    if (length == 0 || length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    // Overlong forms, surrogates, and what is past the last code point.
    if ((first == 0xE0 && at[1] < 0xA0) || (first == 0xED && at[1] > 0x9F) || (first == 0xF0 && at[1] < 0x90)
        || (first == 0xF4 && at[1] > 0x8F)) {
        return 0;
    }
    return length;
}

static message_fault check_text(const uint8_t *at, const uint8_t *end) {
    while (at < end) {
        size_t left = (size_t)(end - at), plain = count_plain(at);
        if (plain > 0) {
            at += plain < left ? plain : left;
            continue;
        }
        if (*at == 0) {
            return MESSAGE_NUL_IN_STRING;
        }
        size_t length = sequence_length(at, left);
        if (length == 0) {
            return MESSAGE_NOT_UTF8;
        }
        at += length;
    }
    return MESSAGE_OK;
}

static bool is_packed(unsigned wire, unsigned kind) {
    return wire == WIRE_LENGTH && message_wire_types[kind] != WIRE_LENGTH;
}

/// How many numbers are packed in a field; only for whole ones.
static size_t count_packed(unsigned kind, const uint8_t *at, const uint8_t *end) {
    if (message_wire_types[kind] != WIRE_VARINT) {
        return (size_t)(end - at) / message_value_sizes[kind];
    }
    size_t count = 0;
    for (; at < end; at++) {
        count += *at < 0x80;
    }
    return count;
}

/// How many numbers the rest of the message has for a list. What is counted is not more than what is there, so that the
/// list has its memory once, and never more than it counted against the budget.
static size_t count_ahead(const message_walk *walk, const table_field *list, const uint8_t *at) {
    size_t count = 0;
    field_reader in;
    while (at < walk->end && read_tag(&in, at, walk->end) == MESSAGE_OK && read_value(&in, walk->end) == MESSAGE_OK) {
        if (in.number == list->tag >> 3) {
            unsigned kind = list->kind & VALUE;
            count += is_packed(in.wire, kind) ? count_packed(kind, in.body, in.end) : 1;
        }
        at = in.end;
    }
    return count;
}

/// Room for more elements at the end of a list; counts them. `at` is the start of the field. NULL without memory.
static char *append(message_walk *walk, const table_field *list, size_t elements, const uint8_t *at) {
    size_t size = message_value_sizes[list->kind & VALUE], count, capacity = 0;
    char *counter = walk->message + list->quantifier, *array = load_pointer(walk->message + list->offset);
    memcpy(&count, counter, sizeof count);
    if (array != NULL) {
        memcpy(&capacity, array - LIST_HEADER, sizeof capacity);
    }
    if (elements > capacity - count) {
        if (message_wire_types[list->kind & VALUE] != WIRE_LENGTH) {
            capacity = count + count_ahead(walk, list, at);
        } else {
            capacity = array == NULL ? (FIRST_LIST - LIST_HEADER) / size : 2 * capacity;
        }
        char *larger = message_arena_alloc(walk->arena, LIST_HEADER + capacity * size);
        if (larger == NULL) {
            return NULL;
        }
        larger += LIST_HEADER;
        if (array != NULL) {
            memcpy(larger, array, count * size);
        }
        array = larger;
        memcpy(array - LIST_HEADER, &capacity, sizeof capacity);
        store_pointer(walk->message + list->offset, array);
    }
    char *element = array + count * size;
    count += elements;
    memcpy(counter, &count, sizeof count);
    return element;
}

/// Notes that a field came that has a bit.
static void note(message_walk *walk, const table_field *field) {
    walk->frame->seen |= UINT64_C(1) << field->bit;
}

/// Where the value of a field goes, which is then present. NULL without memory.
static char *place(message_walk *walk, const table_field *field, const uint8_t *at) {
    char *value = walk->message + field->offset, *presence = walk->message + field->quantifier;
    uint32_t chosen;
    switch (field->kind & PLACE) {
    case IN_LIST:
        return append(walk, field, 1, at);
    case IN_ONEOF:
        chosen = load32(presence);
        if (chosen != 0) {
            const table_field *before = find(walk->table, chosen);
            if (before->kind == (IN_ONEOF | MESSAGE)) {
                note(walk, before);
            }
            // What was chosen before may be larger.
            memset(value, 0, field->union_size);
        }
        break;
    case REQUIRED:
        note(walk, field);
        break;
    }
    store32(presence, field->presence);
    return value;
}

/// Whether a singular message came before.
static bool came_before(const message_walk *walk, const table_field *field) {
    switch (field->kind & PLACE) {
    case IN_LIST:
        return false;
    case IN_ONEOF:
        return load32(walk->message + field->quantifier) == field->presence || (walk->frame->seen >> field->bit & 1) != 0;
    default:
        return load_pointer(walk->message + field->offset) != NULL;
    }
}

static bool read_number(message_walk *walk, const table_field *field, const field_reader *in, const uint8_t *at) {
    char *value = place(walk, field, at);
    if (value == NULL) {
        return lack_memory(walk);
    }
    uint64_t number = in->wire == WIRE_FIXED32 ? load_fixed32(in->body) : in->wire == WIRE_FIXED64 ? load_fixed64(in->body)
                                                                                                  : in->value;
    store_number(value, field->kind & VALUE, number);
    return true;
}

/// A list of numbers in one field.
static bool read_packed(message_walk *walk, const table_field *field, const field_reader *in, const uint8_t *at) {
    unsigned kind = field->kind & VALUE, wire = message_wire_types[kind];
    size_t length = (size_t)(in->end - in->body), elements = 0, size = message_value_sizes[kind];
    if (wire == WIRE_VARINT) {
        for (const uint8_t *next = in->body; next < in->end; elements++) {
            number number = read_varint(next, in->end);
            if (number.next == NULL) {
                return refuse(walk, varint_fault(next, in->end), field);
            }
            next = number.next;
        }
    } else if (length % size != 0) {
        return refuse(walk, MESSAGE_TRUNCATED, field);
    } else {
        elements = length / size;
    }
    // protobuf-c makes room for a bool a byte.
    if (!spend(walk, (kind == BOOL ? length : elements) * size, field)) {
        return false;
    }
    if (elements == 0) {
        return true;
    }
    char *to = append(walk, field, elements, at);
    if (to == NULL) {
        return lack_memory(walk);
    }
    const uint8_t *next = in->body;
    for (size_t i = 0; i < elements; i++) {
        number number = {0, next + size};
        if (wire == WIRE_VARINT) {
            number = read_varint(next, in->end);
        } else {
            number.value = wire == WIRE_FIXED32 ? load_fixed32(next) : load_fixed64(next);
        }
        store_number(to + i * size, kind, number.value);
        next = number.next;
    }
    return true;
}

static bool read_text(message_walk *walk, const table_field *field, const field_reader *in, const uint8_t *at) {
    size_t length = (size_t)(in->end - in->body);
    if ((field->kind & VALUE) == TEXT) {
        message_fault fault = check_text(in->body, in->end);
        if (fault != MESSAGE_OK) {
            return refuse(walk, fault, field);
        }
    }
    if (!spend(walk, length + TEXT_COST, field)) {
        return false;
    }
    char *value = place(walk, field, at);
    if (value == NULL) {
        return lack_memory(walk);
    }
    if ((field->kind & VALUE) == TEXT) {
        store_pointer(value, (void *)in->body);
    } else {
        ProtobufCBinaryData data = {length, length == 0 ? NULL : (uint8_t *)in->body};
        memcpy(value, &data, sizeof data);
    }
    return true;
}

static bool read_message(message_walk *walk, const table_field *field, const field_reader *in, const uint8_t *at) {
    if (came_before(walk, field)) {
        return refuse(walk, MESSAGE_TWICE, field);
    }
    const message_table *sub = field->sub;
    message_fault fault = walk->frame == walk->frames + DEEPEST ? MESSAGE_TOO_DEEP
                          : sub->cost > walk->budget            ? MESSAGE_OVER_BUDGET
                                                                : MESSAGE_OK;
    if (fault != MESSAGE_OK) {
        walk->finding = (message_finding){fault, sub->descriptor->name, NULL};
        return false;
    }
    walk->budget -= sub->cost;
    char *value = place(walk, field, at), *message = message_arena_alloc(walk->arena, sub->size);
    if (value == NULL || message == NULL) {
        return lack_memory(walk);
    }
    start_struct(message, sub);
    store_pointer(value, message);
    *walk->frame = (message_frame){walk->end, walk->message, walk->table, walk->frame->seen};
    (++walk->frame)->seen = 0;
    walk->at = (uint8_t *)in->body;
    walk->end = (uint8_t *)in->end;
    walk->message = message;
    walk->table = sub;
    return true;
}

bool message_read_field(message_walk *walk) {
    uint8_t *at = walk->at;
    field_reader in;
    message_fault fault = read_tag(&in, at, walk->end);
    if (fault != MESSAGE_OK) {
        return refuse(walk, fault, NULL);
    }
    const table_field *field = find(walk->table, in.number);
    fault = read_value(&in, walk->end);
    if (fault != MESSAGE_OK) {
        return refuse(walk, fault, field);
    }
    walk->is_undecodable |= !in.is_short;
    walk->at = (uint8_t *)in.end;
    if (field == NULL) {
        *at = 0;
        return spend(walk, UNKNOWN_COST + (size_t)(in.end - in.body), NULL);
    }
    if (!spend(walk, FIELD_COST, field)) {
        return false;
    }
    unsigned kind = field->kind & VALUE;
    bool is_read = false;
    if (in.wire == message_wire_types[kind]) {
        is_read = kind == MESSAGE             ? read_message(walk, field, &in, at)
                  : in.wire == WIRE_LENGTH    ? read_text(walk, field, &in, at)
                                              : read_number(walk, field, &in, at);
    } else if (is_packed(in.wire, kind) && (field->kind & PLACE) == IN_LIST) {
        is_read = read_packed(walk, field, &in, at);
    } else {
        return refuse(walk, MESSAGE_WRONG_WIRE_TYPE, field);
    }
    // Behind a text there is always a tag or the end of the copy, so this ends it.
    *at = 0;
    return is_read;
}
