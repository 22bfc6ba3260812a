// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The backendd authors

#include "message_reader.h"
#include "message_text_check.h"
#include "message_walk.h"

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

/// No field is to blame.
static bool lack_memory(message_walk *walk) {
    return refuse(walk, MESSAGE_NO_MEMORY, NULL);
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

/// How many numbers the rest of the message has for a list, as far as the budget allows fields at all.
static size_t count_ahead(const message_walk *walk, const table_field *list, const uint8_t *at) {
    size_t count = 0;
    field_reader in;
    for (size_t left = walk->budget / FIELD_COST + 1; left > 0 && at < walk->end; left--) {
        if (read_tag(&in, at, walk->end) != MESSAGE_OK || read_value(&in, walk->end) != MESSAGE_OK) {
            break;
        }
        if (in.number == list->tag >> 3) {
            unsigned kind = list->kind & VALUE;
            count += is_packed(in.wire, kind) ? count_packed(kind, in.body, in.end) : 1;
        }
        at = in.end;
    }
    return count;
}

/// Makes a list larger; it has `count` elements, and `elements` of those that it is to have room for are paid for.
static char *enlarge(
    message_walk *walk, const table_field *list, char *array, size_t count, size_t elements, const uint8_t *at) {
    size_t size = message_value_sizes[list->kind & VALUE], capacity;
    char *larger;
    if (message_wire_types[list->kind & VALUE] == WIRE_LENGTH) {
        capacity = array == NULL ? (FIRST_LIST - LIST_HEADER) / size : 2 * count;
        larger = message_arena_alloc(walk->arena, LIST_HEADER + capacity * size);
    } else {
        // Numbers that are packed take no more memory than they count against the budget. So such a list gets its
        // memory once, for all that comes and that the budget may allow. It is used only when they are paid for.
        size_t ahead = count_ahead(walk, list, at), payable = elements + walk->budget / size;
        capacity = count + (ahead < payable ? ahead : payable);
        larger = message_arena_alloc_uncounted(walk->arena, LIST_HEADER + capacity * size);
    }
    if (larger == NULL) {
        return NULL;
    }
    memcpy(larger, &capacity, sizeof capacity);
    larger += LIST_HEADER;
    if (count > 0) {
        memcpy(larger, array, count * size);
    }
    store_pointer(walk->message + list->offset, larger);
    return larger;
}

/// Room for more elements at the end of a list; counts them. `at` is the start of the field. NULL without memory.
static char *append(message_walk *walk, const table_field *list, size_t elements, const uint8_t *at) {
    size_t count = load_size(walk->message + list->quantifier), sum = count + elements;
    char *array = load_pointer(walk->message + list->offset);
    if (array == NULL || sum > load_size(array - LIST_HEADER)) {
        array = enlarge(walk, list, array, count, elements, at);
    }
    if (array == NULL) {
        return NULL;
    }
    memcpy(walk->message + list->quantifier, &sum, sizeof sum);
    return array + count * message_value_sizes[list->kind & VALUE];
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
        return load32(walk->message + field->quantifier) == field->presence
               || (walk->frame->seen >> field->bit & 1) != 0;
    default:
        return load_pointer(walk->message + field->offset) != NULL;
    }
}

static bool read_number(message_walk *walk, const table_field *field, const field_reader *in, const uint8_t *at) {
    char *value = place(walk, field, at);
    if (value == NULL) {
        return lack_memory(walk);
    }
    uint64_t number = in->value;
    if (in->wire == WIRE_FIXED32) {
        number = load_fixed32(in->body);
    } else if (in->wire == WIRE_FIXED64) {
        number = load_fixed64(in->body);
    }
    store_number(value, field->kind & VALUE, number);
    return true;
}

/// How many varints there are, or why there is not another one.
static message_fault count_varints(const uint8_t *at, const uint8_t *end, size_t *count) {
    for (size_t so_far = 0;; so_far++) {
        if (at == end) {
            *count = so_far;
            return MESSAGE_OK;
        }
        number number = read_varint(at, end);
        if (number.next == NULL) {
            return varint_fault(at, end);
        }
        at = number.next;
    }
}

/// A list of numbers in one field.
static bool read_packed(message_walk *walk, const table_field *field, const field_reader *in, const uint8_t *at) {
    unsigned kind = field->kind & VALUE, wire = message_wire_types[kind];
    size_t length = (size_t)(in->end - in->body), size = message_value_sizes[kind], elements = length / size;
    message_fault fault = length % size == 0 ? MESSAGE_OK : MESSAGE_TRUNCATED;
    if (wire == WIRE_VARINT) {
        fault = count_varints(in->body, in->end, &elements);
    }
    if (fault != MESSAGE_OK) {
        return refuse(walk, fault, field);
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
        message_fault fault = message_check_text(in->body, in->end);
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
    bool is_read;
    if (in.wire == message_wire_types[kind]) {
        is_read = kind == MESSAGE          ? read_message(walk, field, &in, at)
                  : in.wire == WIRE_LENGTH ? read_text(walk, field, &in, at)
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
